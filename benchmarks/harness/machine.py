"""The chip: its name, and its peaks as measured in this run."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

# Families of /proc/cpuinfo that chips in clouds hide behind general names.
_AMD = {(25, range(0x00, 0x10)): "AMD Zen 3", (25, range(0x10, 0x20)): "AMD Zen 4",
        (25, range(0x20, 0x60)): "AMD Zen 3", (25, range(0x60, 0xB0)): "AMD Zen 4",
        (23, range(0x30, 0x100)): "AMD Zen 2", (23, range(0x00, 0x30)): "AMD Zen",
        (26, range(0x00, 0x100)): "AMD Zen 5"}


def describe():
    """{"chip", "model_name", "family", "model", "cpus", "flags"}."""
    with open("/proc/cpuinfo") as file:
        first = file.read().split("\n\n")[0]
    info = {key.strip(): value.strip() for key, _, value in
            (line.partition(":") for line in first.splitlines())}
    family, model = (int(info.get(key, -1)) for key in ("cpu family", "model"))
    name = info.get("model name", os.uname().machine)
    chip = name
    if info.get("vendor_id") == "AuthenticAMD":
        chip = next((zen for (f, models), zen in _AMD.items()
                     if f == family and model in models), name)
    flags = set(info.get("flags", "").split())
    wanted = ("avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "avx_vnni",
              "amx_bf16", "amx_int8")
    return {"chip": chip, "model_name": name, "family": family, "model": model,
            "cpus": os.cpu_count(), "flags": [f for f in wanted if f in flags]}


class Peaks:
    """Measures peaks between the rounds; the best seen is the peak."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._program = os.path.join(self._folder.name, "peak")
        source = pathlib.Path(__file__).with_name("peak.c")
        compiler = next(filter(shutil.which, (os.environ.get("CC", "cc"), "gcc",
                                              "clang", "clang-22")), None)
        if not compiler:
            raise SystemExit("run.py: measuring the chip's peak needs a C compiler")
        subprocess.run([compiler, "-O3", "-march=native", "-pthread", str(source),
                        "-o", self._program], check=True)
        self.best = {}

    def measure(self, threads):
        seen = json.loads(subprocess.run([self._program, str(threads)], check=True,
                                         capture_output=True, text=True).stdout)
        best = self.best.setdefault(threads, seen)
        for key, value in seen.items():
            best[key] = max(best[key], value)
        return best


def cores(threads):
    """That many logical CPUs of this process's, on different cores if possible."""
    allowed, seen, first, rest = sorted(os.sched_getaffinity(0)), set(), [], []
    for cpu in allowed:
        path = f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
        try:
            with open(path) as file:
                core = file.read().strip()
        except OSError:
            core = str(cpu)
        (rest if core in seen else first).append(cpu)
        seen.add(core)
    return set((first + rest)[:threads])
