"""IREE: linalg compiled for the host CPU with data tiling, local-task threads."""

import numpy as np

from harness.problem import Unsupported


def version():
    import iree.compiler.version
    import iree.runtime  # noqa: F401

    return "iree " + iree.compiler.version.VERSION


def make_module(problem):
    """The layer as linalg on tensors; weights are arguments, as (K, F)."""
    m, k, f = problem.m, problem.k, problem.f

    def matmul(name, a, b, rows, depth, columns):
        kind = f"tensor<{rows}x{columns}xf32>"
        return f"""
    %{name}_e = tensor.empty() : {kind}
    %{name}_z = linalg.fill ins(%zero : f32) outs(%{name}_e : {kind}) -> {kind}
    %{name} = linalg.matmul
        ins({a}, {b} : tensor<{rows}x{depth}xf32>, tensor<{depth}x{columns}xf32>)
        outs(%{name}_z : {kind}) -> {kind}"""

    y = f"tensor<{m}x{f}xf32>"
    ffn = problem.kind == "ffn"
    result = f"tensor<{m}x{k}xf32>" if ffn else y
    down = matmul("down", "%y", "%w_down", m, f, k) if ffn else ""
    extra = f", %w_down: tensor<{f}x{k}xf32>" if ffn else ""
    return f"""
#id = affine_map<(i, j) -> (i, j)>
module {{
  func.func @layer(%x: tensor<{m}x{k}xf32>, %w_gate: tensor<{k}x{f}xf32>,
                   %w_value: tensor<{k}x{f}xf32>{extra}) -> {result} {{
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32{matmul("g", "%x", "%w_gate", m, k, f)}{
        matmul("v", "%x", "%w_value", m, k, f)}
    %y_e = tensor.empty() : {y}
    %y = linalg.generic
        {{indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}}
        ins(%g, %v : {y}, {y}) outs(%y_e : {y}) {{
    ^bb0(%gate: f32, %value: f32, %out: f32):
      %n = arith.negf %gate : f32
      %e = math.exp %n : f32
      %d = arith.addf %e, %one : f32
      %s = arith.divf %gate, %d : f32
      %r = arith.mulf %s, %value : f32
      linalg.yield %r : f32
    }} -> {y}{down}
    return %{"down" if ffn else "y"} : {result}
  }}
}}
"""


def prepare(data, threads):
    import iree.compiler
    import iree.runtime

    problem = data.problem
    if (problem.dtype, problem.gate, problem.bias) != ("f32", "silu", False):
        raise Unsupported("written for SwiGLU in f32 without biases")
    if problem.kind == "conv1d":
        raise Unsupported("not written for convolutions")
    binary = iree.compiler.compile_str(
        make_module(problem), target_backends=["llvm-cpu"], extra_args=[
            "--iree-llvmcpu-target-cpu=host", "--iree-opt-level=O3",
            "--iree-opt-data-tiling=true"])
    iree.runtime.flags.parse_flags(f"--task_topology_max_group_count={threads}")
    config = iree.runtime.Config("local-task")
    context = iree.runtime.SystemContext(config=config)
    context.add_vm_module(iree.runtime.VmModule.copy_buffer(context.instance, binary))
    layer = context.modules.module["layer"]
    arrays = [data.x, data.w_gate.T, data.w_value.T]
    if data.w_down is not None:
        arrays.append(data.w_down.T)
    arguments = [iree.runtime.asdevicearray(config.device, np.ascontiguousarray(a))
                 for a in arrays]
    return lambda: layer(*arguments)


def to_numpy(result):
    return result.to_host()
