"""The operator `glu::gated_conv1d` of PyTorch.

The backward computes g and v once more, by PyTorch's own convolutions.
"""

from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import _conv
from . import _check
from ._gating import decode, evaluate


def gated_conv1d(x, w_gate, w_value, bias_gate=None, bias_value=None, *,
                 gate="sigmoid", stride=1, dilation=1, padding=0, threads=None):
    """A gated convolution over time: f(conv(x, w_gate), conv(x, w_value)).

    An operator of PyTorch with derivatives, as `glu.torch.gated_projection`.

    Parameters:
        x: shape (B, C, T) or (C, T).
        w_gate, w_value: shape (O, C, R), the element type of x.
        bias_gate, bias_value: shape (O,); optional.
        gate, stride, dilation, padding, threads: as in `glu.gated_conv1d`.

    Returns: shape (B, O, T') or (O, T'), contiguous.

    Raises: TypeError or ValueError that begin with the argument's name.

    >>> import torch, glu.torch
    >>> x, w = torch.ones(2, 3, 10), torch.ones(4, 3, 5, requires_grad=True)
    >>> y = glu.torch.gated_conv1d(x, w, w, padding="causal")
    >>> y.sum().backward()
    >>> y.shape, w.grad.shape
    (torch.Size([2, 4, 10]), torch.Size([4, 3, 5]))
    """
    x, *rest = _check.tensors(x=x, w_gate=w_gate, w_value=w_value,
                              bias_gate=bias_gate, bias_value=bias_value)
    _check.integer("stride", stride, 1)
    _check.integer("dilation", dilation, 1)
    mode = ""
    if isinstance(padding, str) and padding in ("causal", "same"):
        padding, mode = 0, padding
    else:
        _check.integer("padding", padding, 0)
    gate, threads = _check.options(gate, threads)
    arguments = *rest, gate, stride, dilation, padding, mode, threads
    if x.dim() == 2:
        return torch.ops.glu.gated_conv1d(x.unsqueeze(0), *arguments).squeeze(0)
    return torch.ops.glu.gated_conv1d(x, *arguments)


@torch.library.custom_op("glu::gated_conv1d", mutates_args=(),
                         device_types="cpu")
def _operator(x: Tensor, w_gate: Tensor, w_value: Tensor,
              bias_gate: Optional[Tensor], bias_value: Optional[Tensor],
              gate: str, stride: int, dilation: int, padding: int, mode: str,
              threads: Optional[int]) -> Tensor:
    _result(x, w_gate, w_value, gate, stride, dilation, padding, mode)
    tensors = x, w_gate, w_value, bias_gate, bias_value
    with torch.no_grad():
        if 0 in x.shape or 0 in w_gate.shape:
            return _composed(gate, stride, dilation, padding, mode, *tensors)
        return _conv.gated_conv1d(
            *tensors, gate=decode(gate), stride=stride, dilation=dilation,
            padding=mode or padding, threads=threads)


@_operator.register_fake
def _(x, w_gate, w_value, bias_gate, bias_value, gate, stride, dilation, padding,
      mode, threads):
    return _result(x, w_gate, w_value, gate, stride, dilation, padding, mode)


def _zeros(w_gate, dilation, padding, mode):
    """How many zeros are before x and after it."""
    reach = (w_gate.shape[-1] - 1) * dilation
    if mode == "causal":
        return reach, 0
    if mode == "same":
        return reach // 2, reach - reach // 2
    return padding, padding


def _result(x, w_gate, w_value, gate, stride, dilation, padding, mode):
    """An empty result, of the shape that arguments that fit have."""
    if decode(gate).num_extras:
        raise ValueError("gate: expected a function of (g, v) alone")
    for name, weight in ("w_gate", w_gate), ("w_value", w_value):
        if weight.dtype != x.dtype:
            raise TypeError(f"{name}: expected elements of type {x.dtype} as "
                            f"those of x, got {weight.dtype}")
    if w_gate.dim() != 3:
        raise ValueError("w_gate: expected shape (O, C, R), got "
                         f"{tuple(w_gate.shape)}")
    if w_value.shape != w_gate.shape:
        raise ValueError(f"w_value: expected shape {tuple(w_gate.shape)} as "
                         f"w_gate has, got {tuple(w_value.shape)}")
    outputs, channels, size = w_gate.shape
    if x.dim() != 3 or x.shape[1] != channels:
        raise ValueError(f"x: expected shape (B, {channels}, T) or "
                         f"({channels}, T), got {tuple(x.shape)}")
    reach = (size - 1) * dilation + 1
    room = x.shape[2] + sum(_zeros(w_gate, dilation, padding, mode)) - reach
    if room < 0:
        raise ValueError(f"x: expected at least {x.shape[2] - room} steps, got "
                         f"{x.shape[2]}")
    return x.new_empty((x.shape[0], outputs, room // stride + 1))


def _composed(gate, stride, dilation, padding, mode, x, w_gate, w_value, *biases):
    """The same by PyTorch's operations."""
    x = F.pad(x, _zeros(w_gate, dilation, padding, mode))
    # As in kernels, the gating function sees float32 at least.
    wide = torch.promote_types(x.dtype, torch.float32)
    g, v = (F.conv1d(x, weight, bias, stride, 0, dilation).to(wide)
            for weight, bias in zip((w_gate, w_value), biases))
    return evaluate(decode(gate), g, v).to(x.dtype)


def _save(ctx, inputs, output):
    *tensors, gate, stride, dilation, padding, mode, _ = inputs
    ctx.options = gate, stride, dilation, padding, mode
    ctx.save_for_backward(*tensors)


def _backward(ctx, grad):
    *tensors, bias_gate, bias_value = ctx.saved_tensors
    present = [b for b in (bias_gate, bias_value) if b is not None]

    def composed(x, w_gate, w_value, *biases):
        biases = iter(biases)
        return _composed(*ctx.options, x, w_gate, w_value, *(
            None if b is None else next(biases) for b in (bias_gate, bias_value)))

    _, pull = torch.func.vjp(composed, *tensors, *present)
    gradients = pull(grad)
    biases = iter(gradients[3:])
    return (*gradients[:3],
            *(None if b is None else next(biases)
              for b in (bias_gate, bias_value)), *[None] * 6)


_operator.register_autograd(_backward, setup_context=_save)
