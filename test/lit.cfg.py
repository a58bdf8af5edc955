# How lit runs the tests that are text: .mlir with RUN lines, and .test.

import glob
import os
import platform
import shutil
import sys

import lit.formats

config.name = "GLU"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Unit", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.glu_test_dir

# The tools of this build, before those of LLVM.
config.environment["PATH"] = os.path.pathsep.join(
    [config.glu_tools_dir, config.llvm_tools_dir, os.environ.get("PATH", "")]
)
config.substitutions.append(("%python", f'"{config.python}"'))
config.substitutions.append(("%root", os.path.dirname(config.test_source_root)))
config.substitutions.append(("%build", os.path.dirname(config.glu_tools_dir)))
# How CMake is told to compile as this build was.
config.substitutions.append(("%{compilers}", config.cmake_arguments))

# Programs that the tests write run with leaks reported under the sanitizers.
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# Programs in C that call what was compiled are watched too, where this build is.
config.substitutions.append(
    ("%{sanitize}", "-fsanitize=address,undefined" if config.sanitize else "")
)

# What this machine can run: `REQUIRES: avx512` and the like.
config.available_features.add(platform.machine())
if config.sanitize:
    config.available_features.add("asan")
try:
    with open("/proc/cpuinfo") as info:
        flags = next((l for l in info if l.startswith("flags")), "").split()
except OSError:
    flags = []
for flag in ("avx2", "f16c", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16"):
    if flag in flags:
        config.available_features.add(flag)



def find_cuda(tool):
    """A tool of the CUDA toolkit, or of PyPI's nvidia-cuda-nvcc or -nvdisasm."""
    toolkits = [os.environ.get(name) for name in ("CUDA_ROOT", "CUDA_HOME", "CUDA_PATH")]
    folders = [f"{toolkit}/bin" for toolkit in toolkits if toolkit]
    for packages in sys.path:
        folders += glob.glob(f"{packages}/nvidia/*/bin")
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders, "/usr/local/cuda/bin"])
    return shutil.which(tool, path=path)


ptxas = find_cuda("ptxas")
if ptxas:
    config.available_features.add("ptxas")
    config.substitutions.append(("%{ptxas}", f'"{ptxas}"'))
# Not every check of machine code can be done without it.
nvdisasm = find_cuda("nvdisasm")
config.substitutions.append(("%{nvdisasm}", f'"{nvdisasm}"' if nvdisasm else ""))

# Code for AArch64 runs under QEMU, with Debian's C library for it.
arm = "/usr/aarch64-linux-gnu"
if shutil.which("qemu-aarch64") and os.path.exists(f"{arm}/lib/crt1.o"):
    config.available_features.add("qemu-aarch64")
config.substitutions.append(("%{run-aarch64}", f"qemu-aarch64 -L {arm}"))
config.substitutions.append(
    (
        "%{clang-aarch64}",
        "clang --target=aarch64-linux-gnu -fuse-ld=lld -nostdlib "
        f"-isystem {arm}/include -L{arm}/lib "
        f"{arm}/lib/crt1.o {arm}/lib/crti.o {arm}/lib/crtn.o -lc -lm",
    )
)
