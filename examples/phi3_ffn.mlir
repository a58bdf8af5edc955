// Phi-3's feed-forward: gate and value in one weight, gate first.
// Printed by torch 2.14.1, torch-mlir 20261001; made by make_examples.py.

#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
module {
  func.func @ffn(%arg0: tensor<4x16x128xf32>, %arg1: tensor<704x128xf32>, %arg2: tensor<128x352xf32>) -> tensor<4x16x128xf32> {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 1.000000e+00 : f32
    %0 = tensor.empty() : tensor<128x704xf32>
    %transposed = linalg.transpose ins(%arg1 : tensor<704x128xf32>) outs(%0 : tensor<128x704xf32>) permutation = [1, 0] 
    %collapsed = tensor.collapse_shape %arg0 [[0, 1], [2]] : tensor<4x16x128xf32> into tensor<64x128xf32>
    %1 = tensor.empty() : tensor<64x704xf32>
    %2 = linalg.fill ins(%cst : f32) outs(%1 : tensor<64x704xf32>) -> tensor<64x704xf32>
    %3 = linalg.matmul ins(%collapsed, %transposed : tensor<64x128xf32>, tensor<128x704xf32>) outs(%2 : tensor<64x704xf32>) -> tensor<64x704xf32>
    %expanded = tensor.expand_shape %3 [[0, 1], [2]] output_shape [4, 16, 704] : tensor<64x704xf32> into tensor<4x16x704xf32>
    %extracted_slice = tensor.extract_slice %expanded[0, 0, 0] [4, 16, 352] [1, 1, 1] : tensor<4x16x704xf32> to tensor<4x16x352xf32>
    %extracted_slice_1 = tensor.extract_slice %expanded[0, 0, 352] [4, 16, 352] [1, 1, 1] : tensor<4x16x704xf32> to tensor<4x16x352xf32>
    %4 = tensor.empty() : tensor<4x16x352xf32>
    %5 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice : tensor<4x16x352xf32>) outs(%4 : tensor<4x16x352xf32>) {
    ^bb0(%in: f32, %out: f32):
      %12 = arith.negf %in : f32
      %13 = math.exp %12 : f32
      %14 = arith.addf %13, %cst_0 : f32
      %15 = arith.divf %cst_0, %14 : f32
      linalg.yield %15 : f32
    } -> tensor<4x16x352xf32>
    %6 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice, %5 : tensor<4x16x352xf32>, tensor<4x16x352xf32>) outs(%4 : tensor<4x16x352xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %12 = arith.mulf %in, %in_5 : f32
      linalg.yield %12 : f32
    } -> tensor<4x16x352xf32>
    %7 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice_1, %6 : tensor<4x16x352xf32>, tensor<4x16x352xf32>) outs(%4 : tensor<4x16x352xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %12 = arith.mulf %in, %in_5 : f32
      linalg.yield %12 : f32
    } -> tensor<4x16x352xf32>
    %8 = tensor.empty() : tensor<352x128xf32>
    %transposed_2 = linalg.transpose ins(%arg2 : tensor<128x352xf32>) outs(%8 : tensor<352x128xf32>) permutation = [1, 0] 
    %collapsed_3 = tensor.collapse_shape %7 [[0, 1], [2]] : tensor<4x16x352xf32> into tensor<64x352xf32>
    %9 = tensor.empty() : tensor<64x128xf32>
    %10 = linalg.fill ins(%cst : f32) outs(%9 : tensor<64x128xf32>) -> tensor<64x128xf32>
    %11 = linalg.matmul ins(%collapsed_3, %transposed_2 : tensor<64x352xf32>, tensor<352x128xf32>) outs(%10 : tensor<64x128xf32>) -> tensor<64x128xf32>
    %expanded_4 = tensor.expand_shape %11 [[0, 1], [2]] output_shape [4, 16, 128] : tensor<64x128xf32> into tensor<4x16x128xf32>
    return %expanded_4 : tensor<4x16x128xf32>
  }
}
