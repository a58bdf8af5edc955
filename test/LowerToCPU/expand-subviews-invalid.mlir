// RUN: glu-opt %s --glu-expand-subviews --split-input-file --verify-diagnostics

func.func @negative(%x: memref<?xf32>) -> index {
  %c = arith.constant -1 : index
  // expected-error @below {{asks for dimension -1, but there are 1}}
  %n = memref.dim %x, %c : memref<?xf32>
  return %n : index
}

// -----

func.func @tooLarge(%x: memref<?x?xf32>) -> index {
  %c = arith.constant 2 : index
  // expected-error @below {{asks for dimension 2, but there are 2}}
  %n = memref.dim %x, %c : memref<?x?xf32>
  return %n : index
}

// -----

// Late ones, and those of unknown ranks, are as they are.

func.func @late(%x: memref<?x?xf32>, %y: memref<*xf32>, %c: index) -> (index, index) {
  %two = arith.constant 2 : index
  %n = memref.dim %x, %c : memref<?x?xf32>
  %m = memref.dim %y, %two : memref<*xf32>
  return %n, %m : index, index
}
