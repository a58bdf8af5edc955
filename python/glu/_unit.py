"""Gated projections as kernels: checks of layouts, and their IR."""

from . import _ir
from ._dispatch import allocator
from ._kernel import Builder, Operand, contraction, gated
from ._rows import merge


_shapes = {}


class Shape:
    """What the weights of a unit say: element type and sizes.

    `batch` is () or (B,), `depth` K, `columns` N, and `outputs` the columns of
    the down projection or None.
    """

    __slots__ = ("dtype", "element", "batch", "depth", "columns", "outputs")

    def __init__(self, w_gate, w_value, w_down=None):
        for name, layout in ("w_gate", w_gate), ("w_value", w_value):
            require(name, layout)
        self.dtype = w_gate.dtype
        self.element = w_gate.element
        w_gate.expect(w_gate.rank in (2, 3), "(K, N) or (B, K, N)")
        w_value.expect_dtype(w_gate)
        w_value.expect(w_value.sizes == w_gate.sizes,
                       f"shape {w_gate.sizes} as w_gate has")
        self.batch = w_gate.sizes[:-2]
        self.depth, self.columns = w_gate.sizes[-2:]
        w_gate.expect(self.depth > 0 and self.columns > 0, "no empty dimension")
        self.outputs = None
        if w_down is not None:
            w_down.expect_dtype(w_gate)
            self.outputs = w_down.sizes[-1] if w_down.rank else 0
            w_down.expect(
                w_down.rank == w_gate.rank
                and w_down.sizes[:-1] == self.batch + (self.columns,)
                and self.outputs > 0,
                f"{text(*self.batch, self.columns, 'D')} for w_gate of shape "
                f"{w_gate.sizes}")

    def intern(self):
        """The one object for these sizes, to be compared fast."""
        key = tuple(getattr(self, slot) for slot in self.__slots__)
        return _shapes.setdefault(key, self)

    def check_x(self, x):
        require("x", x)
        x.element  # Raises if it is no float.
        if x.dtype != self.dtype:
            raise TypeError(f"w_gate: expected elements of type {x.dtype} as "
                            f"those of x, got {self.dtype}")
        batch = bool(self.batch)
        x.expect(x.rank >= 1 + batch and x.sizes[-1] == self.depth
                 and x.sizes[:1][:batch] == self.batch,
                 f"{text(*self.batch, '...', self.depth)} for weights of shape "
                 f"{text(*self.batch, self.depth, self.columns)}")

    def check_bias(self, bias, columns, x):
        if bias is not None:
            bias.expect_dtype(x)
            bias.expect(bias.sizes in ((columns,), self.batch + (columns,)),
                        f"shape {text(*self.batch, columns)}")


def text(*sizes):
    """A shape in messages."""
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"


def require(name, layout):
    if layout is None:
        raise TypeError(f"{name}: expected an array, got None")


class Unit:
    """A gated unit, perhaps with its down projection, for a builder.

    Weights are `Operand`s; biases, extras and out layouts or None. `positions`
    says which array of the call each is: a mapping from names.
    """

    def __init__(self, shape, gate, x, weights, biases, extras, out, positions):
        shape.check_x(x)
        self.shape = shape
        self.gate = gate
        self.element = shape.element
        hidden = shape.columns
        columns = hidden if shape.outputs is None else shape.outputs
        self.result_sizes = x.sizes[:-1] + (columns,)
        for bias in biases[:2]:
            shape.check_bias(bias, hidden, x)
        for bias in biases[2:]:
            shape.check_bias(bias, columns, x)
        if out is not None:
            out.expect_result(self.result_sizes, x)
        if len(extras) != gate.num_extras:
            raise TypeError(f"extras: the gating function takes "
                            f"{gate.num_extras} arrays, got {len(extras)}")

        first = len(shape.batch)
        hidden_sizes = x.sizes[:-1] + (hidden,)
        spread = [broadcast(extra, x, hidden_sizes) for extra in extras]
        out_strides = (out.strides if out is not None
                       else tuple(_ir.dense_strides(self.result_sizes)))
        sizes, x_rows, out_rows, *extra_rows = merge(
            x.sizes[first:-1], x.strides[first:-1], out_strides[first:-1],
            *[strides[first:-1] for strides in spread])
        names = [f"m{i}" for i in range(len(sizes))]
        #: Kernels are for any number of rows, or for one.
        self.dynamic = list(names)
        if not sizes:
            names, sizes = ["m0"], [1]
            x_rows, out_rows = [shape.depth], [columns]
            extra_rows = [[0] for _ in extras]
        self.rows = sizes
        batch = ["b"] * first

        def operand(name, layout, dims, sizes, strides):
            return Operand(positions[name], name, self.element, dims, sizes,
                           strides)

        self.x = operand("x", x, batch + names + ["k"],
                         [*shape.batch, *sizes, shape.depth],
                         [*x.strides[:first], *x_rows, x.strides[-1]])
        self.weights = weights
        self.biases = [
            bias and operand(name, bias, (batch + [column])[-bias.rank:],
                             bias.sizes, bias.strides)
            for name, bias, column in zip(
                ("bias_gate", "bias_value", "bias_down"), biases, "nnd")]
        self.extras = []
        for i, (strides, steps) in enumerate(zip(spread, extra_rows)):
            parts = [part for part in zip(
                batch + names + ["n"], [*shape.batch, *sizes, hidden],
                [*strides[:first], *steps, strides[-1]]) if part[2] != 0]
            self.extras.append(operand(
                f"extras[{i}]", None, *(zip(*parts) if parts else ([],) * 3)))
        last = "n" if shape.outputs is None else "d"
        self.result = operand("out", None, batch + names + [last],
                              [*shape.batch, *sizes, columns],
                              [*out_strides[:first], *out_rows,
                               out_strides[-1]])
        self.hidden = Operand(None, "h", self.element, batch + names + ["n"],
                              [*shape.batch, *sizes, hidden], [])

    @property
    def work(self):
        """Multiply-adds."""
        count = 1
        for size in [*self.shape.batch, *self.rows]:
            count *= size
        return count * self.shape.columns * (
            2 * self.shape.depth + (self.shape.outputs or 0))

    def build(self, builder, schedule=""):
        """Adds the unit, whose value is %y; gives the operand of the result."""
        for operand in [self.x, *self.weights, *self.biases, *self.extras]:
            if operand is not None:
                builder.add(operand)
        type = builder.empty("init", self.hidden, self.result)
        w_gate, w_value, *w_down = self.weights
        branches = [[o for o in (self.x, w, b) if o is not None]
                    for w, b in zip((w_gate, w_value), self.biases)]
        name = "h" if w_down else "y"
        gated(builder, name, type, self.gate, *branches, self.extras, "init",
              self.hidden.dims, self.element, schedule)
        if w_down:
            contraction(builder, "y", self.hidden, w_down[0], self.biases[2],
                        self.result)
        return self.result


weight_dims = ("k", "n"), ("k", "n"), ("n", "d")


def weight_operands(layouts, positions):
    """Operands of weights as they lie, for the kernel to read in place."""
    return [Operand(positions[layout.name], layout.name, layout.element,
                    ["b"] * (layout.rank - 2) + list(dims), layout.sizes,
                    layout.strides).sort()
            for layout, dims in zip(layouts, weight_dims)]


def positions_of(names, extras):
    """Where each array is in a call: those named, the extras, the result."""
    names = [*names, *[f"extras[{i}]" for i in range(len(extras))], "out"]
    return {name: i for i, name in enumerate(names)}


def plan(unit, x, threads):
    """The plan for a unit whose weights are read where they lie."""
    builder = Builder(unit.dynamic)
    result = unit.build(builder)
    entry = builder.compile(result, "y", threads)
    return builder.plan(entry.kernel("kernel"), builder.operands, result,
                        *allocator(x.library, x.dtype, unit.result_sizes))


def broadcast(extra, x, sizes):
    """Strides of an extra for the dimensions of what is gated."""
    if extra is None:
        raise TypeError("extras: expected arrays, got None")
    extra.expect_dtype(x)
    missing = len(sizes) - extra.rank
    own = (1,) * missing + extra.sizes
    extra.expect(missing >= 0 and all(
        have in (1, want) for have, want in zip(own, sizes)),
        f"a shape that broadcasts to {sizes}")
    return tuple(0 if size == 1 else stride
                 for size, stride in zip(own, (0,) * missing + extra.strides))
