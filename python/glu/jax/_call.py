"""The primitive of glu.jax: a kernel that a compiled program calls.

It reads arrays through views, which say what vmap did to them; the kernel gets
views as strides, so that nothing is moved or repeated in memory. Lowering makes
the kernel, and a custom call of XLA that carries all it takes to make it again
(`python/src/runtime/XLAHandler.h`).
"""

import json
from functools import lru_cache, partial
from hashlib import sha256
from typing import NamedTuple

import jax
import jax.ffi
from jax.extend.core import Primitive
from jax.interpreters import batching, mlir

from .. import _cache, _ffn, _projection, _runtime, _threads
from .._dispatch import Layout
from .._ir import dense_strides
from .._kernel import Builder, arguments

_units = {
    "gated_projection": (
        _projection.make_unit,
        ("x", "w_gate", "w_value", "bias_gate", "bias_value")),
    "ffn": (
        _ffn.make_unit,
        ("x", "w_gate", "w_value", "w_down", "bias_gate", "bias_value",
         "bias_down")),
}
_target = "glu_kernel"


class View(NamedTuple):
    """How an array is read: its sizes, and for each dimension the axis of the
    array, None where all is repeated."""

    sizes: tuple
    axes: tuple

    def mapped(self, size, axis, position):
        """The view with a dimension more, that of `axis` (None: repeated)."""
        sizes, axes = list(self.sizes), list(self.axes)
        if axis is not None:
            axes = [a if a is None or a < axis else a + 1 for a in axes]
        sizes.insert(position, size)
        axes.insert(position, axis)
        return View(tuple(sizes), tuple(axes))

    def strides(self, shape):
        """In elements of a dense array of `shape`."""
        own = dense_strides(shape)
        return tuple(
            dense if size == 1 else 0 if axis is None else own[axis]
            for size, axis, dense in zip(*self, dense_strides(self.sizes)))

    def read(self, array):
        """The array as it is seen."""
        used = [axis for axis in self.axes if axis is not None]
        rest = [axis for axis in range(array.ndim) if axis not in used]
        array = array.transpose(used + rest).reshape(
            [array.shape[axis] for axis in used])
        return jax.lax.broadcast_in_dim(array, self.sizes, [
            i for i, axis in enumerate(self.axes) if axis is not None])


def _whole(array):
    return View(array.shape, tuple(range(array.ndim)))


def call(function, gate, threads, arrays, extras):
    """The result of `function` of `glu`; biases among `arrays` may be None."""
    views = [a if a is None else _whole(a) for a in arrays]
    sizes = (*views[0].sizes[:-1], views[1].sizes[-1])
    for extra in extras:
        missing = len(sizes) - extra.ndim
        axes = (None,) * missing + tuple(
            axis if extra.shape[axis] == size else None
            for axis, size in enumerate(sizes[missing:]))
        views.append(View(sizes, axes))
    return primitive.bind(
        *[a for a in (*arrays, *extras) if a is not None], function=function,
        gate=gate, threads=threads, views=tuple(views))


primitive = Primitive("glu_kernel")


@lru_cache(maxsize=4096)
def _compiled(**parameters):
    return jax.jit(partial(primitive.bind, **parameters))


@primitive.def_impl
def _run(*arrays, **parameters):
    with jax.disable_jit(False):  # There is nothing else to run it.
        return _compiled(**parameters)(*arrays)


@primitive.def_abstract_eval
def _result(x, *_, function, views, **__):
    last = views[3 if function == "ffn" else 1]
    return jax.core.ShapedArray((*views[0].sizes[:-1], last.sizes[-1]), x.dtype)


# jax.vmap.


def _batch(arrays, dims, *, function, views, **options):
    names = _units[function][1]
    size = next(a.shape[d] for a, d in zip(arrays, dims) if d is not None)
    present = iter(dims)
    axes = [v if v is None else next(present) for v in views]
    ours = range(1, len(names))  # Weights and biases.
    batches = len(views[1].sizes) > 2
    weights_mapped = any(views[i] and axes[i] is not None for i in ours)
    if batches and weights_mapped:
        return _batch_batches(arrays, size, axes, function=function,
                              views=views, **options)
    # A mapped x is more rows, after the batches; mapped weights are batches.
    position = 1 if batches else 0
    new = list(views)
    for i, (view, axis) in enumerate(zip(views, axes)):
        if view is None or i in ours and not weights_mapped:
            continue
        if axis is not None or i not in ours or "bias" not in names[i]:
            new[i] = view.mapped(size, axis, position)
    return primitive.bind(*arrays, function=function, views=tuple(new),
                          **options), position


def _batch_batches(arrays, size, axes, *, function, views, **options):
    """Weights that have batches are mapped: both become one dimension."""
    names = _units[function][1]
    batch = views[1].sizes[0]
    arrays = iter(arrays)
    read = []
    for i, (view, axis) in enumerate(zip(views, axes)):
        if view is None:
            read.append(None)
            continue
        array = next(arrays)
        if i < len(names) and "bias" in names[i] and len(view.sizes) == 1:
            view = view.mapped(batch, None, 0)
        array = view.mapped(size, axis, 0).read(array)
        read.append(array.reshape(size * batch, *array.shape[2:]))
    count = len(names)
    y = call(function, options["gate"], options["threads"], read[:count],
             read[count:])
    return y.reshape(size, batch, *y.shape[1:]), 0


batching.primitive_batchers[primitive] = _batch


# Compiled programs.


def _lower(context, *operands, function, gate, threads, views):
    make_unit, names = _units[function]
    names = [*names, *[f"extras[{i}]" for i in range(len(views) - len(names))]]
    avals = iter(context.avals_in)
    layouts, sources = [], {}
    for i, (name, view) in enumerate(zip(names, views)):
        if view is None:
            layouts.append(None)
            continue
        aval = next(avals)
        if not all(isinstance(size, int) for size in aval.shape):
            raise NotImplementedError(
                f"{name}: expected a shape of integers, got {aval.shape}; "
                "kernels are made for shapes that are known")
        sources[i] = len(sources)
        layouts.append(Layout(name, aval.dtype.name, view.sizes,
                              view.strides(aval.shape), "jax", True))
    sources[len(names)] = len(sources)  # The result.

    unit = make_unit(gate, *layouts, None)
    builder = Builder(unit.dynamic)
    result = unit.build(builder)
    text, options = builder.source(result, "y",
                                   _threads.choose(threads, unit.work))
    options = json.dumps({
        "compile": options,
        "arguments": [(sources[source], list(sizes), list(strides)) for
                      source, sizes, strides in
                      arguments(builder.operands, result)],
        "buffers": [(aval.dtype.name, aval.shape) for aval in
                    (*context.avals_in, *context.avals_out)],
    }, sort_keys=True)
    key = sha256("\0".join([text, options]).encode()).hexdigest()
    _runtime.add_xla_call(key, *_make(text, options))
    return jax.ffi.ffi_lowering(_target)(
        context, *operands, key=key, kernel=text, options=options)


def _make(text, options):
    """(kernel, arguments, buffers) of what a custom call carries."""
    options = json.loads(options)
    kernel = _cache.get(text, **options["compile"]).kernel("kernel")
    return (kernel, *([tuple(item) for item in options[name]]
                      for name in ("arguments", "buffers")))


def _refuse(context, *_, **__):
    platforms = ", ".join(context.platforms or context.module_context.platforms)
    raise NotImplementedError(
        f"glu.jax: kernels run on the CPU, and this is compiled for {platforms}; "
        "jax.default_device or jax.device_put with a device of "
        "jax.devices('cpu') chooses it")


jax.ffi.register_ffi_target(_target, _runtime.xla_handler(_make),
                            platform="cpu")
mlir.register_lowering(primitive, _lower, platform="cpu")
mlir.register_lowering(primitive, _refuse)
