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
    "where": (3, ()), "exp": (1, ()), "silu": (1, ("beta",)),
}


@pytest.mark.parametrize("name", functions)
def test_fuzz(name):
    generator = random.Random(name)
    pool = list(objects())
    count, keywords = functions[name]
    good = [np.ones((2, 4)), np.ones((4, 4)), np.ones((4, 4)), np.ones((4, 4))]
    if "conv" in name:
        rank = int(name[-2])
        good = [np.ones((1, 2) + (5,) * rank)] + [np.ones((2, 2) + (1,) * rank)] * 2
    for _ in range(300):
        # Mostly right, so that the odd one gets far.
        arguments = [generator.choice(pool) if generator.random() < 0.4 else good[i]
                     for i in range(count)]
        options = {k: generator.choice(pool) for k in keywords
                   if generator.random() < 0.2}
        try:
            getattr(glu, name)(*arguments, **options)
        except Exception as error:
            assert type(error) is not SystemError, error
            assert "bad_cast" not in str(error)
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
