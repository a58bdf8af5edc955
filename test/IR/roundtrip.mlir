// RUN: glu-opt %s | glu-opt | FileCheck %s
// RUN: glu-opt %s -mlir-print-op-generic | glu-opt | FileCheck %s
// RUN: glu-opt %s -emit-bytecode | glu-opt | FileCheck %s

// CHECK-DAG: #[[MK:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[NK:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[MN:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
#m = affine_map<(m, n, k) -> (m)>
#k = affine_map<(m, n, k) -> (k)>

// The default maps need not be written, and are not printed.

// CHECK-LABEL: func @matmul
//       CHECK: %{{.*}} = glu.gated_projection silu gate(%{{.*}}, %{{.*}} : tensor<8x32xf32>, tensor<32x16xf32>) value(%{{.*}}, %{{.*}} : tensor<8x32xf32>, tensor<32x16xf32>) outs(%{{.*}} : tensor<8x16xf32>) -> tensor<8x16xf32>
func.func @matmul(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>)
         outs(%o : tensor<8x16xf32>) attributes {indexing_maps = [#mk, #kn, #mk, #kn, #mn]} -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// Batches: of the weights too, or of the input alone; biases and extras lie
// along the last dimensions.

// CHECK-LABEL: func @batched
//       CHECK: glu.gated_projection gelu gate(%{{.*}}, %{{.*}}, %{{.*}} : tensor<2x8x32xf32>, tensor<2x32x16xf32>, tensor<16xf32>) value(%{{.*}}, %{{.*}}, %{{.*}} : tensor<2x8x32xf32>, tensor<32x16xf32>, tensor<8x16xf32>) outs(%{{.*}} : tensor<2x8x16xf32>) -> tensor<2x8x16xf32>
func.func @batched(%x: tensor<2x8x32xf32>, %wg: tensor<2x32x16xf32>, %wv: tensor<32x16xf32>, %b: tensor<16xf32>, %c: tensor<8x16xf32>, %o: tensor<2x8x16xf32>) -> tensor<2x8x16xf32> {
  %y = glu.gated_projection gelu gate(%x, %wg, %b : tensor<2x8x32xf32>, tensor<2x32x16xf32>, tensor<16xf32>)
         value(%x, %wv, %c : tensor<2x8x32xf32>, tensor<32x16xf32>, tensor<8x16xf32>) outs(%o : tensor<2x8x16xf32>) -> tensor<2x8x16xf32>
  return %y : tensor<2x8x16xf32>
}

// A vector times a matrix.

// CHECK-LABEL: func @vector
//       CHECK: glu.gated_projection relu gate(%{{.*}}, %{{.*}} : tensor<32xf32>, tensor<32x16xf32>) value(%{{.*}} : tensor<16xf32>) outs(%{{.*}} : tensor<16xf32>) -> tensor<16xf32>
func.func @vector(%x: tensor<32xf32>, %w: tensor<32x16xf32>, %v: tensor<16xf32>, %o: tensor<16xf32>) -> tensor<16xf32> {
  %y = glu.gated_projection relu gate(%x, %w : tensor<32xf32>, tensor<32x16xf32>) value(%v : tensor<16xf32>) outs(%o : tensor<16xf32>) -> tensor<16xf32>
  return %y : tensor<16xf32>
}

// Other accumulators than the default are said by `in`, or by the region.

// CHECK-LABEL: func @accumulators
//       CHECK: glu.gated_projection silu gate(%{{.*}}, %{{.*}} : tensor<8x32xbf16>, tensor<32x16xbf16>) {{.*}} -> tensor<8x16xbf16>
//       CHECK: glu.gated_projection silu in f64 gate(
//       CHECK: glu.gated_projection silu in bf16 gate(
//       CHECK: glu.gated_projection swish<beta = 1.500000e+00> in f16 gate(%{{.*}} : tensor<8x32xf8E4M3FN>, tensor<32x16xf8E5M2>)
func.func @accumulators(%x: tensor<8x32xbf16>, %w: tensor<32x16xbf16>, %a: tensor<8x32xf8E4M3FN>, %b: tensor<32x16xf8E5M2>, %o: tensor<8x16xbf16>)
    -> (tensor<8x16xbf16>, tensor<8x16xbf16>, tensor<8x16xbf16>, tensor<8x16xbf16>) {
  %0 = glu.gated_projection silu in f32 gate(%x, %w : tensor<8x32xbf16>, tensor<32x16xbf16>) value(%x, %w : tensor<8x32xbf16>, tensor<32x16xbf16>) outs(%o : tensor<8x16xbf16>) -> tensor<8x16xbf16>
  %1 = glu.gated_projection silu in f64 gate(%x, %w : tensor<8x32xbf16>, tensor<32x16xbf16>) value(%x, %w : tensor<8x32xbf16>, tensor<32x16xbf16>) outs(%o : tensor<8x16xbf16>) -> tensor<8x16xbf16>
  %2 = glu.gated_projection silu in bf16 gate(%x, %w : tensor<8x32xbf16>, tensor<32x16xbf16>) value(%o : tensor<8x16xbf16>) outs(%o : tensor<8x16xbf16>) -> tensor<8x16xbf16>
  %3 = glu.gated_projection swish<beta = 1.5> in f16 gate(%a, %b : tensor<8x32xf8E4M3FN>, tensor<32x16xf8E5M2>) value(%a, %b : tensor<8x32xf8E4M3FN>, tensor<32x16xf8E5M2>) outs(%o : tensor<8x16xbf16>) -> tensor<8x16xbf16>
  return %0, %1, %2, %3 : tensor<8x16xbf16>, tensor<8x16xbf16>, tensor<8x16xbf16>, tensor<8x16xbf16>
}

// A region, transposed weights, extras (one of them a scalar), two results, and
// attributes of others.

// CHECK-LABEL: func @general
//       CHECK:   %{{.*}}:2 = glu.gated_projection gate(%{{.*}}, %{{.*}} : tensor<?x?xf32>, tensor<?x?xf32>) value(%{{.*}}, %{{.*}} : tensor<?x?xf32>, tensor<?xf32>) extras(%{{.*}}, %{{.*}} : tensor<?xf32>, f32) outs(%{{.*}}, %{{.*}} : tensor<?x?xf32>, tensor<?x?xf16>)
//  CHECK-SAME:     attributes {indexing_maps = [#[[MK]], #[[NK]], #[[MK]], #{{.*}}, #{{.*}}, #{{.*}}, #[[MN]], #[[MN]]], other = "kept"} {
//       CHECK:   ^bb0(%[[G:.*]]: f32, %[[V:.*]]: f32, %[[E:.*]]: f32, %[[S:.*]]: f32):
//       CHECK:     %[[T:.*]] = math.tanh %[[G]] : f32
//       CHECK:     %[[P:.*]] = arith.mulf %[[T]], %[[E]] : f32
//       CHECK:     %[[Q:.*]] = arith.addf %[[P]], %[[S]] : f32
//       CHECK:     %[[R:.*]] = arith.truncf %[[V]] : f32 to f16
//       CHECK:     glu.yield %[[Q]], %[[R]] : f32, f16
//       CHECK:   } -> (tensor<?x?xf32>, tensor<?x?xf16>)
func.func @general(%x: tensor<?x?xf32>, %w: tensor<?x?xf32>, %u: tensor<?xf32>, %e: tensor<?xf32>, %s: f32, %o: tensor<?x?xf32>, %p: tensor<?x?xf16>) -> (tensor<?x?xf32>, tensor<?x?xf16>) {
  %y:2 = glu.gated_projection gate(%x, %w : tensor<?x?xf32>, tensor<?x?xf32>) value(%x, %u : tensor<?x?xf32>, tensor<?xf32>)
           extras(%e, %s : tensor<?xf32>, f32) outs(%o, %p : tensor<?x?xf32>, tensor<?x?xf16>)
           attributes {indexing_maps = [#mk, #nk, #mk, #k, #m, affine_map<(m, n, k) -> ()>, #mn, #mn], other = "kept"} {
  ^bb0(%g: f32, %v: f32, %c: f32, %d: f32):
    %0 = math.tanh %g : f32
    %1 = arith.mulf %0, %c : f32
    %2 = arith.addf %1, %d : f32
    %3 = arith.truncf %v : f32 to f16
    glu.yield %2, %3 : f32, f16
  } -> (tensor<?x?xf32>, tensor<?x?xf16>)
  return %y#0, %y#1 : tensor<?x?xf32>, tensor<?x?xf16>
}

// A dilated, strided convolution over channels last.

// CHECK-LABEL: func @convolution
//       CHECK:   glu.gated_projection tanh_sigmoid gate(%{{.*}}, %{{.*}} : tensor<2x?x3xf32>, tensor<4x3x5xf32>)
func.func @convolution(%x: tensor<2x?x3xf32>, %w: tensor<4x3x5xf32>, %o: tensor<2x?x5xf32>) -> tensor<2x?x5xf32> {
  %y = glu.gated_projection tanh_sigmoid gate(%x, %w : tensor<2x?x3xf32>, tensor<4x3x5xf32>) value(%x, %w : tensor<2x?x3xf32>, tensor<4x3x5xf32>) outs(%o : tensor<2x?x5xf32>)
         attributes {indexing_maps = [affine_map<(b, t, n, k, c) -> (b, t * 2 + k * 3, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
                                      affine_map<(b, t, n, k, c) -> (b, t * 2 + k * 3, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
                                      affine_map<(b, t, n, k, c) -> (b, t, n)>]} -> tensor<2x?x5xf32>
  return %y : tensor<2x?x5xf32>
}

// Integers, whose gating function is written out.

// CHECK-LABEL: func @integers
//       CHECK:   glu.gated_projection gate(%{{.*}}, %{{.*}} : tensor<8x32xi8>, tensor<32x16xi8>)
//       CHECK:   ^bb0(%{{.*}}: i32, %{{.*}}: i32):
func.func @integers(%x: tensor<8x32xi8>, %w: tensor<32x16xi8>, %o: tensor<8x16xi8>) -> tensor<8x16xi8> {
  %y = glu.gated_projection gate(%x, %w : tensor<8x32xi8>, tensor<32x16xi8>) value(%x, %w : tensor<8x32xi8>, tensor<32x16xi8>) outs(%o : tensor<8x16xi8>) {
  ^bb0(%g: i32, %v: i32):
    %0 = arith.muli %g, %v : i32
    %1 = arith.trunci %0 : i32 to i8
    glu.yield %1 : i8
  } -> tensor<8x16xi8>
  return %y : tensor<8x16xi8>
}

// Memrefs, strided ones too, and a schedule.

// CHECK-LABEL: func @memrefs
//       CHECK:   glu.gate relu gate(%{{.*}} : memref<8x16xf32, strided<[32, 1], offset: ?>>) value(%{{.*}} : memref<8x16xf32>) outs(%{{.*}} : memref<8x16xf32>){{$}}
//       CHECK:   glu.gated_projection relu gate(%{{.*}}, %{{.*}} : memref<8x32xf32>, memref<32x16xf32>) value(%{{.*}} : memref<8x16xf32>) outs(%{{.*}} : memref<8x16xf32>)
//  CHECK-SAME:     attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 96, block_columns = 16, panels = 2>}{{$}}
func.func @memrefs(%x: memref<8x32xf32>, %w: memref<32x16xf32>, %g: memref<8x16xf32, strided<[32, 1], offset: ?>>, %o: memref<8x16xf32>) {
  glu.gate relu gate(%g : memref<8x16xf32, strided<[32, 1], offset: ?>>) value(%o : memref<8x16xf32>) outs(%o : memref<8x16xf32>)
  glu.gated_projection relu gate(%x, %w : memref<8x32xf32>, memref<32x16xf32>) value(%o : memref<8x16xf32>) outs(%o : memref<8x16xf32>)
    attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 96, block_columns = 16, panels = 2>}
  return
}

// Nothing to iterate over, and nothing to add up.

// CHECK-LABEL: func @points
//       CHECK:   glu.gate identity gate(%{{.*}} : tensor<f32>) value(%{{.*}} : tensor<f32>) outs(%{{.*}} : tensor<f32>) -> tensor<f32>
//       CHECK:   glu.gated_projection identity gate(%{{.*}}, %{{.*}} : tensor<0x4xf32>, tensor<4x0xf32>)
func.func @points(%p: tensor<f32>, %x: tensor<0x4xf32>, %w: tensor<4x0xf32>, %o: tensor<0x0xf32>) -> (tensor<f32>, tensor<0x0xf32>) {
  %0 = glu.gate identity gate(%p : tensor<f32>) value(%p : tensor<f32>) outs(%p : tensor<f32>) -> tensor<f32>
  %1 = glu.gated_projection identity gate(%x, %w : tensor<0x4xf32>, tensor<4x0xf32>) value(%x, %w : tensor<0x4xf32>, tensor<4x0xf32>) outs(%o : tensor<0x0xf32>) -> tensor<0x0xf32>
  return %0, %1 : tensor<f32>, tensor<0x0xf32>
}
