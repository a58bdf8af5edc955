// RUN: glu-opt %s --glu-choose="target-cpu=x86-64-v3 threads=1" --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-choose="target-cpu=x86-64-v4 threads=2" --split-input-file | FileCheck %s --check-prefix=V4
// RUN: not glu-opt %s --glu-choose="target-cpu=z80" 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: glu-choose: no chip is called 'z80'; known are {{.*}}x86-64-v3

// CHECK-LABEL: @gated
// CHECK: glu.gated_projection silu
// CHECK-SAME: glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = {{[0-9]+}}, block_columns = 2752>
// V4-LABEL: @gated
// V4: glu.schedule = #glu.schedule<rows = 8, columns = 16,
func.func @gated(%x: tensor<512x1024xf32>, %g: tensor<1024x2752xf32>, %v: tensor<1024x2752xf32>) -> tensor<512x2752xf32> {
  %e = tensor.empty() : tensor<512x2752xf32>
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<512x1024xf32>, tensor<1024x2752xf32>)
    value(%x, %v : tensor<512x1024xf32>, tensor<1024x2752xf32>)
    outs(%e : tensor<512x2752xf32>) -> tensor<512x2752xf32>
  return %y : tensor<512x2752xf32>
}

// -----

// A plain contraction has one accumulator: twice as wide. One set by hand stays.

// CHECK-LABEL: @plain
// CHECK: linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 16,
// CHECK: linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 2, block_rows = 3, block_columns = 4>
func.func @plain(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>, %o: tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %a = linalg.matmul ins(%x, %w : tensor<?x64xf32>, tensor<64x64xf32>) outs(%o : tensor<?x64xf32>) -> tensor<?x64xf32>
  %b = linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 2, block_rows = 3, block_columns = 4>}
    ins(%x, %w : tensor<?x64xf32>, tensor<64x64xf32>) outs(%o : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %a, %b : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// Sums that no vector path makes: left alone.

// CHECK-LABEL: @integers
// CHECK-NOT: glu.schedule
func.func @integers(%x: tensor<8x16xi64>, %w: tensor<16x8xi64>, %o: tensor<8x8xi64>) -> tensor<8x8xi64> {
  %y = linalg.matmul ins(%x, %w : tensor<8x16xi64>, tensor<16x8xi64>) outs(%o : tensor<8x8xi64>) -> tensor<8x8xi64>
  return %y : tensor<8x8xi64>
}

// -----

// CHECK-LABEL: @pooling_is_no_contraction
// CHECK-NOT: glu.schedule
func.func @pooling_is_no_contraction(%x: tensor<1x8x8x4xf32>, %k: tensor<2x2xf32>, %o: tensor<1x7x7x4xf32>) -> tensor<1x7x7x4xf32> {
  %y = linalg.pooling_nhwc_sum ins(%x, %k : tensor<1x8x8x4xf32>, tensor<2x2xf32>) outs(%o : tensor<1x7x7x4xf32>) -> tensor<1x7x7x4xf32>
  return %y : tensor<1x7x7x4xf32>
}

// -----

// CHECK-LABEL: @max_plus_is_no_contraction
// CHECK-NOT: glu.schedule
func.func @max_plus_is_no_contraction(%x: tensor<8x16xf32>, %w: tensor<16x8xf32>, %o: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%o : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %s = arith.addf %a, %b : f32
    %t = arith.maximumf %c, %s : f32
    linalg.yield %t : f32
  } -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// -----

// Upstream's interfaces skip unary operations in the body of a contraction, and
// take any body for that of a convolution; packing would lose them.

// CHECK-LABEL: @more_than_products
// CHECK-NOT: glu.schedule
#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (k, n)>
#y = affine_map<(m, n, k) -> (m, n)>
#cx = affine_map<(b, t, f, k, c) -> (b, t + k, c)>
#cw = affine_map<(b, t, f, k, c) -> (k, c, f)>
#cy = affine_map<(b, t, f, k, c) -> (b, t, f)>
func.func @more_than_products(%x: tensor<8x16xf32>, %w: tensor<16x8xf32>, %o: tensor<8x8xf32>,
    %cx: tensor<2x9x5xf32>, %cw: tensor<3x5x8xf32>, %co: tensor<2x7x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<2x7x8xf32>) {
  %factor = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%o : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %e = math.exp %a : f32
    %p = arith.mulf %e, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<8x8xf32>
  %sum = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%o : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %n = arith.negf %c : f32
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %n, %p : f32
    linalg.yield %s : f32
  } -> tensor<8x8xf32>
  %convolution = linalg.generic {indexing_maps = [#cx, #cw, #cy], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
    ins(%cx, %cw : tensor<2x9x5xf32>, tensor<3x5x8xf32>) outs(%co : tensor<2x7x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.maximumf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x7x8xf32>
  return %factor, %sum, %convolution : tensor<8x8xf32>, tensor<8x8xf32>, tensor<2x7x8xf32>
}

// -----

// No tile fits in nothing.

// CHECK-LABEL: @empty
// CHECK-NOT: glu.schedule
func.func @empty(%x: tensor<0x16xf32>, %w: tensor<16x8xf32>, %o: tensor<0x8xf32>) -> tensor<0x8xf32> {
  %y = linalg.matmul ins(%x, %w : tensor<0x16xf32>, tensor<16x8xf32>) outs(%o : tensor<0x8xf32>) -> tensor<0x8xf32>
  return %y : tensor<0x8xf32>
}

// -----

// Rows would be padded, and tiles cut, at the wrong end.

// CHECK-LABEL: @backwards
// CHECK-NOT: glu.schedule
#b = affine_map<(b, t, f, k, c) -> (b, t - k + 2, c)>
#bw = affine_map<(b, t, f, k, c) -> (k, c, f)>
#by = affine_map<(b, t, f, k, c) -> (b, t, f)>
func.func @backwards(%x: tensor<2x9x5xf32>, %w: tensor<3x5x8xf32>, %v: tensor<3x5x8xf32>, %o: tensor<2x7x8xf32>) -> tensor<2x7x8xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<2x9x5xf32>, tensor<3x5x8xf32>) value(%x, %v : tensor<2x9x5xf32>, tensor<3x5x8xf32>)
    outs(%o : tensor<2x7x8xf32>) attributes {indexing_maps = [#b, #bw, #b, #bw, #by]} -> tensor<2x7x8xf32>
  return %y : tensor<2x7x8xf32>
}

// -----

// A row is read from four panels at once, of which tasks and all columns have
// a multiple; two rows from two. Where there is none, a tile is wider.

// CHECK-LABEL: @panels
// CHECK: glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 2752, panels = 4>
// CHECK: glu.schedule = #glu.schedule<rows = 2, columns = 8, block_rows = 2, block_columns = 2752, panels = 2>
// CHECK: glu.schedule = #glu.schedule<rows = 1, columns = 16, block_rows = 1, block_columns = 2704>
// V4-LABEL: @panels
// V4: glu.schedule = #glu.schedule<rows = 1, columns = 32, block_rows = 1, block_columns = 64, panels = 2>
func.func @panels(%x: tensor<1x64xf32>, %x2: tensor<2x64xf32>, %w: tensor<64x2752xf32>, %u: tensor<64x2696xf32>,
                  %o: tensor<1x2752xf32>, %o2: tensor<2x2752xf32>, %p: tensor<1x2696xf32>)
    -> (tensor<1x2752xf32>, tensor<2x2752xf32>, tensor<1x2696xf32>) {
  %a = glu.gated_projection silu
    gate(%x, %w : tensor<1x64xf32>, tensor<64x2752xf32>)
    value(%x, %w : tensor<1x64xf32>, tensor<64x2752xf32>)
    outs(%o : tensor<1x2752xf32>) -> tensor<1x2752xf32>
  %b = glu.gated_projection silu
    gate(%x2, %w : tensor<2x64xf32>, tensor<64x2752xf32>)
    value(%x2, %w : tensor<2x64xf32>, tensor<64x2752xf32>)
    outs(%o2 : tensor<2x2752xf32>) -> tensor<2x2752xf32>
  %c = glu.gated_projection silu
    gate(%x, %u : tensor<1x64xf32>, tensor<64x2696xf32>)
    value(%x, %u : tensor<1x64xf32>, tensor<64x2696xf32>)
    outs(%p : tensor<1x2696xf32>) -> tensor<1x2696xf32>
  return %a, %b, %c : tensor<1x2752xf32>, tensor<2x2752xf32>, tensor<1x2696xf32>
}

// -----

// More than 32 MB of weights are read from four panels in turns by three to six
// rows, unless they are widened, or it is not known that they are.

// CHECK-LABEL: @turns
// CHECK: glu.schedule = #glu.schedule<rows = 3, columns = 8, block_rows = 3, {{.*}}panels = 4>
// CHECK: glu.schedule = #glu.schedule<rows = 6, columns = 16, block_rows = 6, {{.*}}panels = 4>
// CHECK: glu.schedule
// CHECK-NOT: panels
// CHECK: return
func.func @turns(%x: tensor<3x1025xf32>, %w: tensor<1025x4096xf32>, %o: tensor<3x4096xf32>,
                 %x6: tensor<6x2049xf32>, %w6: tensor<2049x4096xf32>, %o6: tensor<6x4096xf32>,
                 %x2: tensor<3x1024xf32>, %w2: tensor<1024x4096xf32>,
                 %xu: tensor<3x?xf32>, %wu: tensor<?x4096xf32>,
                 %xb: tensor<3x8192xbf16>, %wb: tensor<8192x4096xbf16>)
    -> (tensor<3x4096xf32>, tensor<6x4096xf32>, tensor<3x4096xf32>, tensor<3x4096xf32>, tensor<3x4096xf32>) {
  %y = glu.gated_projection silu gate(%x, %w : tensor<3x1025xf32>, tensor<1025x4096xf32>)
    value(%x, %w : tensor<3x1025xf32>, tensor<1025x4096xf32>) outs(%o : tensor<3x4096xf32>) -> tensor<3x4096xf32>
  %y6 = linalg.matmul ins(%x6, %w6 : tensor<6x2049xf32>, tensor<2049x4096xf32>) outs(%o6 : tensor<6x4096xf32>) -> tensor<6x4096xf32>
  %y2 = glu.gated_projection silu gate(%x2, %w2 : tensor<3x1024xf32>, tensor<1024x4096xf32>)
    value(%x2, %w2 : tensor<3x1024xf32>, tensor<1024x4096xf32>) outs(%o : tensor<3x4096xf32>) -> tensor<3x4096xf32>
  %yu = linalg.matmul ins(%xu, %wu : tensor<3x?xf32>, tensor<?x4096xf32>) outs(%o : tensor<3x4096xf32>) -> tensor<3x4096xf32>
  %yb = linalg.matmul ins(%xb, %wb : tensor<3x8192xbf16>, tensor<8192x4096xbf16>) outs(%o : tensor<3x4096xf32>) -> tensor<3x4096xf32>
  return %y, %y6, %y2, %yu, %yb : tensor<3x4096xf32>, tensor<6x4096xf32>, tensor<3x4096xf32>, tensor<3x4096xf32>, tensor<3x4096xf32>
}
