// RUN: glu-opt %s --glu-vectorize=target-cpu=znver5 --canonicalize --cse --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-vectorize=target-cpu=neoverse-n1 --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=NEON
// RUN: glu-opt %s --glu-vectorize=target-cpu=alderlake --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=AVX
// RUN: glu-opt %s --glu-vectorize=target-cpu=arrowlake --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=SSD
// RUN: glu-opt %s --glu-vectorize=target-cpu=x86-64-v4 --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=NONE

// The instruction of x86 takes inputs without a sign: 128 is added to them, and
// 128 times the weights taken from the sums. That is the same for all rows, so
// that it is a loop before the one over rows.

// CHECK-LABEL: @rows
// CHECK-DAG: %[[ZERO:.+]] = arith.constant dense<0> : vector<16xi32>
// CHECK-DAG: %[[SIGNS:.+]] = arith.constant dense<-128> : vector<64xi8>
// CHECK: %[[C:.+]] = scf.for {{.*}} iter_args(%[[A:.+]] = %[[ZERO]]) -> (vector<16xi32>)
// CHECK: %[[W:.+]] = vector.transfer_read {{.*}} vector<64xi8>
// CHECK: %[[N:.+]] = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%[[A]], %[[SIGNS]], %[[W]]) : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
// CHECK: scf.yield %[[N]]
// CHECK: scf.for {{.*}} -> (tensor<2x16xi32>)
// CHECK: %[[S0:.+]] = arith.subi %{{.+}}, %[[C]]
// CHECK: %[[S1:.+]] = arith.subi %{{.+}}, %[[C]]
// CHECK: scf.for {{.*}} iter_args(%[[A0:.+]] = %[[S0]], %[[A1:.+]] = %[[S1]])
// CHECK: vector.broadcast {{.*}} : i32 to vector<16xi32>
// CHECK: %[[X0:.+]] = arith.xori %{{.+}}, %[[SIGNS]] : vector<64xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%[[A0]], %[[X0]], %{{.+}})
// CHECK: %[[X1:.+]] = arith.xori
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%[[A1]], %[[X1]], %{{.+}})
// CHECK: scf.yield

// AVX-LABEL: @rows
// AVX: arith.constant dense<-128> : vector<32xi8>
// AVX-COUNT-6: "llvm.x86.avx512.vpdpbusd.256"
// AVX-NOT: "llvm.x86.avx512.vpdpbusd.256"
// AVX: return

// AArch64 knows signs, and so do newer chips of x86.

// SSD-LABEL: @rows
// SSD-NOT: xori
// SSD-COUNT-4: llvm.call_intrinsic "llvm.x86.avx2.vpdpbssd.256"
// SSD-NOT: llvm.call_intrinsic
// SSD: return

// NEON-LABEL: @rows
// NEON-NOT: xori
// NEON-COUNT-8: llvm.call_intrinsic "llvm.aarch64.neon.sdot.v4i32.v16i8"
// NEON-NOT: llvm.call_intrinsic
// NEON: return

// NONE-LABEL: @rows
// NONE-NOT: llvm.call_intrinsic
// NONE: arith.muli {{.*}} vector<16xi32>
#x = affine_map<(m, n, k, l) -> (m, k, l)>
#w = affine_map<(m, n, k, l) -> (k, n, l)>
#y = affine_map<(m, n, k, l) -> (m, n)>

func.func @rows(%x: tensor<?x8x4xi8>, %w: tensor<8x16x4xi8>, %o: tensor<2x16xi32>, %n: index) -> tensor<2x16xi32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %r = scf.for %i = %c0 to %n step %c2 iter_args(%a = %o) -> tensor<2x16xi32> {
    %t = tensor.extract_slice %x[%i, 0, 0] [2, 8, 4] [1, 1, 1] : tensor<?x8x4xi8> to tensor<2x8x4xi8>
    %s = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%t, %w : tensor<2x8x4xi8>, tensor<8x16x4xi8>) outs(%a : tensor<2x16xi32>) {
    ^bb0(%b: i8, %c: i8, %d: i32):
      %0 = arith.extsi %b : i8 to i32
      %1 = arith.extsi %c : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %d, %2 : i32
      linalg.yield %3 : i32
    } -> tensor<2x16xi32>
    scf.yield %s : tensor<2x16xi32>
  }
  return %r : tensor<2x16xi32>
}

// -----

// Without other rows, corrections are summed up beside the sums.

// CHECK-LABEL: @one_tile
// CHECK: %[[R:.+]]:2 = scf.for {{.*}} iter_args(%[[A:.+]] = %{{.+}}, %[[B:.+]] = %{{.+}}) -> (vector<16xi32>, vector<16xi32>)
// CHECK: %[[W:.+]] = vector.transfer_read {{.*}} vector<64xi8>
// CHECK: %[[X:.+]] = arith.xori
// CHECK: "llvm.x86.avx512.vpdpbusd.512"(%[[A]], %[[X]], %[[W]])
// CHECK: "llvm.x86.avx512.vpdpbusd.512"(%[[B]], %{{.+}}, %[[W]])
// CHECK: arith.subi %[[R]]#0, %[[R]]#1
#x = affine_map<(m, n, k, l) -> (m, k, l)>
#w = affine_map<(m, n, k, l) -> (k, n, l)>
#y = affine_map<(m, n, k, l) -> (m, n)>

func.func @one_tile(%x: tensor<1x8x4xi8>, %w: tensor<8x16x4xi8>, %o: tensor<1x16xi32>) -> tensor<1x16xi32> {
  %s = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : tensor<1x8x4xi8>, tensor<8x16x4xi8>) outs(%o : tensor<1x16xi32>) {
  ^bb0(%b: i8, %c: i8, %d: i32):
    %0 = arith.extsi %b : i8 to i32
    %1 = arith.extsi %c : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %d, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<1x16xi32>
  return %s : tensor<1x16xi32>
}

// -----

// One input twice, without a sign and with one: only the latter is corrected.
// AArch64 has no instruction for the former, nor x86 for such weights.

// CHECK-LABEL: @no_sign
// CHECK: %[[R:.+]]:4 = scf.for {{.*}} iter_args(%[[G:.+]] = %{{.+}}, %[[V:.+]] = %{{.+}}, %{{.+}} = %{{.+}}, %{{.+}} = %{{.+}})
// CHECK: %[[L:.+]] = vector.broadcast {{.*}} : i32 to vector<16xi32>
// CHECK: %[[X:.+]] = vector.bitcast %[[L]] : vector<16xi32> to vector<64xi8>
// CHECK: "llvm.x86.avx512.vpdpbusd.512"(%[[G]], %[[X]], %{{.+}})
// CHECK: %[[F:.+]] = arith.xori
// CHECK: "llvm.x86.avx512.vpdpbusd.512"(%[[V]], %[[F]], %{{.+}})
// CHECK: arith.subi %[[R]]#1, %[[R]]#3
// CHECK-NOT: arith.subi
// CHECK-LABEL: @weights_without_sign
// CHECK-NOT: llvm.call_intrinsic
// NEON-LABEL: @no_sign
// NEON-NOT: llvm.call_intrinsic
// NEON: return
#x = affine_map<(m, n, k, l) -> (m, k, l)>
#w = affine_map<(m, n, k, l) -> (k, n, l)>
#y = affine_map<(m, n, k, l) -> (m, n)>
func.func @no_sign(%x: tensor<1x8x4xi8>, %g: tensor<8x16x4xi8>, %v: tensor<8x16x4xi8>, %o: tensor<1x16xi32>) -> (tensor<1x16xi32>, tensor<1x16xi32>) {
  %s:2 = linalg.generic {indexing_maps = [#x, #w, #w, #y, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %g, %v : tensor<1x8x4xi8>, tensor<8x16x4xi8>, tensor<8x16x4xi8>) outs(%o, %o : tensor<1x16xi32>, tensor<1x16xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i8, %d: i32, %e: i32):
    %0 = arith.extui %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %d, %2 : i32
    %4 = arith.extsi %a : i8 to i32
    %5 = arith.extsi %c : i8 to i32
    %6 = arith.muli %4, %5 : i32
    %7 = arith.addi %e, %6 : i32
    linalg.yield %3, %7 : i32, i32
  } -> (tensor<1x16xi32>, tensor<1x16xi32>)
  return %s#0, %s#1 : tensor<1x16xi32>, tensor<1x16xi32>
}
func.func @weights_without_sign(%x: tensor<1x8x4xi8>, %w: tensor<8x16x4xi8>, %o: tensor<1x16xi32>) -> tensor<1x16xi32> {
  %s = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : tensor<1x8x4xi8>, tensor<8x16x4xi8>) outs(%o : tensor<1x16xi32>) {
  ^bb0(%b: i8, %c: i8, %d: i32):
    %0 = arith.extsi %b : i8 to i32
    %1 = arith.extui %c : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %d, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<1x16xi32>
  return %s : tensor<1x16xi32>
}

// -----

// Numbers of 16 bits in pairs, by an instruction that does not add; bytes of
// weights are widened once for all rows.

// CHECK-LABEL: @pairs
// CHECK-COUNT-2: "llvm.x86.avx512.pmaddw.d.512"
// AVX-LABEL: @pairs
// AVX: %[[B:.+]] = vector.transfer_read {{.*}} vector<16xi8>
// AVX: %[[W:.+]] = arith.extsi %[[B]] : vector<16xi8> to vector<16xi16>
// AVX: %[[P:.+]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%{{.+}}, %[[W]]) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
// AVX: arith.addi %{{.+}}, %[[P]] : vector<8xi32>
// AVX: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// NEON-LABEL: @pairs
// NEON-NOT: llvm.call_intrinsic
// NEON: return
#x = affine_map<(m, n, k, l) -> (m, k, l)>
#w = affine_map<(m, n, k, l) -> (k, n, l)>
#y = affine_map<(m, n, k, l) -> (m, n)>
func.func @pairs(%x: tensor<2x8x2xi16>, %w: tensor<8x16x2xi8>, %o: tensor<2x16xi32>) -> tensor<2x16xi32> {
  %s = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : tensor<2x8x2xi16>, tensor<8x16x2xi8>) outs(%o : tensor<2x16xi32>) {
  ^bb0(%b: i16, %c: i8, %d: i32):
    %0 = arith.extsi %b : i16 to i32
    %1 = arith.extsi %c : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %d, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<2x16xi32>
  return %s : tensor<2x16xi32>
}
