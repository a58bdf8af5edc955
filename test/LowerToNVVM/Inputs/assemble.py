"""assemble.py PTXAS CHIP FILE.mlir [wgmma [NVDISASM]]: assembles the PTX in the
file's gpu.binary operations and fails where it is not as it should be; with
"wgmma", also where it has none, takes more registers than the threads of a block
can have, or, as far as a disassembler tells, keeps anything in local memory."""

import os
import re
import subprocess
import sys
import tempfile

assembler, chip, path, *more = sys.argv[1:]


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
    with tempfile.TemporaryDirectory() as folder:
        binary = os.path.join(folder, "binary")
        run = subprocess.run(
            [assembler, "-v", f"-arch={chip}", "-o", binary, "-"],
            input=ptx, capture_output=True, text=True)
        log = run.stdout + run.stderr
        wrong = [line for line in log.splitlines()
                 if "warning" in line or "C75" in line
                 or ("spill" in line
                     and "0 bytes spill stores, 0 bytes spill loads" not in line)]
        if run.returncode or wrong:
            sys.exit(log + ptx)
        if not more:
            continue
        if "wgmma.mma_async" not in ptx:
            sys.exit(f"{path} has no wgmma")
        registers = re.search(r"Used (\d+) registers", log)
        threads = re.search(r"\.(?:req|max)ntid (\d+)", ptx)
        if int(registers.group(1)) > 65536 // int(threads.group(1)) // 8 * 8:
            sys.exit(log)
        if len(more) < 2:
            continue
        code = subprocess.run([more[1], "-c", binary], check=True,
                              capture_output=True, text=True).stdout
        if "HGMMA" not in code or re.search(r"\b(LDL|STL)\b", code):
            sys.exit(code)
