"""How many threads kernels run on."""

import os

_threads = None


def get_threads():
    """The number of threads that kernels use where the caller names none.

    What `set_threads` set; else ``$GLU_THREADS``, else ``$OMP_NUM_THREADS``, else
    the cores that this process may run on. Small problems run on one thread
    whatever it is.
    """
    global _threads
    if _threads is None:
        _threads = _from_environment() or len(os.sched_getaffinity(0))
    return _threads


def set_threads(threads):
    """Sets what `get_threads` returns; None asks the machine again.

    Raises TypeError or ValueError if it is not a positive integer.
    """
    global _threads
    _threads = None if threads is None else check(threads)


def check(threads):
    """`threads` if it is a positive integer."""
    if isinstance(threads, bool) or not isinstance(threads, int):
        raise TypeError(
            f"threads: expected an integer, got {type(threads).__name__}")
    if not 1 <= threads <= 4096:
        raise ValueError(f"threads: expected 1 to 4096, got {threads}")
    return threads


def choose(threads, operations):
    """Threads for a kernel of that many multiply-adds.

    A team costs some microseconds to wake: little work is done by one thread.
    """
    if threads is not None:
        return check(threads)
    return 1 if operations < 1 << 20 else get_threads()


def _from_environment():
    for variable in "GLU_THREADS", "OMP_NUM_THREADS":
        text = os.environ.get(variable, "").split(",")[0].strip()
        if text.isdigit() and 1 <= int(text) <= 4096:
            return int(text)
    return None
