"""Odd Python objects at every function: exceptions, never a crash."""

import random

import numpy as np
import pytest

import glu


class Liar:
    """Attributes of arrays that are none."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __dlpack__(self, **keywords):
        raise BufferError("no")

    def __dlpack_device__(self):
        return (1, 0)


class OddDLPack:
    def __init__(self, capsule, device):
        self.capsule, self.device = capsule, device

    def __dlpack__(self, *args, **keywords):
        return self.capsule

    def __dlpack_device__(self):
        return self.device


def objects():
    yield from (None, 0, -1, 1.5, 10 ** 30, True, "", "silu", "\ud800", b"", b"abc",
                (), [], {}, {1}, object(), type, len, float("nan"), Ellipsis, glu)
    for kind in ("f2", "f4", "f8", "i1", "u8", "?", "c8", "O", "S3", "M8[s]", ">f4"):
        yield np.zeros((2, 4), kind)
        yield np.zeros((4, 4), kind)
    yield from (np.zeros(()), np.zeros((0, 4)), np.zeros((4, 0)), np.zeros(0),
                np.zeros((1,) * 20), np.zeros((4, 4)).T, np.zeros((8, 8))[::2, ::2],
                np.broadcast_to(np.zeros(4), (4, 4)), np.zeros((2, 4, 4)),
                np.frombuffer(bytes(129), "u1")[1:].view("f4").reshape(8, 4),
                np.zeros((4, 4)).view(np.matrix), np.float32(1),
                memoryview(bytes(16)), bytearray(16),
                np.ma.masked_array(np.zeros((4, 4))))
    yield from (Liar(), Liar(__array_struct__=3), Liar(__array_struct__=object()),
                Liar(dtype="float32", shape=(4, 4)), OddDLPack(3, (1, 0)),
                OddDLPack(object(), None), OddDLPack(None, (2, 0)),
                OddDLPack(None, ("a", "b")))
    yield from (glu.silu, glu.silu(), glu.swish(beta=2), lambda g, v: g * v,
                lambda: 0, lambda *a: a[0] * a[1])


functions = {
    "gated_projection": (3, ("bias_gate", "bias_value", "gate", "extras", "out",
                             "threads")),
    "ffn": (4, ("bias_gate", "bias_down", "gate", "extras", "out", "threads")),
    "pack": (2, ("w_down", "bias_gate")),
    "compile": (1, ("entry", "target", "dims", "threads")),
    "gating": (1, ()),
    "set_threads": (1, ()),
    "gated_conv1d": (3, ("stride", "padding", "dilation", "gate")),
    "gated_conv2d": (3, ("stride", "padding", "dilation", "gate")),
    "silu": (1, ("beta",)), "swiglu_oai": (1, ("alpha", "limit")),
    "where": (3, ()), "maximum": (2, ()), "minimum": (2, ()), "clip": (3, ()),
    "PackedWeights": (3, ()), "CompiledFunction": (3, ()), "Stages": (1, ()),
    "get_threads": (0, ()), "cache_dir": (0, ()), "gating_functions": (0, ()),
    # Deletes what all that are tested here would find.
    "clear_cache": (0, ()),
}
# The others take an argument, and perhaps options that are numbers.
functions.update((name, (1, ())) for name in glu.__all__ if name not in functions)


def misuse(function, generator, pool, good, keywords=(), times=300):
    """Calls with arguments that are mostly `good`, so that the odd one gets far,
    now and then too many or too few; only exceptions that say why."""
    for _ in range(times):
        arguments = [generator.choice(pool) if generator.random() < 0.4 else value
                     for value in good]
        if generator.random() < 0.05:
            arguments.append(generator.choice(pool))
        elif generator.random() < 0.05:
            arguments = arguments[1:]
        options = {k: generator.choice(pool) for k in keywords
                   if generator.random() < 0.2}
        try:
            function(*arguments, **options)
        except Exception as error:
            assert type(error) is not SystemError, error
            assert "bad_cast" not in str(error)


@pytest.mark.parametrize("name", functions)
def test_fuzz(name):
    generator = random.Random(name)
    pool = list(objects())
    count, keywords = functions[name]
    good = [np.ones((2, 4)), np.ones((4, 4)), np.ones((4, 4)), np.ones((4, 4))]
    if "conv" in name:
        rank = int(name[-2])
        good = [np.ones((1, 2) + (5,) * rank)] + [np.ones((2, 2) + (1,) * rank)] * 2
    misuse(getattr(glu, name), generator, pool, good[:count], keywords)
    glu.set_threads(None)


def test_private_parts():
    from glu import _runtime

    pool = list(objects())
    generator = random.Random(1)
    for _ in range(500):
        arguments = [generator.choice(pool) for _ in range(generator.randrange(4))]
        target = generator.choice([
            _runtime.layout, _runtime.Library.load, _runtime.Kernel, _runtime.Plan,
            _runtime.Dispatcher, _runtime.Function,
            _runtime.Dispatcher(lambda *a: None, ["x", "out"])])
        with pytest.raises(Exception):
            target(*arguments)
            raise ValueError


def test_objects():
    """Methods of what functions give."""
    pool = list(objects())
    generator = random.Random(2)
    x, w = np.ones((2, 4)), np.ones((4, 4))
    f = glu.compile("""
    func.func @f(%x: tensor<?x?xf64>, %w: tensor<?x4xf64>, %n: i32, %s: f32,
                 %m: memref<?x4xf64>) -> (tensor<?x4xf64>, i32, f32) {
      %c0 = arith.constant 0 : index
      %rows = tensor.dim %x, %c0 : tensor<?x?xf64>
      %e = tensor.empty(%rows) : tensor<?x4xf64>
      %y = linalg.matmul ins(%x, %w : tensor<?x?xf64>, tensor<?x4xf64>)
                         outs(%e : tensor<?x4xf64>) -> tensor<?x4xf64>
      return %y, %n, %s : tensor<?x4xf64>, i32, f32
    }""", threads=1)
    misuse(f, generator, pool, [x, w, 1, 2.0, np.ones((3, 4))], times=2000)
    packed = glu.pack(w, w)
    stages = glu.Stages([("a", "b")])
    gate = glu.silu()
    for thing in f, packed, stages, gate, glu.silu, glu.Gating:
        for name in dir(type(thing)):
            method = getattr(thing, name, None)
            # `save` writes wherever one says, and closes stdout for a 1.
            if callable(method) and name != "save" and (not name.startswith("__") or name in (
                    "__call__", "__getitem__", "__contains__", "__eq__")):
                for count in range(4):
                    misuse(method, generator, pool, pool[:count], times=20)


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_other_libraries(library):
    pytest.importorskip(library)
    module = getattr(glu, library)
    pool = list(objects())
    if library == "torch":
        import torch

        good = [torch.ones(2, 4)] + [torch.ones(4, 4)] * 3
        pool += [torch.ones(2, 4, dtype=torch.int8), torch.ones(2, 4).to_sparse(),
                 torch.ones(4, 4, device="meta"), torch.nn.Linear(4, 4),
                 torch.ones(2, 4, requires_grad=True), torch.ones(0)]
    else:
        import jax.numpy as jnp

        good = [jnp.ones((2, 4))] + [jnp.ones((4, 4))] * 3
        pool += [jnp.ones((2, 4), "int8"), jnp.ones(()), jnp.ones((0, 4)),
                 jnp.ones((2, 4, 4))]
    generator = random.Random(3)
    keywords = "bias_gate", "bias_value", "gate", "extras", "threads"
    misuse(module.gated_projection, generator, pool, good[:3], keywords)
    misuse(module.ffn, generator, pool, good, keywords)
    if library == "torch":
        misuse(module.convert, generator, pool, good[:1], ("check",))
        for name in "GatedLinear", "FeedForward", "GatedConv1d":
            misuse(getattr(module, name), generator, pool, [4, 4],
                   ("gate", "bias", "dtype"))
