"""From arrays to plans: what the functions on arrays have in common."""

from . import _runtime
from ._ir import float_types

#: All dispatchers, for `glu.clear_cache`.
dispatchers = []


def dispatcher(names):
    """A decorator that makes a `_runtime.Dispatcher` of a planner.

    The planner gets the options and a layout (or None) for each of the arrays
    of those `names`, where the last is the result's, and gives a plan.
    """

    def make(planner):
        def plan(options, layouts):
            return planner(options, *[layout and Layout(name, *layout)
                                      for name, layout in zip(names, layouts)])

        made = _runtime.Dispatcher(plan, list(names))
        dispatchers.append(made)
        return made

    return make


class Layout:
    """How an argument lies in memory; strides are in elements."""

    __slots__ = ("name", "dtype", "sizes", "strides", "library", "read_only")

    def __init__(self, name, dtype, sizes, strides, library, read_only):
        self.name = name
        self.dtype = dtype
        self.sizes = sizes
        self.strides = strides
        self.library = library
        self.read_only = read_only

    @property
    def rank(self):
        return len(self.sizes)

    @property
    def element(self):
        """MLIR's name of the element type; TypeError if it is no float."""
        if self.dtype not in float_types:
            raise TypeError(f"{self.name}: expected elements of type "
                            f"{', '.join(float_types)}, got {self.dtype}")
        return float_types[self.dtype]

    def expect(self, condition, what):
        """ValueError that says what was expected unless `condition` holds."""
        if not condition:
            raise ValueError(f"{self.name}: expected {what}, got shape "
                             f"{self.sizes}")

    def expect_dtype(self, other):
        """TypeError unless the element type is that of `other`."""
        if self.dtype != other.dtype:
            raise TypeError(f"{self.name}: expected elements of type "
                            f"{other.dtype} as those of {other.name}, got "
                            f"{self.dtype}")

    def expect_result(self, sizes, like):
        """Checks that it can take a result of `sizes`."""
        self.expect_dtype(like)
        self.expect(self.sizes == tuple(sizes), f"shape {tuple(sizes)}")
        if self.read_only:
            raise ValueError(f"{self.name}: is read-only")
        reach = 0  # How far elements of the dimensions so far are apart.
        for stride, size in sorted((abs(stride), size) for size, stride in
                                   zip(self.sizes, self.strides) if size > 1):
            if stride <= reach and 0 not in self.sizes:
                raise ValueError(f"{self.name}: elements share memory")
            reach += (size - 1) * stride


def allocator(library, dtype, sizes):
    """(allocate, finish): functions for a result of that kind."""
    sizes = tuple(sizes)
    if library == "torch":
        import torch

        kind = getattr(torch, dtype)
        return lambda: torch.empty(sizes, dtype=kind), None
    import numpy

    kind = numpy_dtype(dtype)
    empty = numpy.empty
    if library == "jax":
        import jax

        return lambda: empty(sizes, kind), jax.numpy.asarray
    return lambda: empty(sizes, kind), None


def numpy_dtype(dtype):
    """NumPy's type; those it lacks are those of ml_dtypes."""
    import numpy

    if dtype == "bfloat16" or dtype.startswith("float8"):
        import ml_dtypes

        return numpy.dtype(getattr(ml_dtypes, dtype))
    return numpy.dtype(dtype)
