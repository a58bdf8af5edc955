// Llama's feed-forward, x W with weights in x out.
// Printed by jax 0.10.2, torch-mlir 20261001; made by make_examples.py.

#map = affine_map<(d0, d1) -> (d0, d1)>
#map1 = affine_map<(d0, d1) -> ()>
module @jit_ffn attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<12x64xf32>, %arg1: tensor<64x160xf32>, %arg2: tensor<64x160xf32>, %arg3: tensor<160x64xf32>) -> (tensor<12x64xf32> {jax.result_info = "result"}) {
    %cst = arith.constant 0.000000e+00 : f32
    %0 = tensor.empty() : tensor<12x160xf32>
    %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<12x160xf32>) -> tensor<12x160xf32>
    %2 = linalg.matmul ins(%arg0, %arg1 : tensor<12x64xf32>, tensor<64x160xf32>) outs(%1 : tensor<12x160xf32>) -> tensor<12x160xf32>
    %3 = call @silu(%2) : (tensor<12x160xf32>) -> tensor<12x160xf32>
    %4 = tensor.empty() : tensor<12x160xf32>
    %5 = linalg.fill ins(%cst : f32) outs(%4 : tensor<12x160xf32>) -> tensor<12x160xf32>
    %6 = linalg.matmul ins(%arg0, %arg2 : tensor<12x64xf32>, tensor<64x160xf32>) outs(%5 : tensor<12x160xf32>) -> tensor<12x160xf32>
    %7 = tensor.empty() : tensor<12x160xf32>
    %8 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%3, %6 : tensor<12x160xf32>, tensor<12x160xf32>) outs(%7 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %12 = arith.mulf %in, %in_0 : f32
      linalg.yield %12 : f32
    } -> tensor<12x160xf32>
    %9 = tensor.empty() : tensor<12x64xf32>
    %10 = linalg.fill ins(%cst : f32) outs(%9 : tensor<12x64xf32>) -> tensor<12x64xf32>
    %11 = linalg.matmul ins(%8, %arg3 : tensor<12x160xf32>, tensor<160x64xf32>) outs(%10 : tensor<12x64xf32>) -> tensor<12x64xf32>
    return %11 : tensor<12x64xf32>
  }
  func.func private @silu(%arg0: tensor<12x160xf32>) -> tensor<12x160xf32> {
    %cst = arith.constant dense<1.000000e+00> : tensor<f32>
    %0 = tensor.empty() : tensor<12x160xf32>
    %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<12x160xf32>) outs(%0 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %out: f32):
      %14 = arith.negf %in : f32
      linalg.yield %14 : f32
    } -> tensor<12x160xf32>
    %2 = tensor.empty() : tensor<12x160xf32>
    %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<12x160xf32>) outs(%2 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %out: f32):
      %14 = math.exp %in : f32
      linalg.yield %14 : f32
    } -> tensor<12x160xf32>
    %4 = tensor.empty() : tensor<12x160xf32>
    %5 = linalg.generic {indexing_maps = [#map1, #map], iterator_types = ["parallel", "parallel"]} ins(%cst : tensor<f32>) outs(%4 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<12x160xf32>
    %6 = tensor.empty() : tensor<12x160xf32>
    %7 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%5, %3 : tensor<12x160xf32>, tensor<12x160xf32>) outs(%6 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %14 = arith.addf %in, %in_0 : f32
      linalg.yield %14 : f32
    } -> tensor<12x160xf32>
    %8 = tensor.empty() : tensor<12x160xf32>
    %9 = linalg.generic {indexing_maps = [#map1, #map], iterator_types = ["parallel", "parallel"]} ins(%cst : tensor<f32>) outs(%8 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<12x160xf32>
    %10 = tensor.empty() : tensor<12x160xf32>
    %11 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%9, %7 : tensor<12x160xf32>, tensor<12x160xf32>) outs(%10 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %14 = arith.divf %in, %in_0 : f32
      linalg.yield %14 : f32
    } -> tensor<12x160xf32>
    %12 = tensor.empty() : tensor<12x160xf32>
    %13 = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0, %11 : tensor<12x160xf32>, tensor<12x160xf32>) outs(%12 : tensor<12x160xf32>) {
    ^bb0(%in: f32, %in_0: f32, %out: f32):
      %14 = arith.mulf %in, %in_0 : f32
      linalg.yield %14 : f32
    } -> tensor<12x160xf32>
    return %13 : tensor<12x160xf32>
  }
}
