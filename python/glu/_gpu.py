"""Calls of functions that run on a GPU, and their results."""

import sys

from . import _runtime

#: DLPack's name of CUDA's memory, and the handle of CUDA's default stream.
_cuda = 2
_default_stream = 1


class DeviceArray:
    """An array in the memory of the first CUDA GPU: a result of a function.

    Others take it by DLPack (``torch.from_dlpack``, ``cupy.from_dlpack``, ...) or
    CUDA's array interface. What computes it may still be under way in the
    stream of the call; who takes it by DLPack for another stream waits for it.
    """

    __slots__ = ("_owner", "_address", "dtype", "shape", "_strides", "_stream")

    def __init__(self, result, stream):
        (self._owner, self._address, self.dtype, self.shape,
         self._strides) = result
        self._stream = stream

    def __dlpack_device__(self):
        return _cuda, 0

    def __dlpack__(self, stream=None, **_):
        # As the standard says: None is the default stream, -1 does not care.
        if stream != -1 and (stream or _default_stream) != self._stream:
            _runtime.synchronize_cuda(self._stream)
        return _runtime.cuda_capsule(self._owner, self._address, self.dtype,
                                     list(self.shape), list(self._strides))

    @property
    def __cuda_array_interface__(self):
        import numpy

        raw = numpy.dtype(self.dtype)  # TypeError if NumPy has no name for it.
        return {"version": 3, "shape": self.shape, "typestr": raw.str,
                "data": (self._address, False), "stream": self._stream,
                "strides": tuple(s * raw.itemsize for s in self._strides)}

    def __repr__(self):
        return f"<glu array on the GPU, {self.dtype} of shape {self.shape}>"


def call(function, arguments, stream):
    """The results of a `_runtime.Function` that runs on CUDA's GPU."""
    library = _get_library(arguments)
    if stream is None:
        stream = _default_stream
        if library == "torch":
            stream = sys.modules["torch"].cuda.current_stream().cuda_stream
    elif isinstance(stream, bool) or not isinstance(stream, int) or (
            not 0 <= stream < 1 << 64):
        raise TypeError("stream: expected the handle of a stream, an integer, "
                        f"got {stream!r}")
    stream = stream or _default_stream
    convert = {"torch": _to_torch, "jax": _to_jax}.get(library, lambda a: a)
    return [convert(DeviceArray(r, stream)) if isinstance(r, tuple) else r
            for r in function(arguments, stream)]


def _get_library(arguments):
    """"torch" if there is a tensor of PyTorch's on a GPU, else "jax" or None."""
    found = None
    for argument in arguments:
        module = type(argument).__module__ or ""
        if module.partition(".")[0] == "torch":
            if getattr(argument, "is_cuda", False):
                return "torch"
        elif module.partition(".")[0] in ("jax", "jaxlib"):
            found = "jax"
    return found


def _to_torch(array):
    import torch

    # To be used in the stream that it is made in, as PyTorch's own results.
    return torch.utils.dlpack.from_dlpack(array.__dlpack__(stream=-1))


def _to_jax(array):
    import jax

    return jax.dlpack.from_dlpack(array)
