// The order of a long sum makes an error of its own, which plain loops have too.

// RUN: glu-run %s --verify | FileCheck %s
// RUN: glu-run %s --verify --pipeline=general | FileCheck %s
// RUN: not glu-run %s --verify --tolerance=1e-9 | FileCheck %s --check-prefix=GIVEN

// CHECK: error {{.+}} against float64, tolerance {{.+}}: right
// GIVEN: tolerance 1e-09: WRONG

func.func @f(%x: tensor<4x16384xf32>, %w: tensor<16384x64xf32>, %u: tensor<16384x64xf32>) -> tensor<4x64xf32> {
  %e = tensor.empty() : tensor<4x64xf32>
  %y = glu.gated_projection tanh gate(%x, %w : tensor<4x16384xf32>, tensor<16384x64xf32>)
    value(%x, %u : tensor<4x16384xf32>, tensor<16384x64xf32>) outs(%e : tensor<4x64xf32>) -> tensor<4x64xf32>
  return %y : tensor<4x64xf32>
}
