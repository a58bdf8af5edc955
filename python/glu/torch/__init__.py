"""`glu` for PyTorch: operators with derivatives, modules, and `convert`.

>>> import torch, glu.torch
>>> layer = glu.torch.FeedForward(8, 16, gate="silu")
>>> layer(torch.ones(2, 8)).shape
torch.Size([2, 8])

Tensors are on the CPU. Needs PyTorch 2.4 or newer.
"""

try:
    import torch as _torch
except ImportError as error:
    raise ImportError("glu.torch needs PyTorch: pip install torch") from error

if not hasattr(_torch.library, "custom_op"):
    raise ImportError("glu.torch needs PyTorch 2.4 or newer, got "
                      + _torch.__version__)

from ._conv import gated_conv1d
from ._convert import Conversion, Converted, convert
from ._modules import FeedForward, GatedConv1d, GatedLinear
from ._ops import ffn, gated_projection

__all__ = ["Conversion", "Converted", "FeedForward", "GatedConv1d",
           "GatedLinear", "convert", "ffn", "gated_conv1d", "gated_projection"]
