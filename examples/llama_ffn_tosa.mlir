// Llama's feed-forward as TOSA.
// Printed by torch 2.14.1, torch-mlir 20261001; made by make_examples.py.

module {
  func.func @ffn(%arg0: tensor<2x5x32xf32>, %arg1: tensor<48x32xf32>, %arg2: tensor<48x32xf32>, %arg3: tensor<32x48xf32>) -> tensor<2x5x32xf32> {
    %0 = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : () -> tensor<1xf32>
    %1 = tosa.const_shape  {values = dense<[1, 10, 32]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %2 = tosa.const_shape  {values = dense<[1, 32, 48]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %3 = tosa.const_shape  {values = dense<[2, 5, 48]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %4 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
    %5 = tosa.const_shape  {values = dense<[1, 10, 48]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %6 = tosa.const_shape  {values = dense<[1, 48, 32]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %7 = tosa.const_shape  {values = dense<[2, 5, 32]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %8 = tosa.transpose %arg1 {perms = array<i32: 1, 0>} : (tensor<48x32xf32>) -> tensor<32x48xf32>
    %9 = tosa.reshape %arg0, %1 : (tensor<2x5x32xf32>, !tosa.shape<3>) -> tensor<1x10x32xf32>
    %10 = tosa.reshape %8, %2 : (tensor<32x48xf32>, !tosa.shape<3>) -> tensor<1x32x48xf32>
    %11 = tosa.matmul %9, %10, %0, %0 : (tensor<1x10x32xf32>, tensor<1x32x48xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x10x48xf32>
    %12 = tosa.reshape %11, %3 : (tensor<1x10x48xf32>, !tosa.shape<3>) -> tensor<2x5x48xf32>
    %13 = tosa.sigmoid %12 : (tensor<2x5x48xf32>) -> tensor<2x5x48xf32>
    %14 = tosa.mul %12, %13, %4 : (tensor<2x5x48xf32>, tensor<2x5x48xf32>, tensor<1xi8>) -> tensor<2x5x48xf32>
    %15 = tosa.transpose %arg2 {perms = array<i32: 1, 0>} : (tensor<48x32xf32>) -> tensor<32x48xf32>
    %16 = tosa.reshape %15, %2 : (tensor<32x48xf32>, !tosa.shape<3>) -> tensor<1x32x48xf32>
    %17 = tosa.matmul %9, %16, %0, %0 : (tensor<1x10x32xf32>, tensor<1x32x48xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x10x48xf32>
    %18 = tosa.reshape %17, %3 : (tensor<1x10x48xf32>, !tosa.shape<3>) -> tensor<2x5x48xf32>
    %19 = tosa.mul %14, %18, %4 : (tensor<2x5x48xf32>, tensor<2x5x48xf32>, tensor<1xi8>) -> tensor<2x5x48xf32>
    %20 = tosa.transpose %arg3 {perms = array<i32: 1, 0>} : (tensor<32x48xf32>) -> tensor<48x32xf32>
    %21 = tosa.reshape %19, %5 : (tensor<2x5x48xf32>, !tosa.shape<3>) -> tensor<1x10x48xf32>
    %22 = tosa.reshape %20, %6 : (tensor<48x32xf32>, !tosa.shape<3>) -> tensor<1x48x32xf32>
    %23 = tosa.matmul %21, %22, %0, %0 : (tensor<1x10x48xf32>, tensor<1x48x32xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x10x32xf32>
    %24 = tosa.reshape %23, %7 : (tensor<1x10x32xf32>, !tosa.shape<3>) -> tensor<2x5x32xf32>
    return %24 : tensor<2x5x32xf32>
  }
}
