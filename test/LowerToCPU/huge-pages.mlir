// RUN: glu-opt %s --glu-huge-pages --split-input-file | FileCheck %s

// CHECK: func.func private @madvise(i64, i64, i32) -> i32
// CHECK-LABEL: func @large
func.func @large() -> (memref<2048x1024xf32>, memref<4194304xi8>) {
  // CHECK: %[[PANELS:.*]] = memref.alloc() {alignment = 64 : i64} : memref<2048x1024xf32>
  // CHECK: %[[ADDRESS:.*]] = memref.extract_aligned_pointer_as_index %[[PANELS]]
  // CHECK: %[[WORD:.*]] = arith.index_cast %[[ADDRESS]] : index to i64
  // CHECK: %[[PAGE:.*]] = arith.andi %[[WORD]], %c-4096_i64
  // CHECK: call @madvise(%[[PAGE]], %c8388608_i64, %c14_i32)
  %0 = memref.alloc() {alignment = 64 : i64} : memref<2048x1024xf32>
  // CHECK: memref.alloc() : memref<4194304xi8>
  // CHECK: call @madvise(
  %1 = memref.alloc() : memref<4194304xi8>
  return %0, %1 : memref<2048x1024xf32>, memref<4194304xi8>
}

// -----

// Small, of an unknown size, beyond measure, or in some other place.

// CHECK-LABEL: func @others
// CHECK-NOT: madvise
func.func @others(%n: index) {
  %0 = memref.alloc() : memref<4194303xi8>
  %1 = memref.alloc(%n) : memref<?x4194304xi8>
  %2 = memref.alloc() : memref<4611686018427387904x4xi8>
  %3 = memref.alloc() : memref<4194304xi8, 1>
  %4 = memref.alloca() : memref<4194304xi8>
  return
}

// -----

// CHECK: func.func private @madvise(index)
// CHECK-LABEL: func @taken
// CHECK-NOT: call
func.func private @madvise(index)
func.func @taken() {
  %0 = memref.alloc() : memref<4194304xi8>
  return
}
