"""Gated linear units, compiled for the machine at hand.

A gated linear unit is ``y = f(x Wg + bg, x Wv + bv)``: a *gate* and a *value*
projection of the same input, combined element by element by a *gating
function* ``f`` (GLU: ``sigmoid(g) * v``, SwiGLU: ``silu(g) * v``, ...). This
package computes it as one kernel on NumPy, PyTorch and JAX arrays:

>>> import numpy as np, glu
>>> x = np.ones((2, 8), np.float32)
>>> w_gate, w_value = np.ones((2, 8, 4), np.float32)
>>> glu.gated_projection(x, w_gate, w_value, gate="silu").shape
(2, 4)

Sources: Dauphin et al., "Language Modeling with Gated Convolutional Networks",
2017 (arXiv:1612.08083); Shazeer, "GLU Variants Improve Transformer", 2020
(arXiv:2002.05202).
"""

__version__ = "0.1.0"

# Where each public name lives. Modules are imported when a name is first asked
# for, so that `import glu` costs next to nothing.
_modules = {
    "_projection": ["gated_projection"],
    "_ffn": ["ffn"],
    "_conv": ["gated_conv1d", "gated_conv2d"],
    "_pack": ["pack", "PackedWeights"],
    "_compile": ["compile", "CompiledFunction", "Stages"],
    "_gpu": ["DeviceArray"],
    "_cache": ["cache_dir", "clear_cache"],
    "_errors": ["CompileError", "GatingError"],
    "_threads": ["get_threads", "set_threads"],
    "_gating": ["gating", "gating_functions", "Gating"],
    "_functions": [
        "absolute", "clip", "erf", "exp", "expm1", "log", "log1p", "maximum",
        "minimum", "rsqrt", "sqrt", "where",
    ],
    "_named": [
        "clamped_silu", "drelu", "elu", "gelu", "gelu_tanh", "hard_sigmoid",
        "hard_swish", "identity", "leaky_relu", "mish", "quick_gelu", "relu",
        "relu_squared", "sigmoid", "sigmoid_softplus", "silu", "silu_clamped",
        "softplus", "swiglu_oai", "swish", "tanh", "tanh_sigmoid",
    ],
}
_home = {name: module for module, names in _modules.items() for name in names}
_submodules = ("torch", "jax")

__all__ = sorted(_home)


def __getattr__(name):
    from importlib import import_module

    if name in _home:
        value = getattr(import_module("glu." + _home[name]), name)
        globals()[name] = value
        return value
    if name in _submodules:
        return import_module("glu." + name)
    raise AttributeError(f"module 'glu' has no attribute '{name}'")


def __dir__():
    return sorted(set(globals()) | set(__all__) | set(_submodules))
