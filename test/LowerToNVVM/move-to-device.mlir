// RUN: glu-opt %s --glu-move-to-device | FileCheck %s

memref.global "private" constant @weights : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>

// CHECK-LABEL: func.func @f
// CHECK: %[[B:.*]] = gpu.alloc (%arg1) : memref<?xf32>
// CHECK: gpu.memcpy %[[B]], %arg0
// The host's, in a buffer as long as the block lasts.
// CHECK: %[[G:.*]] = memref.get_global @weights
// CHECK: %[[D:.*]] = gpu.alloc () : memref<4xf32>
// CHECK: gpu.memcpy %[[D]], %[[G]]
// CHECK: gpu.launch
// CHECK: memref.load %[[D]]
// CHECK: memref.alloca() : memref<1xf32>
// CHECK: gpu.dealloc %[[D]]
// CHECK: return %[[B]]
func.func @f(%x: memref<?xf32>, %n: index) -> memref<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = memref.alloc(%n) : memref<?xf32>
  memref.copy %x, %b : memref<?xf32> to memref<?xf32>
  %g = memref.get_global @weights : memref<4xf32>
  gpu.launch blocks(%i, %j, %k) in (%di = %c1, %dj = %c1, %dk = %c1)
             threads(%l, %m, %o) in (%dl = %c1, %dm = %c1, %do = %c1) {
    %v = memref.load %g[%c0] : memref<4xf32>
    memref.store %v, %b[%c0] : memref<?xf32>
    gpu.terminator
  }
  %host = memref.alloca() : memref<1xf32>
  return %b : memref<?xf32>
}
