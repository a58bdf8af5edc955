"""Modules: a gated linear unit, a feed-forward layer, a gated convolution."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from . import _layouts, _ops
from ._gating import decode, encode


class _Gated(nn.Module):
    # Weights of two branches, and of a down projection in one subclass; loads
    # state dicts of other layouts.

    def __init__(self, gate, order):
        super().__init__()
        if order not in _layouts.orders:
            raise ValueError("order: expected one of "
                             f"{', '.join(_layouts.orders)}, got {order!r}")
        self.gate = encode(gate)
        if decode(self.gate).num_extras:
            raise ValueError("gate: expected a function of (g, v) alone")
        self.order = order
        self._register_load_state_dict_pre_hook(self._load)

    def _make(self, name, shape, fan_in, exists=True, **options):
        # As nn.Linear initialises weights and biases.
        parameter = None
        if exists:
            bound = 1 / math.sqrt(fan_in) if fan_in else 0
            parameter = nn.Parameter(torch.empty(shape, **options))
            nn.init.uniform_(parameter, -bound, bound)
        self.register_parameter(name, parameter)

    def _load(self, state, prefix, *_):
        own = {name[len(prefix):]: tensor for name, tensor in state.items()
               if name.startswith(prefix)}
        tensors = _layouts.normalize(own, self.order)
        if tensors is None:
            return
        for name in own:
            del state[prefix + name]
        for name, tensor in tensors.items():
            state[prefix + name] = tensor


class GatedLinear(_Gated):
    """A gated linear unit: f(x w_gate^T + bias_gate, x w_value^T + bias_value).

    Parameters:
        in_features: K, the size of the last dimension of the input (..., K).
        hidden_features: N, that of the output (..., N).
        gate: the gating function, as in `glu.gated_projection`.
        bias: whether there are biases.
        order: how packed weights that are loaded are shared out: "gate_first",
            "gate_last" (as for `torch.nn.GLU`) or "interleaved".
        device, dtype: of the parameters.

    Its parameters are w_gate and w_value of shape (N, K), bias_gate and
    bias_value of shape (N,). `load_state_dict` also takes gate_proj and up_proj,
    w1 and w3, wi_0 and wi_1, or packed gate_up_proj or Wi.

    >>> import torch, glu.torch
    >>> glu.torch.GatedLinear(8, 4, gate="gelu")(torch.ones(3, 8)).shape
    torch.Size([3, 4])
    """

    def __init__(self, in_features, hidden_features, *, gate="silu", bias=False,
                 order="gate_first", device=None, dtype=None):
        super().__init__(gate, order)
        options = dict(device=device, dtype=dtype)
        shape = hidden_features, in_features
        for name in "w_gate", "w_value":
            self._make(name, shape, in_features, **options)
        for name in "bias_gate", "bias_value":
            self._make(name, shape[:1], in_features, bias, **options)

    def forward(self, x):
        """x of shape (..., K) to (..., N)."""
        return _ops.gated_projection(x, self.w_gate, self.w_value,
                                     self.bias_gate, self.bias_value,
                                     gate=self.gate)

    def extra_repr(self):
        columns, depth = self.w_gate.shape
        return (f"{depth}, {columns}, gate={self.gate!r}, "
                f"bias={self.bias_gate is not None}")


class FeedForward(_Gated):
    """A gated feed-forward layer: a gated linear unit and a down projection.

    Parameters:
        in_features: K, the size of the last dimension of the input (..., K).
        hidden_features: N, that of what is gated.
        out_features: D, that of the output (..., D); None: K.
        gate, bias, order, device, dtype: as in `GatedLinear`.
        experts: E, for that many layers at once: inputs are (E, ..., K), and
            parameters have a dimension more in front. None: one layer.

    Its parameters are those of `GatedLinear`, w_down of shape (D, N) and
    bias_down of shape (D,). `load_state_dict` also takes gate_proj, up_proj and
    down_proj (Llama, Gemma); w1, w3 and w2 (Meta's Llama); wi_0, wi_1 and wo
    (T5); gate_up_proj and down_proj (Phi-3); Wi and Wo (ModernBERT); and those
    of the experts of gpt-oss.

    >>> import torch, glu.torch
    >>> layer = glu.torch.FeedForward(4, 8)
    >>> _ = layer.load_state_dict({
    ...     "gate_up_proj.weight": torch.ones(16, 4),
    ...     "down_proj.weight": torch.ones(4, 8)})
    >>> layer(torch.ones(3, 4)).shape
    torch.Size([3, 4])
    """

    def __init__(self, in_features, hidden_features, out_features=None, *,
                 gate="silu", bias=False, order="gate_first", experts=None,
                 device=None, dtype=None):
        super().__init__(gate, order)
        options = dict(device=device, dtype=dtype)
        batch = () if experts is None else (experts,)
        if out_features is None:
            out_features = in_features
        for name in "w_gate", "w_value":
            self._make(name, (*batch, hidden_features, in_features),
                       in_features, **options)
        self._make("w_down", (*batch, out_features, hidden_features),
                   hidden_features, **options)
        for name in "bias_gate", "bias_value":
            self._make(name, (*batch, hidden_features), in_features, bias,
                       **options)
        self._make("bias_down", (*batch, out_features), hidden_features, bias,
                   **options)

    def forward(self, x):
        """x of shape (..., K) to (..., D)."""
        return _ops.ffn(x, self.w_gate, self.w_value, self.w_down,
                        self.bias_gate, self.bias_value, self.bias_down,
                        gate=self.gate)

    def extra_repr(self):
        *batch, outputs, columns = self.w_down.shape
        text = f"{self.w_gate.shape[-1]}, {columns}, {outputs}"
        if batch:
            text += f", experts={batch[0]}"
        return (f"{text}, gate={self.gate!r}, "
                f"bias={self.bias_gate is not None}")


class GatedConv1d(_Gated):
    """A gated convolution over time: f(conv(x, w_gate), conv(x, w_value)).

    Parameters:
        in_channels: C of the input (B, C, T) or (C, T).
        out_channels: N of the output (B, N, T').
        kernel_size, stride, padding, dilation: as in `torch.nn.Conv1d`.
        causal: pads in front, dilation * (kernel_size - 1) zeros, instead of
            `padding` at both ends.
        gate, bias, device, dtype: as in `GatedLinear`.
        order: "gate_first", or "gate_last" as `torch.nn.GLU(dim=1)` shares out
            the channels of one convolution, whose "weight" (2 N, C, kernel_size)
            and "bias" `load_state_dict` takes.

    Its parameters are w_gate and w_value of shape (N, C, kernel_size), bias_gate
    and bias_value of shape (N,). A step's channels are put side by side once;
    windows are read in place, and copied only where dilation is not 1.

    Sources: Dauphin et al. 2017 (arXiv:1612.08083); van den Oord et al., WaveNet,
    2016 (arXiv:1609.03499).

    >>> import torch, glu.torch
    >>> conv = glu.torch.GatedConv1d(4, 8, 3, gate="sigmoid", causal=True)
    >>> conv(torch.ones(2, 4, 10)).shape
    torch.Size([2, 8, 10])
    """

    def __init__(self, in_channels, out_channels, kernel_size, *, stride=1,
                 padding=0, dilation=1, causal=False, gate="sigmoid", bias=True,
                 order="gate_first", device=None, dtype=None):
        super().__init__(gate, order)
        for name, value, least in (
                ("kernel_size", kernel_size, 1), ("stride", stride, 1),
                ("dilation", dilation, 1), ("padding", padding, 0)):
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"{name}: expected an integer, got "
                                f"{type(value).__name__}")
            if value < least:
                raise ValueError(f"{name}: expected at least {least}, got "
                                 f"{value}")
        reach = dilation * (kernel_size - 1)
        if causal and padding:
            raise ValueError("padding: expected 0 where causal says it, got "
                             f"{padding}")
        self.padding = (reach, 0) if causal else (padding, padding)
        self.stride, self.dilation = stride, dilation
        options = dict(device=device, dtype=dtype)
        shape = out_channels, in_channels, kernel_size
        for name in "w_gate", "w_value":
            self._make(name, shape, in_channels * kernel_size, **options)
        for name in "bias_gate", "bias_value":
            self._make(name, shape[:1], in_channels * kernel_size, bias,
                       **options)

    def forward(self, x):
        """x of shape (B, C, T) or (C, T) to (B, N, T') or (N, T')."""
        columns, channels, size = self.w_gate.shape
        if x.dim() not in (2, 3) or x.shape[-2] != channels:
            raise ValueError(f"x: expected shape (B, {channels}, T) or "
                             f"({channels}, T), got {tuple(x.shape)}")
        # Steps in rows: then a window without dilation is one piece of memory.
        steps = F.pad(x, self.padding).mT.contiguous()
        length = steps.shape[-2] - self.dilation * (size - 1)
        if length < 1:
            raise ValueError(f"x: expected at least {x.shape[-1] + 1 - length} "
                             f"steps, got {x.shape[-1]}")
        windows = _windows(steps, size, self.stride, self.dilation)
        weights = [w.permute(0, 2, 1).reshape(columns, size * channels)
                   for w in (self.w_gate, self.w_value)]
        y = _ops.gated_projection(windows, *weights, self.bias_gate,
                                  self.bias_value, gate=self.gate)
        return y.mT

    def _load(self, state, prefix, *_):
        for kind in "weight", "bias":
            packed = state.pop(prefix + kind, None)
            if packed is None:
                continue
            start = "w_" if kind == "weight" else "bias_"
            for name, half in zip(("gate", "value"),
                                  _layouts.split(packed, self.order)):
                state[prefix + start + name] = half

    def extra_repr(self):
        columns, channels, size = self.w_gate.shape
        return (f"{channels}, {columns}, kernel_size={size}, stride="
                f"{self.stride}, padding={self.padding}, dilation="
                f"{self.dilation}, gate={self.gate!r}, "
                f"bias={self.bias_gate is not None}")


def _windows(steps, size, stride, dilation):
    """Windows (..., T', size * C) of steps (..., T, C)."""
    *batch, length, channels = steps.shape
    reach = dilation * (size - 1) + 1
    count = (length - reach) // stride + 1
    if dilation == 1:
        # Windows overlap in memory: row t begins t * C elements in.
        outer = [s for s in steps.stride()[:-2]]
        return steps.as_strided((*batch, count, size * channels),
                                (*outer, stride * channels, 1))
    # (..., T'', C, reach), of which every dilation-th step.
    parts = steps.unfold(-2, reach, stride)[..., ::dilation]
    return parts.mT.reshape(*batch, count, size * channels)
