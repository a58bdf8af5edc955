"""The operators `glu::gated_projection` and `glu::ffn` of PyTorch.

Weights are as PyTorch stores them, (out, in): kernels read them through
transposed views, which costs nothing. The backward computes g and v once more
and differentiates the gating function by PyTorch's own operations.
"""

from typing import Optional, Sequence

import torch
from torch import Tensor

from .. import _ffn, _projection
from . import _check
from ._gating import decode, evaluate
from ._packed import apply_in_graph


def gated_projection(x, w_gate, w_value, bias_gate=None, bias_value=None, *,
                     gate="silu", extras=(), threads=None, pack=False):
    """A gated linear unit: f(x @ w_gate.T + bias_gate, x @ w_value.T + bias_value).

    An operator of PyTorch with derivatives; works under `torch.compile` and
    `torch.export`, and casts its arguments under CPU autocast.

    Parameters:
        x: shape (..., K), on the CPU; float16, bfloat16, float32 or float64.
        w_gate, w_value: shape (N, K), as `torch.nn.Linear` has, or (B, N, K)
            for x of shape (B, ..., K); any strides; the element type of x.
        bias_gate, bias_value: shape (N,), or (B, N); optional.
        gate, extras, threads: as in `glu.gated_projection`.
        pack: whether to keep panels of weights that are parameters, or views of
            those, from the second call with them on.

    Returns: shape (..., N), contiguous, the element type of x.

    Raises: TypeError or ValueError that begin with the argument's name.

    >>> import torch, glu.torch
    >>> x = torch.ones(2, 8)
    >>> w = torch.ones(2, 4, 8, requires_grad=True)
    >>> y = glu.torch.gated_projection(x, w[0], w[1], gate="gelu")
    >>> y.sum().backward()
    >>> y.shape, w.grad.shape
    (torch.Size([2, 4]), torch.Size([2, 4, 8]))
    """
    _check.boolean("pack", pack)
    tensors = _check.tensors(x=x, w_gate=w_gate, w_value=w_value,
                             bias_gate=bias_gate, bias_value=bias_value)
    return torch.ops.glu.gated_projection(
        *tensors, _check.extras(extras, x), *_check.options(gate, threads),
        pack)


def ffn(x, w_gate, w_value, w_down, bias_gate=None, bias_value=None,
        bias_down=None, *, gate="silu", extras=(), threads=None, pack=False):
    """A gated feed-forward layer: f(x @ w_gate.T, x @ w_value.T) @ w_down.T.

    Parameters:
        x, w_gate, w_value, bias_gate, bias_value, gate, extras, threads, pack:
            as in `glu.torch.gated_projection`.
        w_down: shape (D, N), or (B, D, N).
        bias_down: shape (D,), or (B, D); optional.

    Returns: shape (..., D), contiguous, the element type of x. What is gated is
        rounded to it before the down projection.

    Raises: TypeError or ValueError that begin with the argument's name.
    """
    _check.boolean("pack", pack)
    tensors = _check.tensors(
        x=x, w_gate=w_gate, w_value=w_value, w_down=w_down,
        bias_gate=bias_gate, bias_value=bias_value, bias_down=bias_down)
    return torch.ops.glu.ffn(
        *tensors, _check.extras(extras, x), *_check.options(gate, threads),
        pack)


def _check_shapes(x, weights, gate, extras):
    """Errors in PyTorch's layout, where kernels would show the transposed one."""
    expected = decode(gate).num_extras
    if len(extras) != expected:
        raise TypeError(f"extras: the gating function takes {expected} arrays, "
                        f"got {len(extras)}")
    for name, weight in zip(("w_gate", "w_value", "w_down"), weights):
        if weight.dtype != x.dtype:
            raise TypeError(f"{name}: expected elements of type {x.dtype} as "
                            f"those of x, got {weight.dtype}")
    w_gate, w_value, *w_down = weights
    if (w_gate.dim() not in (2, 3) or x.dim() < w_gate.dim() - 1
            or w_gate.shape[-1] != x.shape[-1]):
        depth = x.shape[-1] if x.dim() else "K"
        raise ValueError(f"w_gate: expected shape (N, {depth}) or (B, N, "
                         f"{depth}) for x of shape {tuple(x.shape)}, got "
                         f"{tuple(w_gate.shape)}")
    if w_value.shape != w_gate.shape:
        raise ValueError(f"w_value: expected shape {tuple(w_gate.shape)} as "
                         f"w_gate has, got {tuple(w_value.shape)}")
    for weight in w_down:
        if (weight.dim() != w_gate.dim()
                or weight.shape[-1] != w_gate.shape[-2]):
            raise ValueError(f"w_down: expected shape (D, {w_gate.shape[-2]}) "
                             f"or (B, D, {w_gate.shape[-2]}), got "
                             f"{tuple(weight.shape)}")


@torch.library.custom_op("glu::gated_projection", mutates_args=(),
                         device_types="cpu")
def _gated_projection(
        x: Tensor, w_gate: Tensor, w_value: Tensor, bias_gate: Optional[Tensor],
        bias_value: Optional[Tensor], extras: Sequence[Tensor], gate: str,
        threads: Optional[int], pack: bool = False) -> Tensor:
    _check_shapes(x, (w_gate, w_value), gate, extras)
    with torch.no_grad():
        if pack and not extras and threads is None:
            y = apply_in_graph(_projection.gated_projection, x, gate, {
                "w_gate": w_gate, "w_value": w_value, "bias_gate": bias_gate,
                "bias_value": bias_value})
            if y is not None:
                return y
        return _projection.gated_projection(
            x, w_gate.mT, w_value.mT, bias_gate, bias_value,
            gate=decode(gate), extras=tuple(extras), threads=threads)


@torch.library.custom_op("glu::ffn", mutates_args=(), device_types="cpu")
def _ffn_operator(
        x: Tensor, w_gate: Tensor, w_value: Tensor, w_down: Tensor,
        bias_gate: Optional[Tensor], bias_value: Optional[Tensor],
        bias_down: Optional[Tensor], extras: Sequence[Tensor], gate: str,
        threads: Optional[int], pack: bool = False) -> Tensor:
    _check_shapes(x, (w_gate, w_value, w_down), gate, extras)
    with torch.no_grad():
        if pack and not extras and threads is None:
            y = apply_in_graph(_ffn.ffn, x, gate, {
                "w_gate": w_gate, "w_value": w_value, "w_down": w_down,
                "bias_gate": bias_gate, "bias_value": bias_value,
                "bias_down": bias_down})
            if y is not None:
                return y
        return _ffn.ffn(
            x, w_gate.mT, w_value.mT, w_down.mT,
            bias_gate, bias_value, bias_down, gate=decode(gate),
            extras=tuple(extras), threads=threads)


@_gated_projection.register_fake
def _(x, w_gate, w_value, bias_gate, bias_value, extras, gate, threads,
      pack=False):
    _check_shapes(x, (w_gate, w_value), gate, extras)
    return x.new_empty((*x.shape[:-1], w_gate.shape[-2]))


@_ffn_operator.register_fake
def _(x, w_gate, w_value, w_down, bias_gate, bias_value, bias_down, extras,
      gate, threads, pack=False):
    _check_shapes(x, (w_gate, w_value, w_down), gate, extras)
    return x.new_empty((*x.shape[:-1], w_down.shape[-2]))


# Derivatives.


def _rows(tensor, weight):
    """Rows as one dimension: (M, K), or (B, M, K) for weights in batches."""
    return tensor.reshape(*weight.shape[:-2], -1, tensor.shape[-1])


def _product(a, b):
    return torch.matmul(a, b.mT)


def _bias_gradient(bias, gradient):
    """Of a bias (N,) or (B, N) that was added to rows."""
    if bias is None:
        return None
    return gradient.sum(-2) if bias.dim() == gradient.dim() - 1 else (
        gradient.sum(tuple(range(gradient.dim() - 1))))


def _save(ctx, inputs, output):
    *tensors, extras, gate, _, _ = inputs
    ctx.gate = gate
    ctx.num_extras = len(extras)
    ctx.save_for_backward(*tensors, *extras)


def _gradients(ctx, *gradients):
    """Those of all inputs: None for the gate, threads and pack. Inputs at the end
    that are as by default may not be there."""
    return (*gradients, None, None, None)[:len(ctx.needs_input_grad)]


def _load(ctx):
    saved = ctx.saved_tensors
    count = len(saved) - ctx.num_extras
    return saved[:count], list(saved[count:])


def _unit_backward(gate, x, w_gate, w_value, biases, extras):
    """h, and a function from its gradient to those of the unit's inputs."""
    rows = _rows(x, w_gate)
    # As in kernels, the gating function sees float32 at least.
    wide = torch.promote_types(x.dtype, torch.float32)
    projected = []
    for weight, bias in zip((w_gate, w_value), biases):
        sums = _product(rows, weight).to(wide)
        if bias is not None:
            sums = sums + bias.to(wide).unsqueeze(-2)
        projected.append(sums.reshape(*x.shape[:-1], weight.shape[-2]))

    def gated(g, v, *extras):
        return evaluate(decode(gate), g, v, extras)

    h, pull = torch.func.vjp(gated, *projected, *[e.to(wide) for e in extras])

    def backward(grad):
        dg, dv, *d_extras = pull(grad.to(wide))
        biased = [_bias_gradient(b, _rows(d, w_gate)) for b, d in
                  zip(biases, (dg, dv))]
        biased = [b if b is None else b.to(x.dtype) for b in biased]
        dg, dv = [_rows(d.to(x.dtype), w_gate) for d in (dg, dv)]
        dx = torch.matmul(dg, w_gate) + torch.matmul(dv, w_value)
        return (dx.reshape(x.shape), torch.matmul(dg.mT, rows),
                torch.matmul(dv.mT, rows), *biased,
                [d.to(x.dtype) for d in d_extras])

    return h.to(x.dtype), backward


def _gated_projection_backward(ctx, grad):
    (x, w_gate, w_value, *biases), extras = _load(ctx)
    _, backward = _unit_backward(ctx.gate, x, w_gate, w_value, biases,
                                 extras)
    return _gradients(ctx, *backward(grad))


def _ffn_backward(ctx, grad):
    (x, w_gate, w_value, w_down, *biases, bias_down), extras = _load(ctx)
    h, backward = _unit_backward(ctx.gate, x, w_gate, w_value, biases,
                                 extras)
    rows = _rows(grad, w_down)
    d_down = torch.matmul(rows.mT, _rows(h, w_down))
    dh = torch.matmul(rows, w_down).reshape(h.shape)
    dx, d_gate, d_value, b_gate, b_value, d_extras = backward(dh)
    return _gradients(ctx, dx, d_gate, d_value, d_down, b_gate, b_value,
                      _bias_gradient(bias_down, rows), d_extras)


_gated_projection.register_autograd(_gated_projection_backward,
                                    setup_context=_save)
_ffn_operator.register_autograd(_ffn_backward, setup_context=_save)
