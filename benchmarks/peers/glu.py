"""glu, weights packed once by glu.pack."""

import numpy as np

from harness.problem import Unsupported, bf16_bits


def environment(threads):
    return {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "active"}


def version():
    import glu

    return "glu " + glu.__version__


def arrays(data):
    """x, the weights as (K, F), biases and w_down as (F, K), in the dtype."""

    def cast(array):
        if array is None or data.problem.dtype == "f32":
            return array
        import ml_dtypes

        return bf16_bits(np.ascontiguousarray(array)).view(ml_dtypes.bfloat16)

    packed = data.packed, data.bias
    data.packed, data.bias = map(cast, packed)
    parts = (cast(data.x), data.w_gate.T, data.w_value.T, data.bias_gate,
             data.bias_value, None if data.w_down is None else cast(data.w_down).T)
    data.packed, data.bias = packed
    return parts


def prepare(data, threads, pack=True):
    import glu

    problem = data.problem
    if problem.kind == "conv1d":
        return prepare_conv(data, threads, pack)
    x, w_gate, w_value, bias_gate, bias_value, w_down = arrays(data)
    layer = glu.gated_projection if w_down is None else glu.ffn
    out = np.empty((problem.m, problem.f if w_down is None else problem.k), x.dtype)
    if pack:
        weights = (glu.pack(w_gate, w_value, w_down, bias_gate, bias_value),)
    else:
        weights = ((w_gate, w_value) + (() if w_down is None else (w_down,))
                   + (bias_gate, bias_value))
    gate = problem.gate
    return lambda: layer(x, *weights, gate=gate, out=out, threads=threads)


def prepare_conv(data, threads, pack):
    import glu

    if pack:
        raise Unsupported("convolutions have no packed weights: see glu_unpacked")
    problem = data.problem
    if problem.dtype != "f32":
        raise Unsupported("the suite's convolutions are f32")
    x = data.x[None]
    w_gate, w_value = data.w_gate, data.w_value
    biases = data.bias_gate, data.bias_value

    def call():
        return glu.gated_conv1d(x, w_gate, w_value, *biases, gate=problem.gate,
                                threads=threads)[0]
    return call


def to_numpy(result):
    return np.asarray(result).astype(np.float32)
