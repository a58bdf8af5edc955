// RUN: glu-opt %s --glu-expand-subviews --split-input-file --verify-diagnostics

func.func @gone(%x: memref<2x5xf32>) -> memref<5xf32, strided<[1]>> {
  // expected-error@+1 {{a view has a step of zero; steps are at least one}}
  %y = memref.subview %x[0, 0] [1, 5] [0, 1] : memref<2x5xf32> to memref<5xf32, strided<[1]>>
  return %y : memref<5xf32, strided<[1]>>
}

// -----

func.func @kept(%x: memref<5xf32>) -> memref<5xf32, strided<[0]>> {
  // expected-error@+1 {{a view has a step of zero; steps are at least one}}
  %y = memref.subview %x[0] [5] [0] : memref<5xf32> to memref<5xf32, strided<[0]>>
  return %y : memref<5xf32, strided<[0]>>
}
