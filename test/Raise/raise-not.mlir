// RUN: glu-opt %s --glu-raise --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-raise --split-input-file -o /dev/null \
// RUN:   --remark-format=emitRemark --remarks-filter=glu 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

// What resembles a gated unit and is none stays as it is, and a remark says why.

// A residual.
// CHECK-LABEL: func @sum
//   CHECK-NOT:   glu.gate
//       CHECK:   math.tanh
func.func @sum(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %r: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %t = math.tanh %g : tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: the branches are only added, not mixed
  %y = arith.addf %t, %r : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A function of a sum: x + relu-like of the residual, squared here.
// CHECK-LABEL: func @function_of_sum
//   CHECK-NOT:   glu.gate
func.func @function_of_sum(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %r: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %s = arith.addf %g, %r : tensor<4x6xf32>
  %t = math.tanh %s : tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: the branches are only added, not mixed
  %y = arith.mulf %s, %t : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A plain activation with a bias and a scale per column.
// CHECK-LABEL: func @activation
//   CHECK-NOT:   glu.gate
func.func @activation(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %b: tensor<6xf32>, %s: tensor<6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %bb = linalg.broadcast ins(%b : tensor<6xf32>) outs(%e : tensor<4x6xf32>) dimensions = [0]
  %ss = linalg.broadcast ins(%s : tensor<6xf32>) outs(%e : tensor<4x6xf32>) dimensions = [0]
  %a = arith.addf %g, %bb : tensor<4x6xf32>
  %t = math.tanh %a : tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: only one branch: a projection and an activation
  %y = arith.mulf %t, %ss : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// CHECK-LABEL: func @no_projection
//   CHECK-NOT:   glu.gate
func.func @no_projection(%g: tensor<4x6xf32>, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %t = math.tanh %g : tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: no operand is the result of a contraction or convolution
  %y = arith.mulf %t, %v : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A softmax with a mask: the maximum comes from the projection itself.
// CHECK-LABEL: func @softmax
//   CHECK-NOT:   glu.gate
func.func @softmax(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %mask: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %low = arith.constant dense<0xFF800000> : tensor<4xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %s = arith.addf %g, %mask : tensor<4x6xf32>
  %m = linalg.reduce { arith.maximumf } ins(%s : tensor<4x6xf32>) outs(%low : tensor<4xf32>) dimensions = [1]
  %mm = linalg.broadcast ins(%m : tensor<4xf32>) outs(%e : tensor<4x6xf32>) dimensions = [1]
  %d = arith.subf %s, %mm : tensor<4x6xf32>
  %y = math.exp %d : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Normalised by its own maximum and then gated by a tensor.
// CHECK-LABEL: func @normalised
//   CHECK-NOT:   glu.gate
func.func @normalised(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %low = arith.constant dense<0xFF800000> : tensor<4xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %m = linalg.reduce { arith.maximumf } ins(%g : tensor<4x6xf32>) outs(%low : tensor<4xf32>) dimensions = [1]
  %mm = linalg.broadcast ins(%m : tensor<4xf32>) outs(%e : tensor<4x6xf32>) dimensions = [1]
  %d = arith.divf %g, %mm : tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: an operand is computed from the projection itself
  %y = arith.mulf %d, %v : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A body that reads its position.
// CHECK-LABEL: func @index_mask
//   CHECK-NOT:   glu.gate
#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @index_mask(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %f0 = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%g, %v : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %c = arith.cmpi sle, %j, %i : index
    %p = arith.mulf %a, %b : f32
    %q = arith.select %c, %p, %f0 : f32
    linalg.yield %q : f32
  } -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Another reduction than a sum of products is no projection.
// CHECK-LABEL: func @max_plus
//   CHECK-NOT:   glu.gate
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @max_plus(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    %t = arith.maximumf %o, %s : f32
    linalg.yield %t : f32
  } -> tensor<4x6xf32>
  %y = arith.mulf %g, %v : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// One half twice is one branch.
// CHECK-LABEL: func @same_half_twice
//   CHECK-NOT:   glu.gate
func.func @same_half_twice(%x: tensor<4x8xf32>, %w: tensor<8x12xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x12xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x12xf32>) outs(%zero : tensor<4x12xf32>) -> tensor<4x12xf32>
  %g = tensor.extract_slice %p[0, 6] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %v = tensor.extract_slice %p[0, 6] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %t = math.tanh %g : tensor<4x6xf32>
  %y = arith.mulf %t, %v : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A function that reads where it is.
// CHECK-LABEL: func @index
//   CHECK-NOT:   glu.gate
//       CHECK:   linalg.index
func.func @index(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: its body reads indices or has effects
  %y = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
      ins(%g, %v : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %i = linalg.index 0 : index
    %0 = arith.index_cast %i : index to i32
    %1 = arith.sitofp %0 : i32 to f32
    %2 = arith.mulf %a, %b : f32
    %3 = arith.mulf %2, %1 : f32
    linalg.yield %3 : f32
  } -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A map that no view expresses.
// CHECK-LABEL: func @not_linear
//   CHECK-NOT:   glu.gate
//       CHECK:   arith.maximumf
func.func @not_linear(%x: tensor<12x8xf32>, %w: tensor<8x6xf32>, %v: tensor<4x6xf32>) -> tensor<12x6xf32> {
  %f = arith.constant 0.0 : f32
  %zero = arith.constant dense<0.0> : tensor<12x6xf32>
  %e = tensor.empty() : tensor<12x6xf32>
  %g = linalg.matmul ins(%x, %w : tensor<12x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<12x6xf32>) -> tensor<12x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: its indices are not linear
  %y = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m floordiv 3, n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
      ins(%g, %v : tensor<12x6xf32>, tensor<4x6xf32>) outs(%e : tensor<12x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %0 = arith.maximumf %a, %f : f32
    %1 = arith.mulf %0, %b : f32
    linalg.yield %1 : f32
  } -> tensor<12x6xf32>
  return %y : tensor<12x6xf32>
}

// -----

// A maximum over products is no projection, though it looks like one.
// CHECK-LABEL: func @largest
//   CHECK-NOT:   glu.gate
//       CHECK:   linalg.mul
func.func @largest(%x: tensor<7x32xf32>, %w: tensor<32x16xf32>, %h: tensor<7x24x16xf32>, %o: tensor<7x16xf32>) -> tensor<7x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<7x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  %g = linalg.matmul ins(%x, %w : tensor<7x32xf32>, tensor<32x16xf32>) outs(%f : tensor<7x16xf32>) -> tensor<7x16xf32>
  %v = linalg.reduce {arith.maximumf} ins(%h : tensor<7x24x16xf32>) outs(%o : tensor<7x16xf32>) dimensions = [1]
  %th = linalg.tanh ins(%g : tensor<7x16xf32>) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not a gated unit: an operand is a reduction, but no sum of products
  %y = linalg.mul ins(%th, %v : tensor<7x16xf32>, tensor<7x16xf32>) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  return %y : tensor<7x16xf32>
}
