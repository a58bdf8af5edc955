"""ONNX Runtime: constant weights (prepacked), all graph optimisations, bound buffers."""

import numpy as np

from harness.problem import Unsupported


def version():
    import onnxruntime

    return "onnxruntime " + onnxruntime.__version__


def make_model(data):
    """The layer as an ONNX model; weights as (K, F) initialisers."""
    from onnx import TensorProto, helper, numpy_helper

    problem = data.problem
    nodes, weights = [], []

    def constant(name, array):
        weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(kind, inputs, output):
        nodes.append(helper.make_node(kind, inputs, [output]))
        return output

    def linear(x, name, weight, bias):
        y = node("MatMul", [x, constant("w_" + name, weight.T)], name)
        if bias is None:
            return y
        return node("Add", [y, constant("b_" + name, bias)], name + "_biased")

    g = linear("x", "gate", data.w_gate, data.bias_gate)
    v = linear("x", "value", data.w_value, data.bias_value)
    if problem.gate == "silu":
        g = node("Mul", [g, node("Sigmoid", [g], "sigmoid")], "silu")
    elif problem.gate in ("sigmoid", "relu"):
        g = node(problem.gate.title(), [g], "act")
    elif problem.gate != "identity":
        nodes.append(helper.make_node(
            "Gelu", [g], ["act"],
            approximate="tanh" if problem.gate == "gelu_tanh" else "none"))
        g = "act"
    y, columns = node("Mul", [g, v], "y"), problem.f
    if data.w_down is not None:
        y, columns = linear(y, "down", data.w_down, None), problem.k
    float32 = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes, "layer",
        [helper.make_tensor_value_info("x", float32, [problem.m, problem.k])],
        [helper.make_tensor_value_info(y, float32, [problem.m, columns])], weights)
    return helper.make_model(graph, ir_version=9,
                             opset_imports=[helper.make_opsetid("", 20)]), y, columns


def prepare(data, threads):
    import onnxruntime

    problem = data.problem
    if problem.dtype != "f32":
        raise Unsupported("ONNX Runtime's CPU kernels have no bf16 MatMul")
    if problem.kind == "conv1d":
        raise Unsupported("not written for convolutions")
    model, name, columns = make_model(data)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    out = np.empty((problem.m, columns), np.float32)
    binding = session.io_binding()
    binding.bind_cpu_input("x", data.x)
    binding.bind_output(name, "cpu", 0, np.float32, out.shape, out.ctypes.data)

    def call():
        session.run_with_iobinding(binding)
        return out
    return call
