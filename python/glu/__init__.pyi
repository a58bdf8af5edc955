from os import PathLike
from typing import Any, Callable, Mapping, Optional, Sequence, Tuple, TypeVar, Union, overload

from ._cache import cache_dir as cache_dir, clear_cache as clear_cache
from ._compile import CompiledFunction as CompiledFunction, Stages as Stages
from ._errors import CompileError as CompileError, GatingError as GatingError
from ._gating import Gating as Gating
from ._gpu import DeviceArray as DeviceArray
from ._pack import PackedWeights as PackedWeights
from ._trace import Traced

__version__: str

# Anything that speaks DLPack, NumPy's array interface or the buffer protocol.
_Array = TypeVar("_Array")
_Number = Union[Traced, float]
_Gate = Union[str, Gating, "_Named", Callable[..., Traced]]
_Integers = Union[int, Sequence[int]]

class _Named:
    name: str
    @overload
    def __call__(self, /, **parameters: float) -> Gating: ...
    @overload
    def __call__(self, x: Traced, /, **parameters: float) -> Traced: ...

def gated_projection(
    x: _Array, w_gate: Any, w_value: Any = None, bias_gate: Any = None,
    bias_value: Any = None, *, gate: _Gate = "silu", extras: Sequence[Any] = (),
    out: Any = None, threads: Optional[int] = None) -> _Array: ...
def ffn(
    x: _Array, w_gate: Any, w_value: Any = None, w_down: Any = None,
    bias_gate: Any = None, bias_value: Any = None, bias_down: Any = None, *,
    gate: _Gate = "silu", extras: Sequence[Any] = (), out: Any = None,
    threads: Optional[int] = None) -> _Array: ...
def gated_conv1d(
    x: _Array, w_gate: Any, w_value: Any, bias_gate: Any = None,
    bias_value: Any = None, *, gate: _Gate = "sigmoid", stride: _Integers = 1,
    dilation: _Integers = 1, padding: Union[str, _Integers] = 0, out: Any = None,
    threads: Optional[int] = None) -> _Array: ...
def gated_conv2d(
    x: _Array, w_gate: Any, w_value: Any, bias_gate: Any = None,
    bias_value: Any = None, *, gate: _Gate = "sigmoid", stride: _Integers = 1,
    dilation: _Integers = 1, padding: Union[str, _Integers] = 0, out: Any = None,
    threads: Optional[int] = None) -> _Array: ...
def pack(
    w_gate: Any, w_value: Any, w_down: Any = None, bias_gate: Any = None,
    bias_value: Any = None, bias_down: Any = None) -> PackedWeights: ...
def compile(
    ir: Union[str, PathLike[str]], entry: Optional[str] = None, target: str = "cpu",
    dims: Optional[Mapping[Tuple[int, int], int]] = None,
    threads: Optional[int] = None, chip: Optional[str] = None,
    emulate: bool = False) -> CompiledFunction: ...
def gating(function: Callable[..., Traced]) -> Gating: ...
def gating_functions() -> Mapping[str, Mapping[str, float]]: ...
def get_threads() -> int: ...
def set_threads(threads: Optional[int]) -> None: ...

def absolute(x: Traced) -> Traced: ...
def clip(x: _Number, low: _Number, high: _Number) -> Traced: ...
def erf(x: Traced) -> Traced: ...
def exp(x: Traced) -> Traced: ...
def expm1(x: Traced) -> Traced: ...
def log(x: Traced) -> Traced: ...
def log1p(x: Traced) -> Traced: ...
def maximum(a: _Number, b: _Number) -> Traced: ...
def minimum(a: _Number, b: _Number) -> Traced: ...
def rsqrt(x: Traced) -> Traced: ...
def sqrt(x: Traced) -> Traced: ...
def where(condition: Any, a: _Number, b: _Number) -> Traced: ...

clamped_silu: _Named
drelu: _Named
elu: _Named
gelu: _Named
gelu_tanh: _Named
hard_sigmoid: _Named
hard_swish: _Named
identity: _Named
leaky_relu: _Named
mish: _Named
quick_gelu: _Named
relu: _Named
relu_squared: _Named
sigmoid: _Named
sigmoid_softplus: _Named
silu: _Named
silu_clamped: _Named
softplus: _Named
swiglu_oai: _Named
swish: _Named
tanh: _Named
tanh_sigmoid: _Named
