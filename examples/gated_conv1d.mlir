// A gated causal convolution of width 4 (Dauphin et al. 2017), packed.
// Printed by torch 2.14.1, torch-mlir 20261001; made by make_examples.py.

#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
module {
  func.func @ffn(%arg0: tensor<2x16x30xf32>, %arg1: tensor<48x16x4xf32>, %arg2: tensor<48xf32>) -> tensor<2x24x30xf32> {
    %cst = arith.constant 1.000000e+00 : f32
    %cst_0 = arith.constant 0.000000e+00 : f32
    %padded = tensor.pad %arg0 low[0, 0, 3] high[0, 0, 0] {
    ^bb0(%arg3: index, %arg4: index, %arg5: index):
      tensor.yield %cst_0 : f32
    } : tensor<2x16x30xf32> to tensor<2x16x33xf32>
    %0 = tensor.empty() : tensor<2x48x30xf32>
    %broadcasted = linalg.broadcast ins(%arg2 : tensor<48xf32>) outs(%0 : tensor<2x48x30xf32>) dimensions = [0, 2] 
    %1 = linalg.conv_1d_ncw_fcw {dilations = dense<1> : vector<1xi64>, strides = dense<1> : vector<1xi64>} ins(%padded, %arg1 : tensor<2x16x33xf32>, tensor<48x16x4xf32>) outs(%broadcasted : tensor<2x48x30xf32>) -> tensor<2x48x30xf32>
    %extracted_slice = tensor.extract_slice %1[0, 0, 0] [2, 24, 30] [1, 1, 1] : tensor<2x48x30xf32> to tensor<2x24x30xf32>
    %extracted_slice_1 = tensor.extract_slice %1[0, 24, 0] [2, 24, 30] [1, 1, 1] : tensor<2x48x30xf32> to tensor<2x24x30xf32>
    %2 = tensor.empty() : tensor<2x24x30xf32>
    %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice_1 : tensor<2x24x30xf32>) outs(%2 : tensor<2x24x30xf32>) {
    ^bb0(%in: f32, %out: f32):
      %5 = arith.negf %in : f32
      %6 = math.exp %5 : f32
      %7 = arith.addf %6, %cst : f32
      %8 = arith.divf %cst, %7 : f32
      linalg.yield %8 : f32
    } -> tensor<2x24x30xf32>
    %4 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice, %3 : tensor<2x24x30xf32>, tensor<2x24x30xf32>) outs(%2 : tensor<2x24x30xf32>) {
    ^bb0(%in: f32, %in_2: f32, %out: f32):
      %5 = arith.mulf %in, %in_2 : f32
      linalg.yield %5 : f32
    } -> tensor<2x24x30xf32>
    return %4 : tensor<2x24x30xf32>
  }
}
