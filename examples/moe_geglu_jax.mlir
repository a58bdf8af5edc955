// Experts by vmap, each a GEGLU unit, packed.
// Printed by jax 0.10.2, iree-base-compiler 3.13.0; made by make_examples.py.

#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
module @jit_expert {
  func.func public @main(%arg0: tensor<4x10x32xf32>, %arg1: tensor<4x32x96xf32>, %arg2: tensor<4x48x32xf32>) -> tensor<4x10x32xf32> {
    %cst = arith.constant 5.000000e-01 : f32
    %cst_0 = arith.constant 1.000000e+00 : f32
    %cst_1 = arith.constant 0.797884583 : f32
    %cst_2 = arith.constant 4.471500e-02 : f32
    %cst_3 = arith.constant 0.000000e+00 : f32
    %0 = tensor.empty() : tensor<4x10x96xf32>
    %1 = linalg.fill ins(%cst_3 : f32) outs(%0 : tensor<4x10x96xf32>) -> tensor<4x10x96xf32>
    %2 = linalg.batch_matmul ins(%arg0, %arg1 : tensor<4x10x32xf32>, tensor<4x32x96xf32>) outs(%1 : tensor<4x10x96xf32>) -> tensor<4x10x96xf32>
    %extracted_slice = tensor.extract_slice %2[0, 0, 0] [4, 10, 48] [1, 1, 1] : tensor<4x10x96xf32> to tensor<4x10x48xf32>
    %extracted_slice_4 = tensor.extract_slice %2[0, 0, 48] [4, 10, 48] [1, 1, 1] : tensor<4x10x96xf32> to tensor<4x10x48xf32>
    %3 = tensor.empty() : tensor<4x10x48xf32>
    %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice : tensor<4x10x48xf32>) outs(%3 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %out: f32):
      %26 = arith.mulf %in, %in : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %5 = tensor.empty() : tensor<4x10x48xf32>
    %6 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%4, %extracted_slice : tensor<4x10x48xf32>, tensor<4x10x48xf32>) outs(%5 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %26 = arith.mulf %in, %in_5 : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %7 = tensor.empty() : tensor<4x10x48xf32>
    %8 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%6 : tensor<4x10x48xf32>) outs(%7 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %out: f32):
      %26 = arith.mulf %in, %cst_2 : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %9 = tensor.empty() : tensor<4x10x48xf32>
    %10 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice, %8 : tensor<4x10x48xf32>, tensor<4x10x48xf32>) outs(%9 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %26 = arith.addf %in, %in_5 : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %11 = tensor.empty() : tensor<4x10x48xf32>
    %12 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%10 : tensor<4x10x48xf32>) outs(%11 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %out: f32):
      %26 = arith.mulf %in, %cst_1 : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %13 = tensor.empty() : tensor<4x10x48xf32>
    %14 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%12 : tensor<4x10x48xf32>) outs(%13 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %out: f32):
      %26 = math.tanh %in : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %15 = tensor.empty() : tensor<4x10x48xf32>
    %16 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%14 : tensor<4x10x48xf32>) outs(%15 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %out: f32):
      %26 = arith.addf %in, %cst_0 : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %17 = tensor.empty() : tensor<4x10x48xf32>
    %18 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%16 : tensor<4x10x48xf32>) outs(%17 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %out: f32):
      %26 = arith.mulf %in, %cst : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %19 = tensor.empty() : tensor<4x10x48xf32>
    %20 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice, %18 : tensor<4x10x48xf32>, tensor<4x10x48xf32>) outs(%19 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %26 = arith.mulf %in, %in_5 : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %21 = tensor.empty() : tensor<4x10x48xf32>
    %22 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%20, %extracted_slice_4 : tensor<4x10x48xf32>, tensor<4x10x48xf32>) outs(%21 : tensor<4x10x48xf32>) {
    ^bb0(%in: f32, %in_5: f32, %out: f32):
      %26 = arith.mulf %in, %in_5 : f32
      linalg.yield %26 : f32
    } -> tensor<4x10x48xf32>
    %23 = tensor.empty() : tensor<4x10x32xf32>
    %24 = linalg.fill ins(%cst_3 : f32) outs(%23 : tensor<4x10x32xf32>) -> tensor<4x10x32xf32>
    %25 = linalg.batch_matmul ins(%22, %arg2 : tensor<4x10x48xf32>, tensor<4x48x32xf32>) outs(%24 : tensor<4x10x32xf32>) -> tensor<4x10x32xf32>
    return %25 : tensor<4x10x32xf32>
  }
}
