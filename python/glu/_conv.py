"""glu.gated_conv1d and glu.gated_conv2d: both branches are convolutions."""

from . import _ir, _threads
from ._dispatch import allocator, dispatcher
from ._gating import Gating, get_gating
from ._kernel import Builder, Operand, gated
from ._unit import require, text

_names = ("x", "w_gate", "w_value", "bias_gate", "bias_value", "out")


def gated_conv1d(x, w_gate, w_value, bias_gate=None, bias_value=None, *,
                 gate="sigmoid", stride=1, dilation=1, padding=0, out=None,
                 threads=None):
    """A gated convolution over time: f(conv(x, w_gate), conv(x, w_value)).

    Parameters:
        x: shape (B, C, T); float16, bfloat16, float32 or float64. Other orders
            are transposed views, which are not copied.
        w_gate, w_value: shape (O, C, R), the element type of x.
        bias_gate, bias_value: shape (O,); optional.
        gate, out, threads: as in `glu.gated_projection`.
        stride, dilation: positive integers.
        padding: zeros on both sides of x; "causal" puts (R - 1) * dilation
            before it, so that nothing depends on later times; "same" keeps T
            where the stride is 1.

    Returns: shape (B, O, T'), with
        T' = (T + zeros - (R - 1) * dilation - 1) // stride + 1.

    Raises: TypeError or ValueError that begin with the argument's name.

    >>> import numpy as np, glu
    >>> x, w = np.ones((2, 3, 10), np.float32), np.ones((4, 3, 5), np.float32)
    >>> glu.gated_conv1d(x, w, w, padding="causal").shape
    (2, 4, 10)

    Source: Dauphin et al. 2017 (arXiv:1612.08083).
    """
    return _call(1, x, w_gate, w_value, bias_gate, bias_value, gate, stride,
                 dilation, padding, out, threads)


def gated_conv2d(x, w_gate, w_value, bias_gate=None, bias_value=None, *,
                 gate="sigmoid", stride=1, dilation=1, padding=0, out=None,
                 threads=None):
    """A gated convolution over images: f(conv(x, w_gate), conv(x, w_value)).

    As `glu.gated_conv1d`, with x of shape (B, C, H, W), weights of shape
    (O, C, R, S) and a result of shape (B, O, H', W'). Strides, dilations and
    paddings are an integer, or one for each of the two dimensions; there is no
    "causal".

    >>> import numpy as np, glu
    >>> x, w = np.ones((1, 3, 8, 8)), np.ones((4, 3, 3, 3))
    >>> glu.gated_conv2d(x, w, w, padding="same", stride=(1, 2)).shape
    (1, 4, 8, 4)
    """
    return _call(2, x, w_gate, w_value, bias_gate, bias_value, gate, stride,
                 dilation, padding, out, threads)


def _call(rank, x, w_gate, w_value, bias_gate, bias_value, gate, stride,
          dilation, padding, out, threads):
    if type(gate) is not Gating:
        gate = get_gating(gate)
    if not (isinstance(padding, str)
            and padding in ("same", "causal")[:3 - rank]):
        padding = _integers("padding", padding, rank, 0)
    options = (rank, gate, _integers("stride", stride, rank, 1),
               _integers("dilation", dilation, rank, 1), padding, threads)
    return _dispatch(options, (x, w_gate, w_value, bias_gate, bias_value, out))


def _integers(name, value, rank, least):
    """`rank` integers."""
    values = value if isinstance(value, (tuple, list)) else (value,) * rank
    if len(values) != rank or not all(
            isinstance(v, int) and not isinstance(v, bool) for v in values):
        what = "an integer" if rank == 1 else "an integer or two"
        raise TypeError(f"{name}: expected {what}, got {value!r}")
    if not all(least <= v < 1 << 31 for v in values):
        raise ValueError(f"{name}: expected at least {least}, got {value!r}")
    return tuple(values)


@dispatcher(_names)
def _dispatch(options, x, w_gate, w_value, bias_gate, bias_value, out):
    rank, gate, stride, dilation, padding, threads = options
    for name, layout in ("x", x), ("w_gate", w_gate), ("w_value", w_value):
        require(name, layout)
    if gate.num_extras:
        raise TypeError("gate: a function without extras is expected")
    element = x.element
    x.expect(x.rank == 2 + rank, "(B, C, T)" if rank == 1 else "(B, C, H, W)")
    kernel = "(O, C, R)" if rank == 1 else "(O, C, R, S)"
    w_gate.expect(w_gate.rank == 2 + rank and w_gate.sizes[1] == x.sizes[1]
                  and 0 not in w_gate.sizes,
                  f"{kernel} for x of shape {x.sizes}")
    w_value.expect(w_value.sizes == w_gate.sizes,
                   f"shape {w_gate.sizes} as w_gate has")
    outputs = w_gate.sizes[0]
    for layout in w_gate, w_value, bias_gate, bias_value:
        if layout is not None:
            layout.expect_dtype(x)
    for bias in bias_gate, bias_value:
        if bias is not None:
            bias.expect(bias.sizes == (outputs,), f"shape {text(outputs)}")

    taps, space = w_gate.sizes[2:], x.sizes[2:]
    reach = [(r - 1) * d for r, d in zip(taps, dilation)]
    if padding == "causal":
        low, high = reach, [0] * rank
    elif padding == "same":
        low, high = [r // 2 for r in reach], [r - r // 2 for r in reach]
    else:
        low = high = list(padding)
    padded = [s + a + b for s, a, b in zip(space, low, high)]
    x.expect(all(p > r for p, r in zip(padded, reach)),
             f"a size of at least that of the weights, {text(*taps)}")
    sizes = [(p - r - 1) // s + 1 for p, r, s in zip(padded, reach, stride)]
    result_sizes = (x.sizes[0], outputs, *sizes)
    if out is not None:
        out.expect_result(result_sizes, x)
    x.expect(0 not in x.sizes, "no empty dimension")

    times = [f"t{i}" for i in range(rank)]
    steps = [f"r{i}" for i in range(rank)]
    builder = Builder()
    source = Operand(0, "x", element, ["b", "c", *times], x.sizes, x.strides)
    weights = [Operand(1 + i, w.name, element, ["o", "c", *steps], w.sizes,
                       w.strides) for i, w in enumerate((w_gate, w_value))]
    biases = [b and Operand(3 + i, b.name, element, ["o"], b.sizes, b.strides)
              for i, b in enumerate((bias_gate, bias_value))]
    for operand in [source, *weights, *biases]:
        if operand is not None:
            builder.add(operand)
    every = [f"{t} * {s} + {r} * {d}"
             for t, s, r, d in zip(times, stride, steps, dilation)]
    window = Operand(0, "window", element, ["b", "c", *every],
                     [*x.sizes[:2], *padded], [])
    _pad(builder, source, window, low, high)
    result = Operand(5, "out", element, ["b", "o", *times], result_sizes,
                     out.strides if out is not None
                     else _ir.dense_strides(result_sizes))
    type = builder.empty("init", result, result)
    branches = [[o for o in (window, w, b) if o is not None]
                for w, b in zip(weights, biases)]
    gated(builder, "y", type, gate, *branches, [], "init", result.dims, element)
    work = 2
    for size in [*result_sizes, *w_gate.sizes[1:]]:
        work *= size
    entry = builder.compile(result, "y", _threads.choose(threads, work))
    return builder.plan(entry.kernel("kernel"), builder.operands, result,
                        *allocator(x.library, x.dtype, result_sizes))


def _pad(builder, source, window, low, high):
    """The tensor %window: the source with zeros around it."""
    types = builder.tensor(source), builder.tensor(window)
    element = source.element
    if types[0] == types[1]:
        window.ssa = source.ssa
        return
    indices = ", ".join(f"%i{i}: index" for i in range(len(source.dims)))
    builder.lines += [
        f"%zero = arith.constant 0.0 : {element}",
        f"%window = tensor.pad %x low{[0, 0, *low]} high{[0, 0, *high]} {{",
        f"^bb0({indices}):", f"  tensor.yield %zero : {element}",
        f"}} : {types[0]} to {types[1]}"]
