"""Runs the cases of a test: exit code 2, nothing printed, one sentence.

    bad_use.py FILE [TOOL]

A case is a line `CASE: ARGUMENTS ||| PART OF THE MESSAGE`; %other stands for a
chip of another kind than this machine's.
"""

import platform
import subprocess
import sys

# A chip that this machine is not.
other = "znver5" if platform.machine() == "aarch64" else "neoverse-v2"

tool = sys.argv[2] if len(sys.argv) > 2 else "glu-run"
cases = [
    line[len("CASE:") :].replace("%other", other).split("|||")
    for line in open(sys.argv[1])
    if line.startswith("CASE:")
]
assert cases, "no cases"
failed = 0
for arguments, message in cases:
    run = subprocess.run(
        [tool, *arguments.split()], capture_output=True, text=True, timeout=60
    )
    stderr = "".join(  # ASan warns of each allocation that fails.
        line
        for line in run.stderr.splitlines(keepends=True)
        if "WARNING: AddressSanitizer" not in line
    )
    problems = []
    if run.returncode != 2:
        problems.append(f"exit code {run.returncode}")
    if run.stdout:
        problems.append(f"printed {run.stdout!r}")
    if message.strip() not in stderr:
        problems.append(f"expected {message.strip()!r}")
    if stderr.count("\n") != 1 or not stderr.startswith(f"{tool}: error: "):
        problems.append("not one sentence")
    if problems:
        failed += 1
        print(arguments, "::", "; ".join(problems), ":: got", repr(run.stderr))
sys.exit(f"{failed} of {len(cases)} cases failed" if failed else 0)
