// RUN: glu-opt %s --glu-remove-deallocations | FileCheck %s

// Allocated elsewhere.
// CHECK-LABEL: @argument
// CHECK: memref.dealloc
func.func @argument(%t: memref<8x16xf32>) {
  memref.dealloc %t : memref<8x16xf32>
  return
}
