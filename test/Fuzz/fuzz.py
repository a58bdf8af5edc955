#!/usr/bin/env python3
"""Runs glu-opt on damaged IR: any diagnostic is right, a crash or hang is not.

    fuzz.py --build=build [--count=300] [--seed=0] [--jobs=2] [--keep=DIR]

Inputs are the pieces of the .mlir files of test/ and examples/ with tokens
deleted, doubled, swapped and replaced, numbers and types changed, lines spliced
from other inputs, and bytes overwritten. Many go to one process, apart by
`// -----`; a batch that dies is taken apart. What kills the stock mlir-opt as
well, run without our passes, is upstream's and only counted.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[%#@!^]?[A-Za-z_$][\w$.]*|[%#^]\d+|'
                   r"-?\d+\.\d+(?:[eE][-+]?\d+)?|-?\d+|->|\s+|.", re.DOTALL)
NUMBERS = ["0", "-1", "1", "2", "3", "7", "64", "4294967296",
           "9223372036854775807", "-9223372036854775808", "1.0", "0x7FC00000",
           "1.0e300", "?"]
TYPES = ["f64", "f32", "f16", "bf16", "f8E4M3FN", "f8E5M2", "f80", "i1", "i4",
         "i8", "i32", "i64", "si8", "ui8", "index", "complex<f32>", "none"]
UPSTREAM_PARSER = re.compile(r"custom op parser '(?!glu\.)")
UPSTREAM_VERIFIER = re.compile(
    r" mlir::\w+::\w+::verify\(\)(?:(?! glu::).)* mlir::parseAsmSourceFile",
    re.DOTALL)
CRASH = re.compile(r"PLEASE submit a bug report|AddressSanitizer|runtime error:|"
                   r"LLVM ERROR|Assertion .* failed|UNREACHABLE executed|"
                   r"Stack dump")


def seeds():
    """The pieces of all IR files, without comments."""
    found = []
    for folder in ("test", "examples"):
        for path in sorted((ROOT / folder).rglob("*.mlir")):
            for piece in path.read_text().split("// -----"):
                piece = re.sub(r"//.*", "", piece)
                piece = "\n".join(l for l in piece.splitlines() if l.strip())
                # Transform scripts are upstream's to check.
                if 0 < len(piece) < 20000 and "transform." not in piece:
                    found.append(piece)
    return found


class Mutator:
    def __init__(self, pieces, rng):
        self.pieces, self.rng = pieces, rng

    def tokens(self, tokens):
        """One change of a token."""
        rng = self.rng
        at = rng.randrange(len(tokens))
        kind = rng.randrange(8)
        if kind == 0:
            del tokens[at]
        elif kind == 1:
            tokens.insert(at, tokens[at])
        elif kind == 2:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 3:
            self.replace(tokens, r"-?\d", NUMBERS)
        elif kind == 4:
            self.replace(tokens, r"[fiu]\w*\d$|bf16|index", TYPES)
        elif kind == 5:  # One dimension or the element type of a shaped type.
            shaped = [i for i, t in enumerate(tokens) if re.match(r"x\w+\d$", t)]
            if shaped:
                i = rng.choice(shaped)
                parts = tokens[i].split("x")
                part = rng.randrange(1, len(parts))
                parts[part] = rng.choice(
                    TYPES if part == len(parts) - 1 else ["?", "0", "1", "5", "3x?"])
                tokens[i] = "x".join(parts)
        elif kind == 6:  # A value, name or word by another of its kind.
            first = tokens[at][:1]
            same = [t for t in tokens if t[:1] == first]
            tokens[at] = rng.choice(same)
        else:
            last = min(len(tokens), at + rng.randrange(1, 20))
            del tokens[at:last]

    def replace(self, tokens, pattern, choices):
        at = [i for i, t in enumerate(tokens) if re.match(pattern, t)]
        if at:
            tokens[self.rng.choice(at)] = self.rng.choice(choices)

    def lines(self, text):
        """One change of whole lines."""
        rng = self.rng
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        kind = rng.randrange(4)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(rng.randrange(len(lines) + 1), lines[at])
        elif kind == 2:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines.insert(at, rng.choice(rng.choice(self.pieces).split("\n")))
        return "\n".join(lines)

    def numbers_everywhere(self, text):
        """One number changed wherever it stands: shapes stay consistent."""
        found = re.findall(r"(?<![\w%#.])\d+(?=[x,>\]])|(?<=x)\d+(?=x)", text)
        if not found:
            return text
        old, new = self.rng.choice(found), self.rng.choice(NUMBERS[:8] + ["?"])
        return re.sub(rf"(?<![\d.%#]){old}(?![\d.])", new, text)

    def mutate(self):
        rng = self.rng
        text = rng.choice(self.pieces)
        for _ in range(rng.choice([1, 1, 1, 2, 3, 5])):
            kind = rng.random()
            if kind < 0.45:
                tokens = TOKEN.findall(text)
                if tokens:
                    self.tokens(tokens)
                text = "".join(tokens)
            elif kind < 0.65:
                text = self.lines(text)
            elif kind < 0.95:
                text = self.numbers_everywhere(text)
            elif text:
                at = rng.randrange(len(text))
                text = text[:at] + chr(rng.randrange(1, 128)) + text[at + 1:]
        return text.replace("// -----", "")


class Fuzzer:
    def __init__(self, arguments):
        self.arguments = arguments
        self.glu_opt = arguments.build / "bin" / "glu-opt"
        shown = subprocess.run([self.glu_opt, "--help"], text=True,
                               capture_output=True, check=True).stdout
        self.passes = re.findall(r"^\s+(--glu-[\w-]+)", shown, re.MULTILINE)
        if not self.passes:
            sys.exit("fuzz.py: glu-opt --help names no passes")
        # Address space that the sanitizers reserve isn't used.
        sanitized = b"__asan_init" in self.glu_opt.read_bytes()
        self.limit = resource.RLIM_INFINITY if sanitized else 12 << 30

    def run(self, program, options, text, timeout):
        """What went wrong, in words; None if nothing did."""
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (self.limit, self.limit))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        try:
            done = subprocess.run(
                [program, "--split-input-file", "--mlir-disable-threading",
                 *options, "-o", os.devnull],
                input=text.encode(), capture_output=True, timeout=timeout,
                preexec_fn=limit)
        except subprocess.TimeoutExpired:
            return f"no end after {timeout} s"
        message = done.stderr.decode(errors="replace")
        if done.returncode < 0 or done.returncode > 1 or CRASH.search(message):
            at = CRASH.search(message)
            start = message.rfind("\n", 0, at.start()) + 1 if at else -3000
            return f"exit {done.returncode}\n{message[start:][:6000]}"
        return None

    def is_upstreams(self, options, text, message):
        # Stock mlir-opt does not get as far where one of our operations comes
        # before: the parser or verifier that died says whose it is.
        if UPSTREAM_PARSER.search(message) or UPSTREAM_VERIFIER.search(message):
            return True
        stock = [o for o in options if not o.startswith("--glu-")]
        return self.run("/usr/lib/llvm-22/bin/mlir-opt",
                        [*stock, "--allow-unregistered-dialect"], text, 60)

    def batch(self, index):
        """Runs one batch; returns its failures as (options, text, message)."""
        rng = random.Random(f"{self.arguments.seed}/{index}")
        size = min(self.arguments.batch, self.arguments.count - index)
        mutator = Mutator(self.pieces, rng)
        texts = [mutator.mutate() for _ in range(size)]
        options = [o for o in self.passes
                   if rng.random() < 2 / len(self.passes)]
        options = options or [rng.choice(self.passes)]
        if rng.random() < 0.3:
            options.append(rng.choice(["--canonicalize", "--cse"]))
        return list(self.take_apart(options, texts))

    def take_apart(self, options, texts):
        message = self.run(self.glu_opt, options, "\n// -----\n".join(texts),
                           20 + 2 * len(texts))
        if message is None:
            return
        if len(texts) == 1:
            yield options, texts[0], message
            return
        half = len(texts) // 2
        yield from self.take_apart(options, texts[:half])
        yield from self.take_apart(options, texts[half:])

    def all(self):
        arguments = self.arguments
        self.pieces = seeds()
        starts = range(0, arguments.count, arguments.batch)
        kinds = collections.Counter()
        failures = 0
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for number, found in enumerate(pool.map(self.batch, starts)):
                for options, text, message in found:
                    if self.is_upstreams(options, text, message):
                        kinds["upstream"] += 1
                        continue
                    failures += 1
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    path = arguments.keep / f"crash-{arguments.seed}-{failures}.mlir"
                    path.write_text(f"// RUN: glu-opt {' '.join(options)} %s\n{text}\n")
                    print(f"{path}: {message}", flush=True)
                if number % 100 == 99:
                    print(f"{(number + 1) * arguments.batch} inputs", flush=True)
        print(f"{arguments.count} inputs, {failures} crashes, "
              f"{kinds['upstream']} of upstream's own")
        return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--count", type=int, default=300, help="inputs")
    parser.add_argument("--batch", type=int, default=50, help="inputs a process")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=pathlib.Path, help="folder for reproducers")
    arguments = parser.parse_args()
    arguments.keep = arguments.keep or arguments.build / "fuzz"
    return Fuzzer(arguments).all()


if __name__ == "__main__":
    sys.exit(main())
