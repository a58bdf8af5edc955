// RUN: glu-opt %s --glu-widen --split-input-file --verify-diagnostics | FileCheck %s

// Types, constants and casts; integers stay.
// CHECK-LABEL: func.func @scalar(%{{.*}}: f64, %{{.*}}: i32) -> (f64, i32)
// CHECK:         %[[C:.*]] = arith.constant 0.10000000149011612 : f64
// CHECK-NEXT:    %[[M:.*]] = arith.mulf %{{.*}}, %[[C]] : f64
// CHECK-NEXT:    return %[[M]], %{{.*}} : f64, i32
func.func @scalar(%x: bf16, %i: i32) -> (bf16, i32) {
  %c = arith.constant 1.0e-1 : f32
  %e = arith.extf %x : bf16 to f32
  %m = arith.mulf %e, %c : f32
  %t = arith.truncf %m : f32 to bf16
  return %t, %i : bf16, i32
}

// -----

// Dense constants, with the values that they have in their own type; bodies of
// named operations too.
// CHECK-LABEL: func.func @tensor(%{{.*}}: tensor<2x3xf64>) -> tensor<2x2xf64>
// CHECK-DAG:     arith.constant dense<{{\[\[}}1.000000e+00, 0.099975585{{[0-9]*}}]
// CHECK-DAG:     arith.constant 0.000000e+00 : f64
// CHECK:         linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<2x3xf64>, tensor<3x2xf64>) outs(%{{.*}} : tensor<2x2xf64>)
func.func @tensor(%x: tensor<2x3xf16>) -> tensor<2x2xf32> {
  %w = arith.constant dense<[[1.0, 0.1], [2.0, -0.1], [3.0, 0.0]]> : tensor<3x2xf16>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x2xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
  %r = linalg.matmul ins(%x, %w : tensor<2x3xf16>, tensor<3x2xf16>) outs(%z : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// -----

// CHECK-LABEL: func.func @resource
// CHECK:         arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf64>
func.func @resource() -> tensor<2xf32> {
  %c = arith.constant dense_resource<numbers> : tensor<2xf32>
  return %c : tensor<2xf32>
}
{-#
  dialect_resources: { builtin: { numbers: "0x040000000000803F00000040" } }
#-}

// -----

// CHECK-LABEL: memref.global "private" constant @g : memref<2xf64> = dense<[1.000000e+00, 2.500000e-01]>
memref.global "private" constant @g : memref<2xf32> = dense<[1.0, 0.25]>

// -----

func.func @bits(%x: f32) -> i32 {
  // expected-error @+1 {{cannot be evaluated in f64: it depends on the representation of its operands}}
  %i = arith.bitcast %x : f32 to i32
  return %i : i32
}

// -----

func.func @wide(%x: f128) -> f128 {
  // expected-error @+1 {{cannot be evaluated in f64: 'f128' has more digits}}
  %i = arith.addf %x, %x : f128
  return %i : f128
}

// -----

// expected-error @+1 {{cannot be evaluated in f64: a dense resource has no data that fits its type}}
module {
  func.func @lost() -> tensor<2xf32> {
    %c = arith.constant dense_resource<lost> : tensor<2xf32>
    return %c : tensor<2xf32>
  }
}
