// RUN: glu-opt %s --glu-remove-deallocations | FileCheck %s

// RUN: for f in own unit; do for p in cpu general; do glu-run %s --entry=$f --pipeline=$p --verify || exit 1; done; done

// Freed again by upstream's pass.
// RUN: glu-opt %s --glu-remove-deallocations --ownership-based-buffer-deallocation --buffer-deallocation-simplification --bufferization-lower-deallocations | FileCheck %s --check-prefix=AGAIN

// CHECK-LABEL: @own
// CHECK-NOT: memref.dealloc
// AGAIN-LABEL: @own
// AGAIN: memref.copy
// AGAIN: memref.dealloc
func.func @own(%x: memref<8x32xf32>, %w: memref<32x16xf32>, %o: memref<8x16xf32>) {
  %t = memref.alloc() : memref<8x16xf32>
  %z = arith.constant 0.0 : f32
  linalg.fill ins(%z : f32) outs(%t : memref<8x16xf32>)
  linalg.matmul ins(%x, %w : memref<8x32xf32>, memref<32x16xf32>) outs(%t : memref<8x16xf32>)
  memref.copy %t, %o : memref<8x16xf32> to memref<8x16xf32>
  memref.dealloc %t : memref<8x16xf32>
  return
}

// What this becomes frees its sums.
// CHECK-LABEL: @unit
func.func @unit(%x: memref<8x32xf32>, %w: memref<32x16xf32>, %o: memref<8x16xf32>) {
  glu.gated_projection gelu gate(%x, %w : memref<8x32xf32>, memref<32x16xf32>)
    value(%x, %w : memref<8x32xf32>, memref<32x16xf32>) outs(%o : memref<8x16xf32>)
  return
}
