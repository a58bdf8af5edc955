"""assemble.py PTXAS CHIP FILE.mlir: assembles the PTX in the file's gpu.binary
operations and fails where it is not as it should be."""

import re
import subprocess
import sys

assembler, chip, path = sys.argv[1:]


def unescape(match):
    text = match.group(1)
    return chr(int(text, 16)) if len(text) == 2 else text


with open(path) as file:
    literals = re.findall(r'assembly = "((?:[^"\\]|\\.)*)"', file.read())
if not literals:
    sys.exit(f"{path} has no PTX")
for literal in literals:
    ptx = re.sub(r"\\([0-9A-F]{2}|.)", unescape, literal)
    if ".extern" in ptx:
        sys.exit("PTX needs functions from outside")
    run = subprocess.run(
        [assembler, "-v", f"-arch={chip}", "-o", "/dev/null", "-"],
        input=ptx, capture_output=True, text=True)
    log = run.stdout + run.stderr
    wrong = [line for line in log.splitlines()
             if "warning" in line or "C75" in line
             or ("spill" in line and "0 bytes spill stores, 0 bytes spill loads" not in line)]
    if run.returncode or wrong:
        sys.exit(log + ptx)
