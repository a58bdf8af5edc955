"""What calling costs beside the kernel: import, first call, cached call.

    PYTHONPATH=build/python python python/benchmarks/overhead.py

First calls are of new processes that find the kernel on disk. The overhead of a
cached call is that of a unit of 1 x 8 by 8 x 8, whose kernel is next to nothing;
numpy.matmul of the same size stands beside it. Where there is JAX, a jitted
function of glu.jax is called too, beside one of JAX's own operations.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import timeit

import numpy as np

first_call = """
import time
import numpy as np
x, w = np.ones((4, 64)), np.ones((2, 64, 48))
start = time.perf_counter()
import glu
imported = time.perf_counter()
glu.gated_projection(x, *w)
print(imported - start, time.perf_counter() - start)
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GLU_CACHE_DIR"] = folder
        # An installed package has its bytecode.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

        def run():
            output = subprocess.run([sys.executable, "-c", first_call], text=True,
                                    capture_output=True, check=True).stdout
            return [1e3 * float(number) for number in output.split()]

        _, compiled = run()
        imports, firsts = zip(*[run() for _ in range(9)])
        print(f"import glu               {statistics.median(imports):8.2f} ms")
        print(f"first call, compiled     {compiled:8.2f} ms")
        print(f"first call, kernel known {statistics.median(firsts):8.2f} ms")
        measure_calls()


def measure_calls():
    import glu

    x, w = np.ones((1, 8), np.float32), np.ones((2, 8, 8), np.float32)
    gate, value = w
    out = np.empty((1, 8), np.float32)
    packed = glu.pack(gate, value)
    calls = [
        ("cached call", lambda: glu.gated_projection(x, gate, value)),
        ("  with out=", lambda: glu.gated_projection(x, gate, value, out=out)),
        ("  packed, with out=", lambda: glu.gated_projection(x, packed, out=out)),
        ("numpy.matmul with out=", lambda: np.matmul(x, gate, out=out)),
        *jax_calls(x, gate, value)]
    for name, call in calls:
        call()
        times = timeit.repeat(call, number=5000, repeat=9)
        print(f"{name:24} {min(times) / 5000 * 1e6:8.2f} us")


def jax_calls(*arrays):
    try:
        import jax
    except ImportError:
        return []
    import glu.jax

    arrays = [jax.numpy.asarray(array) for array in arrays]
    kernel = jax.jit(glu.jax.gated_projection)
    own = jax.jit(lambda x, gate, value: jax.nn.silu(x @ gate) * (x @ value))
    return [("jax.jit of glu.jax", lambda: kernel(*arrays).block_until_ready()),
            ("jax.jit of JAX's own", lambda: own(*arrays).block_until_ready())]


if __name__ == "__main__":
    main()
