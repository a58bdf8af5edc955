// RUN: glu-opt %s --glu-raise --glu-fuse | FileCheck %s
// RUN: glu-opt %s --glu-raise --glu-fuse --glu-results-to-destinations -o /dev/null
// RUN: not glu-opt %s --glu-to-cpu 2>&1 | FileCheck %s --check-prefix=MEMREF

// The verifier of tensors takes dimension 2^32 for 0: so do we. That of memrefs
// does not.
// MEMREF: error: 'memref.expand_shape' op reassociation indices must be contiguous

// CHECK-LABEL: func.func @f
// CHECK: return
func.func @f(%x: tensor<?x8xf32>, %v: tensor<?x1x8xf32>, %n: index) -> tensor<?x8xf32> {
  %g = tensor.expand_shape %x [[4294967296, 1], [2]] output_shape [%n, 1, 8] : tensor<?x8xf32> into tensor<?x1x8xf32>
  %t = math.tanh %g : tensor<?x1x8xf32>
  %y = arith.mulf %t, %v : tensor<?x1x8xf32>
  %z = tensor.collapse_shape %y [[0, 4294967297], [2]] : tensor<?x1x8xf32> into tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}
