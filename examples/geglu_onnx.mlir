// An ONNX graph: Split halves, exact GELU, a symbolic batch.
// Printed by onnx 1.23.2, torch-mlir 20261001; made by make_examples.py.

#map = affine_map<(d0, d1) -> (d0, d1)>
#map1 = affine_map<(d0, d1) -> (d1)>
module {
  func.func @geglu(%arg0: tensor<?x48xf32>, %arg1: tensor<48x128xf32>, %arg2: tensor<128xf32>) -> tensor<?x64xf32> {
    %c0 = arith.constant 0 : index
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 1.000000e+00 : f32
    %cst_1 = arith.constant 5.000000e-01 : f32
    %cst_2 = arith.constant 1.41421354 : f32
    %dim = tensor.dim %arg0, %c0 : tensor<?x48xf32>
    %0 = tensor.empty(%dim) : tensor<?x128xf32>
    %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x128xf32>) -> tensor<?x128xf32>
    %2 = linalg.matmul ins(%arg0, %arg1 : tensor<?x48xf32>, tensor<48x128xf32>) outs(%1 : tensor<?x128xf32>) -> tensor<?x128xf32>
    %3 = linalg.generic {indexing_maps = [#map, #map1, #map], iterator_types = ["parallel", "parallel"]} ins(%2, %arg2 : tensor<?x128xf32>, tensor<128xf32>) outs(%0 : tensor<?x128xf32>) {
    ^bb0(%in: f32, %in_4: f32, %out: f32):
      %7 = arith.addf %in, %in_4 : f32
      linalg.yield %7 : f32
    } -> tensor<?x128xf32>
    %extracted_slice = tensor.extract_slice %3[0, 0] [%dim, 64] [1, 1] : tensor<?x128xf32> to tensor<?x64xf32>
    %extracted_slice_3 = tensor.extract_slice %3[0, 64] [%dim, 64] [1, 1] : tensor<?x128xf32> to tensor<?x64xf32>
    %4 = tensor.empty(%dim) : tensor<?x64xf32>
    %5 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice_3 : tensor<?x64xf32>) outs(%4 : tensor<?x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      %7 = arith.divf %in, %cst_2 : f32
      %8 = math.erf %7 : f32
      %9 = arith.addf %8, %cst_0 : f32
      %10 = arith.mulf %9, %cst_1 : f32
      %11 = arith.mulf %in, %10 : f32
      linalg.yield %11 : f32
    } -> tensor<?x64xf32>
    %6 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice, %5 : tensor<?x64xf32>, tensor<?x64xf32>) outs(%4 : tensor<?x64xf32>) {
    ^bb0(%in: f32, %in_4: f32, %out: f32):
      %7 = arith.mulf %in, %in_4 : f32
      linalg.yield %7 : f32
    } -> tensor<?x64xf32>
    return %6 : tensor<?x64xf32>
  }
}
