// RUN: glu-opt %s --glu-expand-tiles --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-lower-amx --split-input-file | FileCheck %s --check-prefix=LLVM

// CHECK-LABEL: @bf16
// CHECK: %[[Z:.+]] = arith.constant dense<0.000000e+00> : vector<2x3xf32>
// CHECK: scf.for {{.*}} iter_args(%[[A:.+]] = %[[Z]]) -> (vector<2x3xf32>)
// CHECK: memref.reinterpret_cast {{.*}} sizes: [2, 4], strides: [10, 1]
// CHECK-COUNT-2: vector.load {{.*}} vector<4xbf16>
// CHECK: memref.reinterpret_cast {{.*}} sizes: [2, 6], strides: [6, 1]
// CHECK-COUNT-2: vector.load {{.*}} vector<6xbf16>
// CHECK: vector.shuffle {{.*}} [0, 2, 4] : vector<6xbf16>
// CHECK: vector.shuffle {{.*}} [1, 3, 5] : vector<6xbf16>
// CHECK: %[[I:.+]] = memref.alloc() : memref<2x4xbf16>
// CHECK: %[[O:.+]] = memref.alloc() : memref<2x3xf32>
// CHECK: scf.for %[[M:.+]] = %c0{{.*}} to %c2
// CHECK: %[[L:.+]] = vector.load %[[I]][%[[M]], {{.*}} vector<4xbf16>
// CHECK: arith.extf %[[L]] : vector<4xbf16> to vector<4xf32>
// CHECK: vector.load %[[O]][%[[M]], {{.*}} vector<3xf32>
// CHECK-COUNT-4: math.fma {{.*}} vector<3xf32>
// CHECK-NOT: math.fma
// CHECK: vector.store %{{.+}}, %[[O]][%[[M]], {{.*}} vector<3xf32>
// CHECK: vector.load %[[O]]
// CHECK: memref.dealloc %[[I]]
// CHECK: memref.dealloc %[[O]]
// CHECK: scf.yield
// CHECK-COUNT-2: vector.store {{.*}} vector<3xf32>
// LLVM-LABEL: @bf16
// LLVM: %[[Z:.+]] = llvm.call_intrinsic "llvm.x86.tilezero.internal"
// LLVM: scf.for {{.*}} iter_args(%[[A:.+]] = %[[Z]]) -> (!llvm.x86_amx)
// LLVM: llvm.call_intrinsic "llvm.x86.tileloadd64.internal"
// LLVM: %[[N:.+]] = llvm.call_intrinsic "llvm.x86.tdpbf16ps.internal"({{.*}}%[[A]], %{{.+}}, %{{.+}})
// LLVM: scf.yield %[[N]] : !llvm.x86_amx
// LLVM: llvm.call_intrinsic "llvm.x86.tilestored64.internal"
func.func @bf16(%x: memref<2x10xbf16>, %w: memref<2x6xbf16>, %y: memref<2x3xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c6 = arith.constant 6 : index
  %c10 = arith.constant 10 : index
  %z = amx.tile_zero : !amx.tile<2x3xf32>
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%a = %z) -> (!amx.tile<2x3xf32>) {
    %0 = amx.tile_load %x[%c0, %i], %c10 : memref<2x10xbf16> into !amx.tile<2x4xbf16>
    %1 = amx.tile_load %w[%c0, %c0], %c6 : memref<2x6xbf16> into !amx.tile<2x6xbf16>
    %2 = amx.tile_mulf %0, %1, %a : !amx.tile<2x4xbf16>, !amx.tile<2x6xbf16>, !amx.tile<2x3xf32>
    scf.yield %2 : !amx.tile<2x3xf32>
  }
  amx.tile_store %y[%c0, %c0], %s : memref<2x3xf32>, !amx.tile<2x3xf32>
  return
}

// -----

// Bytes with and without a sign.

// CHECK-LABEL: @int8
// CHECK: arith.extsi %{{.+}} : vector<3xi8> to vector<3xi32>
// CHECK: arith.extui %{{.+}} : vector<4xi8> to vector<4xi32>
// CHECK-COUNT-4: arith.muli {{.*}} vector<3xi32>
// CHECK-NOT: arith.muli
// LLVM-LABEL: @int8
// LLVM: llvm.call_intrinsic "llvm.x86.tdpbusd.internal"
func.func @int8(%x: memref<1x4xi8>, %w: memref<1x12xi8>, %y: memref<1x3xi32>) {
  %c0 = arith.constant 0 : index
  %0 = amx.tile_load %x[%c0, %c0] : memref<1x4xi8> into !amx.tile<1x4xi8>
  %1 = amx.tile_load %w[%c0, %c0] : memref<1x12xi8> into !amx.tile<1x12xi8>
  %2 = amx.tile_load %y[%c0, %c0] : memref<1x3xi32> into !amx.tile<1x3xi32>
  %3 = amx.tile_muli %0 zext, %1, %2 : !amx.tile<1x4xi8>, !amx.tile<1x12xi8>, !amx.tile<1x3xi32>
  amx.tile_store %y[%c0, %c0], %3 : memref<1x3xi32>, !amx.tile<1x3xi32>
  return
}
