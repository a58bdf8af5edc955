// RUN: glu-opt %s --glu-choose="target-cpu=znver5 threads=1" | FileCheck %s
// RUN: glu-opt %s --glu-choose="target-cpu=neoverse-v1 threads=1" | FileCheck %s
// RUN: glu-opt %s --glu-choose="target-cpu=x86-64-v4 threads=1" | FileCheck %s --check-prefix=NONE
// RUN: glu-opt %s --glu-choose="target-cpu=alderlake threads=1" | FileCheck %s --check-prefix=AVX
// RUN: glu-opt %s --glu-choose="target-cpu=sapphirerapids threads=1" | FileCheck %s --check-prefix=AMX

// Whole tile registers; a window of which neighbours overlap is none, and the
// chip's dot product for vectors is slow.

// AMX: #glu.schedule<rows = 16, columns = 16, {{.*}}, group = 2, depth = 32>
// AMX: #glu.schedule<
// AMX-NOT: group
// AMX-LABEL: @convolution
// AMX: #glu.schedule<rows = 16, columns = 16, {{.*}}, group = 2, depth = 32>
// AMX-LABEL: @one_channel
// AMX-NOT: group

// Chips without dot products widen; so do those whose dot products are slow.

// NONE-COUNT-4: #glu.schedule<{{[^=]*= [0-9]+, [^=]*= [0-9]+, [^=]*= [0-9]+, [^=]*= [0-9]+>}}
// NONE-LABEL: @int8
// NONE: #glu.schedule<{{.*}}, group = 2, depth = 2>

// CHECK-LABEL: @bf16
// CHECK: #glu.schedule<{{.*}}, group = 2, depth = 2>
func.func @bf16(%x: tensor<8x16xbf16>, %w: tensor<16x8xbf16>, %o: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %y = linalg.matmul ins(%x, %w : tensor<8x16xbf16>, tensor<16x8xbf16>) outs(%o : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// No chip multiplies one by the other.

// CHECK-LABEL: @mixed
// CHECK: #glu.schedule<
// CHECK-NOT: group
func.func @mixed(%x: tensor<8x16xf32>, %w: tensor<16x8xbf16>, %o: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %y = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x8xbf16>) outs(%o : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// The channels are grouped; the window is no index of the input by itself.

// CHECK-LABEL: @convolution
// CHECK: #glu.schedule<{{.*}}, group = 2, depth = 2>
#x = affine_map<(b, t, n, c, k) -> (b, t + k, c)>
#w = affine_map<(b, t, n, c, k) -> (k, c, n)>
#y = affine_map<(b, t, n, c, k) -> (b, t, n)>
func.func @convolution(%x: tensor<2x9x6xbf16>, %w: tensor<3x6x8xbf16>, %o: tensor<2x7x8xf32>) -> tensor<2x7x8xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<2x9x6xbf16>, tensor<3x6x8xbf16>) value(%x, %w : tensor<2x9x6xbf16>, tensor<3x6x8xbf16>)
    outs(%o : tensor<2x7x8xf32>) attributes {indexing_maps = [#x, #w, #x, #w, #y]} -> tensor<2x7x8xf32>
  return %y : tensor<2x7x8xf32>
}

// CHECK-LABEL: @one_channel
// CHECK: #glu.schedule<
// CHECK-NOT: group
#x1 = affine_map<(t, n, k) -> (t + k)>
#w1 = affine_map<(t, n, k) -> (k, n)>
#y1 = affine_map<(t, n, k) -> (t, n)>
func.func @one_channel(%x: tensor<9xbf16>, %w: tensor<3x8xbf16>, %o: tensor<7x8xf32>) -> tensor<7x8xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<9xbf16>, tensor<3x8xbf16>) value(%x, %w : tensor<9xbf16>, tensor<3x8xbf16>)
    outs(%o : tensor<7x8xf32>) attributes {indexing_maps = [#x1, #w1, #x1, #w1, #y1]} -> tensor<7x8xf32>
  return %y : tensor<7x8xf32>
}

// Bytes in groups of four, or whole tile registers of 64 bytes; without either in
// pairs, for 16 bits.

// CHECK-LABEL: @int8
// CHECK: #glu.schedule<{{.*}}, group = 4, depth = 4>
// AMX-LABEL: @int8
// AMX: #glu.schedule<rows = 16, columns = 16, {{.*}}, group = 4, depth = 64>
// AVX-LABEL: @int8
// AVX: #glu.schedule<rows = 8, columns = 8, {{.*}}, group = 4, depth = 4>
func.func @int8(%x: tensor<8x16xi8>, %w: tensor<16x8xi8>, %o: tensor<8x8xi32>) -> tensor<8x8xi32> {
  %y = linalg.matmul ins(%x, %w : tensor<8x16xi8>, tensor<16x8xi8>) outs(%o : tensor<8x8xi32>) -> tensor<8x8xi32>
  return %y : tensor<8x8xi32>
}

// NONE-LABEL: @int16
// NONE: #glu.schedule<{{.*}}, group = 2, depth = 2>
func.func @int16(%x: tensor<8x16xi16>, %w: tensor<16x8xi16>, %o: tensor<8x8xi32>) -> tensor<8x8xi32> {
  %y = linalg.matmul ins(%x, %w : tensor<8x16xi16>, tensor<16x8xi16>) outs(%o : tensor<8x8xi32>) -> tensor<8x8xi32>
  return %y : tensor<8x8xi32>
}

// Sums of 64 bits are no dot products.

// CHECK-LABEL: @wide_sums
// CHECK-NOT: #glu.schedule
func.func @wide_sums(%x: tensor<8x16xi8>, %w: tensor<16x8xi8>, %o: tensor<8x8xi64>) -> tensor<8x8xi64> {
  %y = linalg.matmul ins(%x, %w : tensor<8x16xi8>, tensor<16x8xi8>) outs(%o : tensor<8x8xi64>) -> tensor<8x8xi64>
  return %y : tensor<8x8xi64>
}
