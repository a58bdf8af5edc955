// Division by zero is an error of the function, with a sentence.

// RUN: %python -c "import numpy as np; np.save('%t.5.npy', np.int32([5])); np.save('%t.0.npy', np.int32([0]))"
// RUN: glu-run %s --arg=%t.5.npy --arg=%t.5.npy | FileCheck %s
// RUN: %if x86_64 %{ not glu-run %s --arg=%t.5.npy --arg=%t.0.npy 2>&1 | FileCheck %s --check-prefix=ZERO %}

// CHECK: result 0: 1xi32
// ZERO: glu-run: error: an integer is divided by zero

func.func @divide(%x: tensor<1xi32>, %y: tensor<1xi32>) -> tensor<1xi32> {
  %z = arith.divsi %x, %y : tensor<1xi32>
  return %z : tensor<1xi32>
}
