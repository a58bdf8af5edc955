"""Modules: a gated linear unit, a feed-forward layer, a gated convolution."""

import math

import torch
from torch import nn

from .. import _ffn, _projection
from . import _check, _conv, _layouts, _ops
from ._gating import decode, encode
from ._packed import Packing


class _Gated(nn.Module):
    # Weights of two branches, and of a down projection in one subclass; loads
    # state dicts of other layouts.

    def __init__(self, gate, order):
        super().__init__()
        if not isinstance(order, str) or order not in _layouts.orders:
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


class _Packing(Packing, _Gated):
    # Runs with packed weights where it can.

    def __init__(self, gate, order, pack, bias, **sizes):
        super().__init__(gate, order)
        _check.boolean("pack", pack)
        _check.boolean("bias", bias)
        self.pack = pack
        for name, value in sizes.items():
            _check.integer(name, value, 1)

    def _run(self, kernel, operator, x, names):
        weights = [getattr(self, name) for name in names]
        if self._pack and not torch.compiler.is_compiling():
            state = self._packed.get(x, [w for w in weights if w is not None])
            if state is not None:
                y = state.apply(kernel, x, self.gate,
                                lambda: dict(zip(names, weights)))
                if y is not None:
                    return y
        return operator(x, *weights, gate=self.gate, pack=self._pack_in_graph)


class GatedLinear(_Packing):
    """A gated linear unit: f(x w_gate^T + bias_gate, x w_value^T + bias_value).

    Parameters:
        in_features: K, the size of the last dimension of the input (..., K).
        hidden_features: N, that of the output (..., N).
        gate: the gating function, as in `glu.gated_projection`.
        bias: whether there are biases.
        order: how packed weights that are loaded are shared out: "gate_first",
            "gate_last" (as for `torch.nn.GLU`) or "interleaved".
        pack: whether to keep packed copies of the weights for calls that need no
            gradients: faster, and as much memory again as the weights.
        device, dtype: of the parameters.

    Its parameters are w_gate and w_value of shape (N, K), bias_gate and
    bias_value of shape (N,). `load_state_dict` also takes gate_proj and up_proj,
    w1 and w3, wi_0 and wi_1, or packed gate_up_proj or Wi.

    >>> import torch, glu.torch
    >>> glu.torch.GatedLinear(8, 4, gate="gelu")(torch.ones(3, 8)).shape
    torch.Size([3, 4])
    """

    def __init__(self, in_features, hidden_features, *, gate="silu", bias=False,
                 order="gate_first", pack=True, device=None, dtype=None):
        super().__init__(gate, order, pack, bias, in_features=in_features,
                         hidden_features=hidden_features)
        options = dict(device=device, dtype=dtype)
        shape = hidden_features, in_features
        for name in "w_gate", "w_value":
            self._make(name, shape, in_features, **options)
        for name in "bias_gate", "bias_value":
            self._make(name, shape[:1], in_features, bias, **options)

    def forward(self, x):
        """x of shape (..., K) to (..., N)."""
        return self._run(_projection.gated_projection, _ops.gated_projection, x,
                         ("w_gate", "w_value", "bias_gate", "bias_value"))

    def extra_repr(self):
        columns, depth = self.w_gate.shape
        return (f"{depth}, {columns}, gate={self.gate!r}, "
                f"bias={self.bias_gate is not None}")


class FeedForward(_Packing):
    """A gated feed-forward layer: a gated linear unit and a down projection.

    Parameters:
        in_features: K, the size of the last dimension of the input (..., K).
        hidden_features: N, that of what is gated.
        out_features: D, that of the output (..., D); None: K.
        gate, bias, order, pack, device, dtype: as in `GatedLinear`.
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
                 pack=True, device=None, dtype=None):
        batch = {} if experts is None else {"experts": experts}
        if out_features is None:
            out_features = in_features
        super().__init__(gate, order, pack, bias, in_features=in_features,
                         hidden_features=hidden_features,
                         out_features=out_features, **batch)
        options = dict(device=device, dtype=dtype)
        batch = tuple(batch.values())
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
        return self._run(_ffn.ffn, _ops.ffn, x, (
            "w_gate", "w_value", "w_down", "bias_gate", "bias_value",
            "bias_down"))

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
    and bias_value of shape (N,).

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
                ("in_channels", in_channels, 1), ("out_channels", out_channels, 1),
                ("kernel_size", kernel_size, 1), ("stride", stride, 1),
                ("dilation", dilation, 1), ("padding", padding, 0)):
            _check.integer(name, value, least)
        _check.boolean("causal", causal)
        _check.boolean("bias", bias)
        if causal and padding:
            raise ValueError("padding: expected 0 where causal says it, got "
                             f"{padding}")
        self.padding, self.causal = padding, causal
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
        return _conv.gated_conv1d(
            x, self.w_gate, self.w_value, self.bias_gate, self.bias_value,
            gate=self.gate, stride=self.stride, dilation=self.dilation,
            padding="causal" if self.causal else self.padding)

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
                f"{self.dilation}, causal={self.causal}, gate={self.gate!r}, "
                f"bias={self.bias_gate is not None}")
