// RUN: glu-opt %s --glu-to-nvvm=chip=sm_80 | FileCheck %s --check-prefixes=CHECK,FAST
// RUN: glu-opt %s --glu-to-nvvm='chip=sm_80 accurate-math=true' | FileCheck %s --check-prefixes=CHECK,ACCURATE

// The gating function of bf16 with the chip's own exponential and quotient,
// unless asked otherwise; that of f32 never.

// CHECK-LABEL: gpu.binary @half
// FAST: ex2.approx.f32
// FAST: div.approx.f32
// ACCURATE-NOT: ex2.approx
// ACCURATE-NOT: div.approx
func.func @half(%x: tensor<32x64xbf16>, %wg: tensor<64x32xbf16>, %wv: tensor<64x32xbf16>, %y: tensor<32x32xbf16>) -> tensor<32x32xbf16> {
  %r = glu.gated_projection silu gate(%x, %wg : tensor<32x64xbf16>, tensor<64x32xbf16>)
         value(%x, %wv : tensor<32x64xbf16>, tensor<64x32xbf16>)
         outs(%y : tensor<32x32xbf16>) -> tensor<32x32xbf16>
  return %r : tensor<32x32xbf16>
}

// CHECK-LABEL: gpu.binary @single
// CHECK-NOT: ex2.approx
// CHECK-NOT: div.approx
func.func @single(%x: tensor<32x64xf32>, %wg: tensor<64x32xf32>, %wv: tensor<64x32xf32>, %y: tensor<32x32xf32>) -> tensor<32x32xf32> {
  %r = glu.gated_projection silu gate(%x, %wg : tensor<32x64xf32>, tensor<64x32xf32>)
         value(%x, %wv : tensor<32x64xf32>, tensor<64x32xf32>)
         outs(%y : tensor<32x32xf32>) -> tensor<32x32xf32>
  return %r : tensor<32x32xf32>
}
