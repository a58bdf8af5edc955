"""Checks of arguments, with messages that begin with the argument's name."""

import torch
from torch import Tensor
from torch.autograd import forward_ad

from .. import _threads
from ._gating import decode, encode

dtypes = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_required = "x", "w_gate", "w_value", "w_down"


def tensors(**named):
    """A list of tensors that kernels take, or None for those that may be.

    Under autocast they are cast as PyTorch casts those of its matmuls.
    """
    cast = (torch.get_autocast_dtype("cpu")
            if torch.is_autocast_enabled("cpu") else None)
    result = []
    for name, tensor in named.items():
        if tensor is not None or name in _required:
            _tensor(name, tensor, named["x"])
            if cast is not None and tensor.dtype != torch.float64:
                tensor = tensor.to(cast)
        result.append(tensor)
    return result


def extras(values, x):
    """Those of a gating function, as `tensors` gives them."""
    if not isinstance(values, (tuple, list)):
        raise TypeError("extras: expected a tuple of tensors, got "
                        + type(values).__name__)
    for i, value in enumerate(values):
        _tensor(f"extras[{i}]", value, x)
    _, *result = tensors(x=x, **{f"extras[{i}]": value
                                 for i, value in enumerate(values)})
    return result


def _tensor(name, tensor, x):
    if not isinstance(tensor, Tensor):
        what = "None" if tensor is None else type(tensor).__name__
        raise TypeError(f"{name}: expected a tensor, got {what}")
    if tensor.device.type not in ("cpu", "meta"):
        raise ValueError(f"{name}: expected a tensor on the CPU, got one on "
                         f"{tensor.device}")
    if tensor.layout != torch.strided or tensor.is_nested:
        what = "a nested one" if tensor.is_nested else tensor.layout
        raise TypeError(f"{name}: expected a dense tensor, got {what}")
    if tensor.dtype not in dtypes:
        raise TypeError(f"{name}: expected elements of type float16, "
                        f"bfloat16, float32 or float64, got {tensor.dtype}")
    if tensor.device != x.device:
        # One of them has no data, which the result would then not have.
        raise ValueError(f"{name}: expected a tensor on {x.device} as x is, got "
                         f"one on {tensor.device}")
    if (forward_ad._current_level >= 0
            and forward_ad.unpack_dual(tensor).tangent is not None):
        # PyTorch would silently take it for a constant.
        raise NotImplementedError(f"{name}: there are no derivatives in "
                                  "forward mode")


def options(gate, threads):
    """(text of a gating function, threads) for an operator."""
    if not isinstance(gate, str):
        gate = encode(gate)
    elif not torch.compiler.is_compiling():
        if not gate.isascii():
            raise ValueError(f"gate: no gating function {gate!r}")
        decode(gate)  # Raises where it is none.
    return gate, None if threads is None else _threads.check(threads)


def integer(name, value, least):
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: expected an integer, got "
                        f"{type(value).__name__}")
    if not least <= value < 1 << 31:
        raise ValueError(f"{name}: expected at least {least}, got {value}")


def boolean(name, value):
    if not isinstance(value, bool):
        raise TypeError(f"{name}: expected a bool, got {type(value).__name__}")
