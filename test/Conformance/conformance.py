"""Compares kernels of one instruction each with what is recorded of them.

    conformance.py --glu-run=build/bin/glu-run    in the emulator
    conformance.py --gpu                          on a GPU, by PyTorch and glu
    ... --record                                  writes what is given instead

The file of --recorded holds the bits that each kernel of kernels.py gave, and on what.
Exit code: 0 the same, 1 different.
"""

import argparse
import os
import subprocess
import sys
import tempfile

import numpy as np

from kernels import all_kernels

RECORDED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded.npz")


def emulate(glu_run, kernel, seed, folder):
    source, x, y = (os.path.join(folder, n) for n in ("k.mlir", "x.npy", "y.npy"))
    with open(source, "w") as file:
        file.write(kernel.text)
    np.save(x, kernel.inputs)
    subprocess.run([glu_run, source, "--target=nvvm", f"--chip={kernel.chip}",
                    "--emulate", f"--scheduler-seed={seed}", f"--arg={x}",
                    f"--result={y}"], check=True, stdout=subprocess.DEVNULL)
    return np.load(y)


def run_on_gpu(kernel):
    import glu
    import torch
    major, minor = torch.cuda.get_device_capability()
    needed = int(kernel.chip[3:].rstrip("a"))
    own = 10 * major + minor
    if own < needed or (kernel.chip.endswith("a") and own != needed):
        return None
    f = glu.compile(kernel.text, target="nvvm", chip=kernel.chip)
    y = f(torch.from_numpy(kernel.inputs.copy()).cuda())
    return torch.from_dlpack(y).cpu().numpy()


def count_different(kernel, got, want):
    """How many words differ, by more than is allowed."""
    if not kernel.tolerance:
        return int((got != want).sum())
    got, want = (a.view(np.float32).astype(np.float64) for a in (got, want))
    unit = np.exp2(np.floor(np.log2(np.abs(want))) - 23)
    return int((~(np.abs(got - want) <= kernel.tolerance * unit)).sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--glu-run", metavar="PATH")
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--recorded", metavar="FILE", default=RECORDED)
    parser.add_argument("--only", metavar="NAME", help="one kernel")
    parser.add_argument("--seeds", type=int, default=2, help="schedules tried")
    options = parser.parse_args()
    if options.gpu == bool(options.glu_run):
        parser.error("expected --glu-run=PATH or --gpu")

    kernels = all_kernels()
    if options.only:
        if options.only not in kernels:
            parser.error(f"--only: no kernel is called {options.only}; known are "
                         + ", ".join(kernels))
        kernels = {options.only: kernels[options.only]}
    recorded = {}
    if os.path.exists(options.recorded):
        recorded = dict(np.load(options.recorded))
    source = "an emulator"
    if options.gpu:
        import torch
        source = torch.cuda.get_device_name()
    failed = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, kernel in kernels.items():
            if options.gpu:
                results = [run_on_gpu(kernel)]
            else:
                results = [emulate(options.glu_run, kernel, seed, folder)
                           for seed in range(options.seeds)]
            if results[0] is None:
                skipped += 1
                continue
            if options.record:
                recorded[name] = results[0]
                recorded[name + ".source"] = np.array(source)
                continue
            for result in results:
                if name not in recorded:
                    print(f"{name}: nothing is recorded")
                    failed += 1
                elif different := count_different(kernel, result, recorded[name]):
                    print(f"{name}: {different} of {len(result)} words differ from "
                          f"what {recorded[name + '.source']} gave")
                    failed += 1
    if options.record:
        np.savez_compressed(options.recorded, **recorded)
    print(f"{len(kernels) - skipped} kernels, {failed} different, {skipped} skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
