"""A peer's process: prepares problems and times calls, as its parent asks.

    python -m harness.worker PEER THREADS

Speaks lines of JSON. It is stopped (SIGSTOP) by the parent while others are
measured, so that waiting threads of one peer cost the next one nothing.
"""

import importlib
import json
import os
import statistics
import sys
import time

import numpy as np

from harness.problem import Problem, Unsupported, tolerance


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    # What peers print must not meet the protocol.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    state = {}

    def answer(**values):
        answers.write(json.dumps(values) + "\n")

    try:
        peer = importlib.import_module("peers." + name)
        answer(version=peer.version())
    except Exception as error:
        answer(error=f"{type(error).__name__}: {error}")
        return
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "prepare" in request:
                state.clear()
                answer(**prepare(peer, Problem(**request["prepare"]), threads,
                                 state))
            else:
                answer(**measure(state["call"], request["seconds"]))
        except Unsupported as error:
            answer(unsupported=str(error))
        except Exception as error:
            answer(error=f"{type(error).__name__}: {error}".splitlines()[0][:300])


def prepare(peer, problem, threads, state):
    data = problem.data()
    start = time.perf_counter()
    call = peer.prepare(data, threads)
    result = call()
    seconds = time.perf_counter() - start
    to_numpy = getattr(peer, "to_numpy", np.asarray)
    error = data.check(to_numpy(result))
    state["call"] = call
    # Not `error <= ...`, which NaN would pass upside down.
    return {"prepare_s": seconds, "error_ratio": error,
            "right": bool(error <= tolerance(problem.dtype))}


def measure(call, seconds):
    """The median of as many calls as fit into `seconds`, at least one."""
    start = time.perf_counter()
    call()  # brings caches and threads back
    once = time.perf_counter() - start
    times = [once] if once > seconds else []
    end = time.perf_counter() + seconds
    while not times or (once <= seconds and time.perf_counter() < end):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return {"median_s": statistics.median(times), "min_s": min(times),
            "calls": len(times)}


if __name__ == "__main__":
    main()
