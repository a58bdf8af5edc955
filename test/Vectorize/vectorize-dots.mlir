// RUN: glu-opt %s --glu-vectorize=target-cpu=znver5 --canonicalize --cse --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-vectorize=target-cpu=neoverse-v1 --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=NEON
// RUN: glu-opt %s --glu-vectorize=target-cpu=x86-64-v4 --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=NONE
// RUN: not glu-opt %s --glu-vectorize=target-cpu=z80 --split-input-file 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: glu-vectorize: no chip is called 'z80'; known are {{.*}}x86-64-v3

// Sums register by register; a broadcast of two elements of the input meets the
// weights of every register.

// CHECK-LABEL: @dots
// CHECK: %[[F:.+]] = tensor.collapse_shape %arg1 {{\[\[}}0], [1, 2]] : tensor<8x32x2xbf16> into tensor<8x64xbf16>
// CHECK: scf.for %[[K:.+]] = %c0 to %c8 {{.*}} -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK-DAG: %[[W0:.+]] = vector.transfer_read %[[F]][%[[K]], %c0]{{.*}} vector<32xbf16>
// CHECK-DAG: %[[W1:.+]] = vector.transfer_read %[[F]][%[[K]], %c32]{{.*}} vector<32xbf16>
// CHECK: %[[X0:.+]] = vector.transfer_read %arg0[%c0, %[[K]], %c0]{{.*}} vector<2xbf16>
// CHECK: %[[I0:.+]] = vector.bitcast %[[X0]] : vector<2xbf16> to vector<1xi32>
// CHECK: %[[E0:.+]] = vector.extract %[[I0]][0]
// CHECK: vector.broadcast %[[E0]] : i32 to vector<16xi32>
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%{{.+}}, %{{.+}}, %{{.+}}) : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
// CHECK: vector.transfer_read %arg0[%c1, %[[K]], %c0]
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"
// CHECK: scf.yield
// CHECK: vector.transfer_write {{.*}} vector<32xf32>
// NEON-LABEL: @dots
// NEON-COUNT-16: llvm.call_intrinsic "llvm.aarch64.neon.bfdot.v4f32.v8bf16"
// NONE-LABEL: @dots
// NONE-NOT: llvm.call_intrinsic
// NONE: math.fma
func.func @dots(%x: tensor<2x8x2xbf16>, %w: tensor<8x32x2xbf16>, %o: tensor<2x32xf32>) -> tensor<2x32xf32> {
  %s = linalg.generic {indexing_maps = [affine_map<(m, n, k, l) -> (m, k, l)>, affine_map<(m, n, k, l) -> (k, n, l)>, affine_map<(m, n, k, l) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : tensor<2x8x2xbf16>, tensor<8x32x2xbf16>) outs(%o : tensor<2x32xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %1, %0 : f32
    %3 = arith.addf %2, %c : f32
    linalg.yield %3 : f32
  } -> tensor<2x32xf32>
  return %s : tensor<2x32xf32>
}

// -----

// Not what the instruction computes: other weights a row, a difference, too few
// lanes.

// CHECK-LABEL: @row_weights
// CHECK-NOT: llvm.call_intrinsic
// CHECK-LABEL: @difference
// CHECK-NOT: llvm.call_intrinsic
// CHECK-LABEL: @narrow
// CHECK-NOT: llvm.call_intrinsic
#x = affine_map<(m, n, k, l) -> (m, k, l)>
#y = affine_map<(m, n, k, l) -> (m, n)>
func.func @row_weights(%x: tensor<2x8x2xbf16>, %w: tensor<2x8x16x2xbf16>, %o: tensor<2x16xf32>) -> tensor<2x16xf32> {
  %s = linalg.generic {indexing_maps = [#x, affine_map<(m, n, k, l) -> (m, k, n, l)>, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : tensor<2x8x2xbf16>, tensor<2x8x16x2xbf16>) outs(%o : tensor<2x16xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %1, %0 : f32
    %3 = arith.addf %2, %c : f32
    linalg.yield %3 : f32
  } -> tensor<2x16xf32>
  return %s : tensor<2x16xf32>
}
func.func @difference(%x: tensor<2x8x2xbf16>, %w: tensor<8x16x2xbf16>, %o: tensor<2x16xf32>) -> tensor<2x16xf32> {
  %s = linalg.generic {indexing_maps = [#x, affine_map<(m, n, k, l) -> (k, n, l)>, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : tensor<2x8x2xbf16>, tensor<8x16x2xbf16>) outs(%o : tensor<2x16xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %1, %0 : f32
    %3 = arith.subf %c, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<2x16xf32>
  return %s : tensor<2x16xf32>
}
func.func @narrow(%x: tensor<2x8x2xbf16>, %w: tensor<8x8x2xbf16>, %o: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %s = linalg.generic {indexing_maps = [#x, affine_map<(m, n, k, l) -> (k, n, l)>, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : tensor<2x8x2xbf16>, tensor<8x8x2xbf16>) outs(%o : tensor<2x8xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %1, %0 : f32
    %3 = arith.addf %2, %c : f32
    linalg.yield %3 : f32
  } -> tensor<2x8xf32>
  return %s : tensor<2x8xf32>
}
