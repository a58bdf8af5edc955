"""Compiles an MLIR file, calls its only function from Python by what the header
says, and has glu-run compare the results with its own.

    call_library.py FILE.mlir FOLDER GLU-COMPILE-OPTION ...
"""

import ctypes
import pathlib
import re
import subprocess
import sys

import numpy

TYPES = {
    "float": numpy.float32,
    "double": numpy.float64,
    "uint16_t": numpy.uint16,
    "int64_t": numpy.int64,
    "bool": numpy.bool_,
}
ROWS = 7  # What every size is that is not fixed; no multiple of a tile.


class Function:
    """A function as its comment in a header describes it."""

    def __init__(self, comment, name, parameters):
        self.name = name
        self.parameters = [re.search(r"(\w+)$", p)[1] for p in parameters.split(",")]
        # By name: role, element type, shape, and what the bits are.
        self.arrays = {
            line[1]: (line[2], line[3], line[4], line[5] or "")
            for line in re.finditer(
                r"^ \*   (\w+) +(in|out) +(\w+)((?:\[[^]]*\])*)(?:, the bits of (\w+))?$",
                comment,
                re.MULTILINE,
            )
        }

    def shape(self, name):
        sizes = re.findall(r"\[([^]]*)\]", self.arrays[name][2])
        known = {p: ROWS for p in self.parameters if "_dim" in p}
        return [eval(size.replace("/", "//"), known) for size in sizes]

    def call(self, library, values):
        arguments = [
            ctypes.c_int64(ROWS)
            if "_dim" in name
            else ctypes.c_void_p(values[name].ctypes.data)
            for name in self.parameters
        ]
        getattr(library, self.name)(*arguments)


def parse(header):
    return {
        found[2]: Function(found[1], found[2], found[3])
        for found in re.finditer(
            r"/\*([^/]*?)\*/\n\w+ (\w+)\(([^)]*)\);", header, re.DOTALL
        )
    }


def run(*command):
    subprocess.run([str(word) for word in command], check=True)


def main():
    source, folder, options = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    folder.mkdir(parents=True, exist_ok=True)
    library_path, header = folder / "lib.so", folder / "lib.h"
    run("glu-compile", source, "-o", library_path, f"--header={header}", *options)
    functions = parse(header.read_text())
    library = ctypes.CDLL(str(library_path))
    (plain,) = [f for n, f in functions.items() if not re.search("_pack(ed.*)?$", n)]

    random = numpy.random.default_rng(1)
    values = {}
    for name, (role, ctype, _, bits) in plain.arrays.items():
        shape = plain.shape(name)
        if role == "out":
            values[name] = numpy.full(shape, 77, TYPES[ctype])
        elif bits == "bf16":
            data = random.standard_normal(shape, numpy.float32)
            values[name] = (data.view(numpy.uint32) >> 16).astype(numpy.uint16)
        else:
            values[name] = random.standard_normal(shape).astype(TYPES[ctype])
    before = {name: value.copy() for name, value in values.items()}

    def check(what):
        words = ["glu-run", source]
        for name, value in values.items():
            path = folder / f"{name}.npy"
            numpy.save(path, value)
            is_output = plain.arrays[name][0] == "out"
            words.append(f"--{'expect' if is_output else 'arg'}={path}")
            if not is_output and (value != before[name]).any():
                sys.exit(f"{what} has changed {name}")
        print(what, flush=True)
        run(*words)

    plain.call(library, values)
    check(plain.name)
    packed = functions.get(plain.name + "_packed")
    if packed:
        for name, (role, *_) in plain.arrays.items():
            if role == "out":
                values[name][...] = 55
        size = getattr(library, plain.name + "_packed_bytes")
        size.restype = ctypes.c_int64
        values["packed"] = numpy.full(size() + 64, 99, numpy.uint8)
        functions[plain.name + "_pack"].call(library, values)
        packed.call(library, values)
        if (values.pop("packed")[-64:] != 99).any():
            sys.exit("packing writes beyond what it says it takes")
        check(packed.name)


main()
