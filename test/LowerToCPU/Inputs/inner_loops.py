"""Reads assembly and checks the inner loops of matrix products.

usage: inner_loops.py FILE.s AT_LEAST [INSTRUCTION]

For x86 and AArch64. A loop is the text from a label to a jump back to it. One
with AT_LEAST or more lines that the regular expression INSTRUCTION finds, fused
multiply-adds if there is none, is the inner loop of a tile. There must be one,
and none may touch the stack: an accumulator that spills halves the speed.
"""

import re
import sys

lines = open(sys.argv[1]).read().splitlines()
at_least = int(sys.argv[2])
instruction = sys.argv[3] if len(sys.argv) > 3 else "vfmadd"
JUMP = r"\s+(?:j\w+|b\.\w+|cbn?z\s+\w+,)\s+(\.L\w+)"
labels = {
    match.group(1): i
    for i, line in enumerate(lines)
    if (match := re.match(r"(\.L\w+):", line))
}
found = spilled = 0
for end, line in enumerate(lines):
    jump = re.match(JUMP, line)
    if not jump or labels.get(jump.group(1), end) >= end:
        continue
    body = lines[labels[jump.group(1)] : end]
    # Only innermost loops: no other label that is jumped back to inside.
    if any(
        re.match(JUMP, inner)
        and labels[jump.group(1)]
        <= labels.get(re.match(JUMP, inner).group(1), -1)
        for inner in body
    ):
        continue
    products = sum(bool(re.search(instruction, inner)) for inner in body)
    if products < at_least:
        continue
    found += 1
    # No vector goes to memory in the loop, and none comes from the stack.
    stores = [inner for inner in body
              if re.search(r"mov\w+\s+%[xyz]mm\d+, .*\(|\sst[rp]\s+[qdv]\d|tilestored", inner)]
    stack = [inner for inner in body
             if re.search(r"\(%rsp\)|\[sp", inner)
             and re.search(r"%[xyzt]mm|\s[qdv]\d", inner)]
    if stores or stack:
        spilled += 1
        print("a vector on the stack or stored inside the loop:")
        print("\n".join(body))
print(f"{found} inner loops, {spilled} with spills")
sys.exit(0 if found and not spilled else 1)
