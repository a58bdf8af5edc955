// RUN: glu-opt %s --transform-interpreter --canonicalize --split-input-file | FileCheck %s
// RUN: glu-opt %s --split-input-file | glu-opt --split-input-file | FileCheck %s --check-prefix=SYNTAX

// A schedule that finds a gated unit and says how it and the down projection
// are tiled; the passes obey it.

// SYNTAX: transform.glu.raise %{{.*}} : (!transform.any_op) -> !transform.op<"glu.gate">
// SYNTAX: transform.glu.fuse %{{.*}} : (!transform.op<"glu.gate">) -> !transform.op<"glu.gated_projection">
// SYNTAX: transform.glu.set_schedule %{{.*}} <rows = 4, columns = 16, block_rows = 8, block_columns = 32> : !transform.op<"glu.gated_projection">

// CHECK-LABEL: func @ffn
//   CHECK-NOT:   linalg.generic
//       CHECK:   glu.gated_projection silu
//  CHECK-SAME:     glu.schedule = #glu.schedule<rows = 4, columns = 16, block_rows = 8, block_columns = 32>
//       CHECK:   linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 8, block_rows = 2, block_columns = 8>}
func.func @ffn(%x: tensor<8x32xf32>, %wg: tensor<32x64xf32>, %wv: tensor<32x64xf32>, %wd: tensor<64x32xf32>) -> tensor<8x32xf32> {
  %zero = arith.constant dense<0.0> : tensor<8x64xf32>
  %e = tensor.empty() : tensor<8x64xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<8x32xf32>, tensor<32x64xf32>) outs(%zero : tensor<8x64xf32>) -> tensor<8x64xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<8x32xf32>, tensor<32x64xf32>) outs(%zero : tensor<8x64xf32>) -> tensor<8x64xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%g, %v : tensor<8x64xf32>, tensor<8x64xf32>) outs(%e : tensor<8x64xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %one = arith.constant 1.0 : f32
    %n = arith.negf %a : f32
    %x1 = math.exp %n : f32
    %d = arith.addf %x1, %one : f32
    %s = arith.divf %a, %d : f32
    %r = arith.mulf %s, %b : f32
    linalg.yield %r : f32
  } -> tensor<8x64xf32>
  %zd = arith.constant dense<0.0> : tensor<8x32xf32>
  %r = linalg.matmul ins(%y, %wd : tensor<8x64xf32>, tensor<64x32xf32>) outs(%zd : tensor<8x32xf32>) -> tensor<8x32xf32>
  return %r : tensor<8x32xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %func = transform.structured.match ops{["func.func"]} in %module : (!transform.any_op) -> !transform.any_op
    %gates = transform.glu.raise %func : (!transform.any_op) -> !transform.op<"glu.gate">
    %units = transform.glu.fuse %gates : (!transform.op<"glu.gate">) -> !transform.op<"glu.gated_projection">
    transform.glu.set_schedule %units <rows = 4, columns = 16, block_rows = 8, block_columns = 32> : !transform.op<"glu.gated_projection">
    %down = transform.structured.match ops{["linalg.matmul"]} in %func : (!transform.any_op) -> !transform.any_op
    transform.glu.set_schedule %down <rows = 2, columns = 8, block_rows = 2, block_columns = 8> : !transform.any_op
    transform.yield
  }
}

// -----

// Nothing to raise: the handle is empty, which is no error.

// CHECK-LABEL: func @plain
//       CHECK:   linalg.matmul
//   CHECK-NOT:   = glu.
func.func @plain(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<8x8xf32>
  %r = linalg.matmul ins(%x, %x : tensor<8x8xf32>, tensor<8x8xf32>) outs(%zero : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %r : tensor<8x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %func = transform.structured.match ops{["func.func"]} in %module : (!transform.any_op) -> !transform.any_op
    %gates = transform.glu.raise %func : (!transform.any_op) -> !transform.any_op
    %units = transform.glu.fuse %gates : (!transform.any_op) -> !transform.any_op
    transform.glu.set_schedule %units <rows = 1, columns = 1, block_rows = 1, block_columns = 1> : !transform.any_op
    transform.yield
  }
}

// -----

// Handles to what raising and fusing erase lose it, those to the rest stay.

// CHECK-LABEL: func @handles
//       CHECK:   glu.gated_projection tanh
//       CHECK:   return {still}
func.func @handles(%x: tensor<8x8xf32>, %w: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<8x8xf32>
  %e = tensor.empty() : tensor<8x8xf32>
  %g = linalg.matmul ins(%x, %w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%zero : tensor<8x8xf32>) -> tensor<8x8xf32>
  %t = linalg.tanh ins(%g : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %y = linalg.mul ins(%t, %x : tensor<8x8xf32>, tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %func = transform.structured.match ops{["func.func"]} in %module : (!transform.any_op) -> !transform.any_op
    %linalg = transform.structured.match ops{["linalg.matmul", "linalg.mul", "linalg.tanh"]} in %func : (!transform.any_op) -> !transform.any_op
    %return = transform.structured.match ops{["func.return"]} in %func : (!transform.any_op) -> !transform.any_op
    %gates = transform.glu.raise %func : (!transform.any_op) -> !transform.any_op
    %units = transform.glu.fuse %gates : (!transform.any_op) -> !transform.any_op
    transform.annotate %linalg "gone" : !transform.any_op
    transform.annotate %return "still" : !transform.any_op
    transform.yield
  }
}
