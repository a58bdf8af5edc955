"""OpenVINO: latency hint, one stream, constant weights, precision as asked."""

import numpy as np

from harness.problem import Unsupported, bf16_bits


def version():
    import openvino

    return "openvino " + openvino.__version__


def prepare(data, threads):
    import openvino as ov
    from openvino import opset13 as ops

    problem = data.problem
    if problem.kind == "conv1d":
        raise Unsupported("not written for convolutions")
    bf16 = problem.dtype == "bf16"
    kind = ov.Type.bf16 if bf16 else ov.Type.f32

    kept = []  # tensors of bf16 do not keep their memory

    def tensor(array):
        array = np.ascontiguousarray(array)
        if not bf16:
            return ov.Tensor(array)
        kept.append(bf16_bits(array))
        return ov.Tensor(kept[-1], array.shape, kind)

    def constant(array):
        return ops.constant(tensor(array))

    def linear(x, weight, bias):
        y = ops.matmul(x, constant(weight), False, True)
        return y if bias is None else ops.add(y, constant(bias))

    x = ops.parameter([problem.m, problem.k], kind)
    g = linear(x, data.w_gate, data.bias_gate)
    v = linear(x, data.w_value, data.bias_value)
    if problem.gate == "silu":
        # OpenVINO makes it a swish; its `swish` itself takes no bf16 here.
        g = ops.multiply(g, ops.sigmoid(g))
    elif problem.gate in ("sigmoid", "relu"):
        g = getattr(ops, problem.gate)(g)
    elif problem.gate != "identity":
        g = ops.gelu(g, "tanh" if problem.gate == "gelu_tanh" else "erf")
    y = ops.multiply(g, v)
    if data.w_down is not None:
        y = linear(y, data.w_down, None)
    # Results as f32, to read them; the conversion is part of the last loop.
    model = ov.Model([ops.convert(y, "f32") if bf16 else y], [x], "layer")
    compiled = ov.Core().compile_model(model, "CPU", {
        "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False,
        "INFERENCE_PRECISION_HINT": problem.dtype})
    request = compiled.create_infer_request()
    request.set_input_tensor(tensor(data.x))

    def call():
        request.infer()
        return request
    call.kept = kept
    return call


def to_numpy(request):
    return request.get_output_tensor().data
