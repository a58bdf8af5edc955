#!/usr/bin/env python3
"""Runs what the documentation shows.

    check_docs.py [--build=DIR] [--update] PAGE.md ...

In a page,

* `<!-- run: glu-opt --glu-name -->` stands before two ```mlir blocks: the
  command, given the first, must print the second. (`run-file: FILE COMMAND`
  takes the text from a file of the repository instead, and one block follows.)
* every line of a ```sh block is run from the root of the repository and must
  exit 0; a ```text block that follows is what they print. Before a block,
  `<!-- run by: FILE -->` says that the test doesn't run it, but FILE does, and
  `<!-- not run: WHY -->` that nothing can; `<!-- unless sanitized -->` that a
  build with the sanitizers can't.
* after `<!-- from: FILE -->`, the block that follows stands in FILE as it is.

White space and the names of values don't count. A line `...` in the expected
text stands for any lines, and under `<!-- numbers vary -->` any number stands
for any other. `--update` writes what the commands print into the mlir blocks.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PIECE = re.compile(
    r"^<!-- (?P<key>run|run-file|run by|not run|numbers vary|from|unless sanitized)(?:: (?P<text>.*?))? -->$"
    r"|^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def normalise(text, numbers_vary=False):
    """`text` as tokens; values are numbered in the order they appear."""
    lines = [re.sub(r"\s*//.*", "", line) for line in text.splitlines()]
    text = "\n".join(lines)
    names = {}
    text = re.sub(r"(?<![\w%])[%#][\w$.-]+", lambda name: names.setdefault(
        name[0], f"{name[0][0]}v{len(names)}"), text)
    if numbers_vary:
        text = NUMBER.sub("0", text)
    return text.split()


def matches(expected, actual, numbers_vary=False):
    """Whether `actual` is `expected`, where a line `...` stands for anything."""
    parts = re.split(r"^\s*\.\.\.\s*$", expected, flags=re.MULTILINE)
    if len(parts) == 1:
        return normalise(expected, numbers_vary) == normalise(actual, numbers_vary)
    # Names can't be renumbered across a gap: they count here.
    def words(text):
        return (NUMBER.sub("0", text) if numbers_vary else text).split()

    rest, position = words(actual), 0
    for index, part in enumerate(map(words, parts)):
        last = index == len(parts) - 1
        starts = range(position, len(rest) - len(part) + 1)
        if index == 0:
            starts = [0]
        elif last:
            starts = [len(rest) - len(part)]
        found = next((s for s in starts if s >= position
                      and rest[s:s + len(part)] == part), None)
        if found is None:
            return False
        position = found + len(part)
    return True


class Page:
    def __init__(self, path, build):
        self.path, self.build = path, build
        self.text = path.read_text()
        self.failures = self.checks = 0
        cache = build / "CMakeCache.txt"
        self.sanitized = cache.exists() and "GLU_SANITIZE:BOOL=ON" in cache.read_text()

    def fail(self, position, message):
        line = self.text.count("\n", 0, position) + 1
        print(f"{self.path}:{line}: {message}\n", file=sys.stderr)
        self.failures += 1

    def run(self, command, text=None):
        """Runs a command on this build, whatever folder the page names."""
        environment = dict(os.environ)
        environment["PATH"] = f"{self.build / 'bin'}:{environment['PATH']}"
        command = re.sub(r"\bbuild/(?=bin/|lib/)", f"{self.build}/", command)
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command], input=text, cwd=ROOT,
            text=True, capture_output=True, env=environment)

    def check_ir(self, command, source, expected):
        """Returns what was printed, where it isn't what the page says."""
        self.checks += 1
        done = self.run(command, source)
        if done.returncode:
            self.fail(expected.start(), f"{command}: exit {done.returncode}\n{done.stderr}")
            return None
        printed = re.sub(r"^module \{\n(.*)^\}\n*\Z", r"\1", done.stdout,
                         flags=re.MULTILINE | re.DOTALL)
        if printed != done.stdout:
            printed = re.sub(r"^  ", "", printed, flags=re.MULTILINE)
        if matches(expected["body"], printed):
            return None
        return printed

    def check_shell(self, block, output, numbers_vary):
        self.checks += 1
        done = self.run(block["body"])
        if done.returncode:
            self.fail(block.start(), f"exit {done.returncode}\n{done.stdout}{done.stderr}")
        elif output and not matches(output["body"], done.stdout, numbers_vary):
            self.fail(output.start(), f"not what is printed:\n{done.stdout}")

    def check(self, update):
        pieces = list(PIECE.finditer(self.text))
        edits = []

        def language(index):
            return pieces[index]["language"] if index < len(pieces) else None

        flags = {}
        for index, piece in enumerate(pieces):
            key = piece["key"]
            if key in ("run", "run-file"):
                words = piece["text"]
                after = index + 1
                if key == "run-file":
                    file, words = words.split(" ", 1)
                    source = (ROOT / file).read_text()
                else:
                    source = pieces[after]["body"] if language(after) == "mlir" else ""
                    after += 1
                if language(after) != "mlir" or not source:
                    self.fail(piece.start(), "the mlir blocks of this line are missing")
                    continue
                expected = pieces[after]
                printed = self.check_ir(words, source, expected)
                if printed is None:
                    continue
                if update:
                    edits.append((expected, printed))
                else:
                    self.fail(expected.start(), f"{words} prints:\n{printed}")
            elif key:
                flags[key] = piece["text"]
            elif "from" in flags:
                self.checks += 1
                if piece["body"] not in (ROOT / flags["from"]).read_text():
                    self.fail(piece.start(), f"not in {flags['from']}")
                flags = {}
            elif piece["language"] == "sh":
                output = pieces[index + 1] if language(index + 1) == "text" else None
                if "run by" in flags:
                    self.checks += 1
                    script = (ROOT / flags["run by"]).read_text()
                    for line in piece["body"].splitlines():
                        command = line.split("#")[0].strip().removeprefix("./")
                        if command and command not in script:
                            self.fail(piece.start(), f"{flags['run by']} doesn't run {command}")
                elif "unless sanitized" in flags and self.sanitized:
                    pass
                elif "not run" not in flags:
                    self.check_shell(piece, output, "numbers vary" in flags)
                flags = {}
        if edits:
            for block, printed in reversed(edits):
                start, end = block.span("body")
                self.text = self.text[:start] + printed.strip("\n") + "\n" + self.text[end:]
            self.path.write_text(self.text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("pages", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    failures = 0
    for path in arguments.pages:
        page = Page(path.resolve(), arguments.build.resolve())
        page.check(arguments.update)
        failures += page.failures
        print(f"{path.name}: {page.checks} checked, {page.failures} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
