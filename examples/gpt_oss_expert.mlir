// gpt-oss' expert: interleaved columns, clamps, sigmoid of 1.702 g.
// Printed by torch 2.14.1, torch-mlir 20261001; made by make_examples.py.

#map = affine_map<(d0, d1) -> (d0, d1)>
#map1 = affine_map<(d0, d1) -> (d1)>
module {
  func.func @ffn(%arg0: tensor<24x96xf32>, %arg1: tensor<96x192xf32>, %arg2: tensor<192xf32>, %arg3: tensor<96x96xf32>, %arg4: tensor<96xf32>) -> tensor<24x96xf32> {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 1.000000e+00 : f32
    %cst_1 = arith.constant 1.702000e+00 : f64
    %cst_2 = arith.constant 7.000000e+00 : f32
    %cst_3 = arith.constant -7.000000e+00 : f32
    %0 = tensor.empty() : tensor<24x192xf32>
    %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<24x192xf32>) -> tensor<24x192xf32>
    %2 = linalg.matmul ins(%arg0, %arg1 : tensor<24x96xf32>, tensor<96x192xf32>) outs(%1 : tensor<24x192xf32>) -> tensor<24x192xf32>
    %3 = linalg.generic {indexing_maps = [#map, #map1, #map], iterator_types = ["parallel", "parallel"]} ins(%2, %arg2 : tensor<24x192xf32>, tensor<192xf32>) outs(%0 : tensor<24x192xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %15 = arith.addf %in, %in_5 : f32
      linalg.yield %15 : f32
    } -> tensor<24x192xf32>
    %extracted_slice = tensor.extract_slice %3[0, 0] [24, 96] [1, 2] : tensor<24x192xf32> to tensor<24x96xf32>
    %extracted_slice_4 = tensor.extract_slice %3[0, 1] [24, 96] [1, 2] : tensor<24x192xf32> to tensor<24x96xf32>
    %4 = tensor.empty() : tensor<24x96xf32>
    %5 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice : tensor<24x96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %out: f32):
      %15 = arith.cmpf ugt, %in, %cst_2 : f32
      %16 = arith.select %15, %cst_2, %in : f32
      linalg.yield %16 : f32
    } -> tensor<24x96xf32>
    %6 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice_4 : tensor<24x96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %out: f32):
      %15 = arith.cmpf ult, %in, %cst_3 : f32
      %16 = arith.select %15, %cst_3, %in : f32
      %17 = arith.cmpf ugt, %16, %cst_2 : f32
      %18 = arith.select %17, %cst_2, %16 : f32
      linalg.yield %18 : f32
    } -> tensor<24x96xf32>
    %7 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%6 : tensor<24x96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %out: f32):
      %15 = arith.addf %in, %cst_0 : f32
      linalg.yield %15 : f32
    } -> tensor<24x96xf32>
    %8 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%5 : tensor<24x96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %out: f32):
      %15 = arith.truncf %cst_1 : f64 to f32
      %16 = arith.mulf %in, %15 : f32
      linalg.yield %16 : f32
    } -> tensor<24x96xf32>
    %9 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%8 : tensor<24x96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %out: f32):
      %15 = arith.negf %in : f32
      %16 = math.exp %15 : f32
      %17 = arith.addf %16, %cst_0 : f32
      %18 = arith.divf %cst_0, %17 : f32
      linalg.yield %18 : f32
    } -> tensor<24x96xf32>
    %10 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%5, %9 : tensor<24x96xf32>, tensor<24x96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %15 = arith.mulf %in, %in_5 : f32
      linalg.yield %15 : f32
    } -> tensor<24x96xf32>
    %11 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%7, %10 : tensor<24x96xf32>, tensor<24x96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %15 = arith.mulf %in, %in_5 : f32
      linalg.yield %15 : f32
    } -> tensor<24x96xf32>
    %12 = linalg.fill ins(%cst : f32) outs(%4 : tensor<24x96xf32>) -> tensor<24x96xf32>
    %13 = linalg.matmul ins(%11, %arg3 : tensor<24x96xf32>, tensor<96x96xf32>) outs(%12 : tensor<24x96xf32>) -> tensor<24x96xf32>
    %14 = linalg.generic {indexing_maps = [#map, #map1, #map], iterator_types = ["parallel", "parallel"]} ins(%13, %arg4 : tensor<24x96xf32>, tensor<96xf32>) outs(%4 : tensor<24x96xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %15 = arith.addf %in, %in_5 : f32
      linalg.yield %15 : f32
    } -> tensor<24x96xf32>
    return %14 : tensor<24x96xf32>
  }
}
