"""glu.pack: weights in the order in which kernels read them."""

from . import _ir, _runtime, _threads
from ._compile import make_raw_array
from ._dispatch import Layout, allocator, dispatcher
from ._errors import CompileError
from ._gating import resolve
from ._kernel import Builder, Operand
from ._unit import Shape, Unit, positions_of, weight_dims


def pack(w_gate, w_value, w_down=None, bias_gate=None, bias_value=None,
         bias_down=None):
    """Packs the weights of a layer once, to be used often.

    Kernels read weights as panels; without this they pack them in each call,
    which for few rows takes longer than the rest.

    Parameters:
        w_gate, w_value: shape (K, N), or (B, K, N), of any strides; float16,
            bfloat16, float32 or float64.
        w_down: shape (N, D), or (B, N, D): also packs the down projection, for
            `glu.ffn`.
        bias_gate, bias_value, bias_down: kept with the weights; optional.

    Returns: `PackedWeights`, to be given to `glu.gated_projection` (without
        `w_down`) or `glu.ffn` (with it) in the place of the weights. They are a
        copy of the weights as they are now.

    Raises: TypeError or ValueError that begin with the argument's name.

    >>> import numpy as np, glu
    >>> w_gate, w_value = np.ones((2, 8, 16), np.float32)
    >>> packed = glu.pack(w_gate, w_value)
    >>> packed
    <glu packed weights, float32, K=8, N=16>
    >>> glu.gated_projection(np.ones((2, 8), np.float32), packed).shape
    (2, 16)
    """
    arrays = [("w_gate", w_gate), ("w_value", w_value)]
    if w_down is not None:
        arrays.append(("w_down", w_down))
    layouts = [Layout(name, *_runtime.layout(array, name))
               for name, array in arrays]
    shape = Shape(*layouts).intern()
    x = Layout("x", shape.dtype, shape.batch + (2, shape.depth), None, "numpy",
               False)
    x.strides = tuple(_ir.dense_strides(x.sizes))
    biases = (bias_gate, bias_value, bias_down)
    _check_biases(shape, biases, x)

    # The packing is outlined from the kernel for any number of rows, whose
    # other arguments it does not look at.
    weights, values = [], []
    for (name, array), layout, dims in zip(arrays, layouts, weight_dims):
        operand, value = _dense(shape, layout, array, dims)
        weights.append(operand)
        values.append(value)
    unit = Unit(shape, resolve("silu"), x, weights, (None,) * 3, (), None,
                _Anywhere())
    builder = Builder(unit.dynamic)
    result = unit.build(builder)
    entry = builder.compile(result, "y", 1, outline_packing=True)
    bits = f"uint{numpy_bits(shape)}"
    types = [(shape.dtype, False, False, w.sizes) for w in weights]
    nothing = [(bits, False, False, [0] * len(o.sizes)) for o in (unit.x, result)]
    function = _runtime.Function(entry.kernel("kernel.pack"),
                                 [nothing[0], *types, nothing[1]],
                                 entry.functions[1][2])
    empty = [_nothing(bits, len(o.sizes)) for o in (unit.x, result)]
    packed = function((empty[0], *values, empty[1]))
    return PackedWeights._make(shape, [make_raw_array(p) for p in packed], biases)


def numpy_bits(shape):
    return {"f16": 16, "bf16": 16, "f32": 32, "f64": 64}[shape.element]


def _nothing(bits, rank):
    import numpy

    return numpy.empty((0,) * rank, bits)


class _Anywhere:
    """Positions of arrays in a call that is never made."""

    def __getitem__(self, name):
        return None


def _check_biases(shape, biases, x):
    names = "bias_gate", "bias_value", "bias_down"
    columns = shape.columns, shape.columns, shape.outputs
    for bias, name, size in zip(biases, names, columns):
        if bias is None:
            continue
        if size is None:
            raise TypeError(f"{name}: there is no w_down")
        shape.check_bias(Layout(name, *_runtime.layout(bias, name)), size, x)


def _dense(shape, layout, array, dims):
    """(operand, array) of a weight as a dense tensor; copied if it is none."""
    dims = ["b"] * len(shape.batch) + list(dims)
    operand = Operand(None, layout.name, shape.element, dims, layout.sizes,
                      layout.strides, is_tensor=True).sort()
    if layout.library == "other":
        import numpy

        array = numpy.asarray(array)
    if operand.dims != dims:
        array = array.swapaxes(-1, -2)
    if operand.strides != _ir.dense_strides(operand.sizes):
        if layout.library == "torch":
            array = array.contiguous()
        else:
            import numpy

            array = numpy.ascontiguousarray(array)
    return operand, array


class PackedWeights:
    """Weights that `glu.pack` packed; immutable."""

    __slots__ = ("_shape", "_packed", "_biases", "__weakref__")

    def __init__(self):
        raise TypeError("use glu.pack")

    @classmethod
    def _make(cls, shape, packed, biases):
        self = object.__new__(cls)
        for name, value in (("_shape", shape), ("_packed", tuple(packed)),
                            ("_biases", tuple(biases))):
            object.__setattr__(self, name, value)
        return self

    def __setattr__(self, name, value):
        raise AttributeError("packed weights are immutable")

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        raise TypeError("packed weights are for this machine and process: keep "
                        "the weights, and pack them again")

    @property
    def dtype(self):
        """NumPy's name of the element type."""
        return self._shape.dtype

    @property
    def nbytes(self):
        """Bytes of the panels."""
        return sum(array.nbytes for array in self._packed)

    def __repr__(self):
        shape = self._shape
        sizes = [("B", *shape.batch)] if shape.batch else []
        sizes += [("K", shape.depth), ("N", shape.columns)]
        if shape.outputs is not None:
            sizes.append(("D", shape.outputs))
        return f"<glu packed weights, {shape.dtype}, " + ", ".join(
            f"{name}={size}" for name, size in sizes) + ">"

    def _apply(self, function, x, biases, gate, extras, out, threads):
        has_down = self._shape.outputs is not None
        if has_down != (function == "ffn"):
            raise TypeError("w_gate: these packed weights have "
                            + ("a" if has_down else "no")
                            + " down projection; use glu."
                            + ("ffn" if has_down else "gated_projection"))
        if any(bias is not None for bias in biases):
            raise TypeError("bias: expected none; those of packed weights are "
                            "given to glu.pack")
        key = len(self._packed), len(extras)
        dispatch = _dispatchers.get(key) or _make_dispatcher(*key)
        return dispatch((gate, threads, self._shape), (
            x, *self._biases, *self._packed, *extras, out))


_dispatchers = {}


def _make_dispatcher(packed, extras):
    names = ["x", "bias_gate", "bias_value", "bias_down"]
    names += [f"packed[{i}]" for i in range(packed)]
    every = [*names, *[f"extras[{i}]" for i in range(extras)], "out"]

    def planner(options, x, *rest):
        biases, panels, rest = rest[:3], rest[3:3 + packed], rest[3 + packed:]
        return _plan(options, names, x, biases, panels, rest[:-1], rest[-1])

    return _dispatchers.setdefault((packed, extras), dispatcher(every)(planner))


def _plan(options, names, x, biases, panels, extras, out):
    gate, threads, shape = options
    if x is None:
        raise TypeError("x: expected an array, got None")
    positions = positions_of(names, extras)
    # The weights themselves are not looked at any more.
    first = positions["packed[0]"]
    sizes = ((shape.depth, shape.columns), (shape.depth, shape.columns),
             (shape.columns, shape.outputs))
    weights = []
    for name, dims, size in zip(("w_gate", "w_value", "w_down"), weight_dims,
                                sizes[:2 + (shape.outputs is not None)]):
        every = shape.batch + size
        weights.append(Operand(first, name, shape.element,
                               ["b"] * len(shape.batch) + list(dims), every,
                               _ir.dense_strides(every), is_tensor=True))
    unit = Unit(shape, gate, x, weights, biases, extras, out, positions)
    team = _threads.choose(threads, unit.work)
    attempts = [(unit.dynamic, "")]
    if not unit.dynamic:
        # One row: in panels of the width that the weights have.
        attempts = [((), _schedule(panels, shape, team)),
                    (("m0",), "")]
    want = [list(panel.sizes) for panel in panels]
    for dynamic, schedule in attempts:
        builder = Builder(dynamic)
        result = unit.build(builder, schedule)
        entry = builder.compile(result, "y", team, outline_packing=True)
        if [list(r[3]) for r in entry.functions[-1][2]] == want:
            break
    else:
        raise CompileError("the weights are packed for another kernel")
    operands = builder.operands
    packed = [Operand(positions[p.name], p.name, None, [], p.sizes, p.strides)
              for p in panels]
    # Of the kernel's arguments the panels come last.
    allocate, finish = allocator(x.library, x.dtype, unit.result_sizes)
    return _runtime.Plan(
        entry.kernel("kernel.packed"),
        [(o.source, o.sizes, o.strides) for o in [*operands, result, *packed]],
        allocate, finish)


def _schedule(panels, shape, threads):
    # [batch..., panels, K, gate and value if paired, columns, group if any];
    # with groups K may be padded.
    paired = len(panels) == 1 + (shape.outputs is not None)
    width, *group = panels[0].sizes[len(shape.batch) + 2 + paired:]
    groups = panels[0].sizes[len(shape.batch) + 1]
    tasks = 1 if threads == 1 else 4 * threads
    columns = -(-shape.columns // tasks)
    columns = -(-columns // width) * width
    return (f"glu.schedule = #glu.schedule<rows = 1, columns = {width}, "
            f"block_rows = 1, block_columns = {columns}"
            + "".join(f", group = {size}, depth = {groups * size}"
                      for size in group) + ">, ")
