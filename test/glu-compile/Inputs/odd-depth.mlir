// Feed-forward layers of bf16, whose sizes are multiples of nothing.

func.func @odd(%x_m: memref<?x33xbf16>, %w_gate: tensor<33x70xbf16>, %w_value: tensor<33x70xbf16>, %w_down: tensor<70x16xbf16>, %out_m: memref<?x16xbf16>) {
  %x = bufferization.to_tensor %x_m restrict : memref<?x33xbf16> to tensor<?x33xbf16>
  %init_0_c = arith.constant 0 : index
  %init_0 = memref.dim %out_m, %init_0_c : memref<?x16xbf16>
  %init = tensor.empty(%init_0) : tensor<?x70xbf16>
  %h = glu.gated_projection silu gate(%x, %w_gate : tensor<?x33xbf16>, tensor<33x70xbf16>) value(%x, %w_value : tensor<?x33xbf16>, tensor<33x70xbf16>) outs(%init : tensor<?x70xbf16>) attributes {indexing_maps = [affine_map<(m0, n, k) -> (m0, k)>, affine_map<(m0, n, k) -> (k, n)>, affine_map<(m0, n, k) -> (m0, k)>, affine_map<(m0, n, k) -> (k, n)>, affine_map<(m0, n, k) -> (m0, n)>]} -> tensor<?x70xbf16>
  %y_sums_0_c = arith.constant 0 : index
  %y_sums_0 = memref.dim %out_m, %y_sums_0_c : memref<?x16xbf16>
  %y_sums = tensor.empty(%y_sums_0) : tensor<?x16xf32>
  %y_zero = arith.constant 0.0 : f32
  %y_init = linalg.fill ins(%y_zero : f32) outs(%y_sums : tensor<?x16xf32>) -> tensor<?x16xf32>
  %y_sum = linalg.generic {indexing_maps = [affine_map<(m0, d, n) -> (m0, n)>, affine_map<(m0, d, n) -> (n, d)>, affine_map<(m0, d, n) -> (m0, d)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%h, %w_down : tensor<?x70xbf16>, tensor<70x16xbf16>) outs(%y_init : tensor<?x16xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %aw = arith.extf %a : bf16 to f32
    %bw = arith.extf %b : bf16 to f32
    %p = arith.mulf %aw, %bw : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x16xf32>
  %y_rounded_0_c = arith.constant 0 : index
  %y_rounded_0 = memref.dim %out_m, %y_rounded_0_c : memref<?x16xbf16>
  %y_rounded = tensor.empty(%y_rounded_0) : tensor<?x16xbf16>
  %y = linalg.generic {indexing_maps = [affine_map<(m0, d) -> (m0, d)>, affine_map<(m0, d) -> (m0, d)>], iterator_types = ["parallel", "parallel"]} ins(%y_sum : tensor<?x16xf32>) outs(%y_rounded : tensor<?x16xbf16>) {
  ^bb0(%c: f32, %o: bf16):
    %r = arith.truncf %c : f32 to bf16
    linalg.yield %r : bf16
  } -> tensor<?x16xbf16>
  bufferization.materialize_in_destination %y in restrict writable %out_m : (tensor<?x16xbf16>, memref<?x16xbf16>) -> ()
  return
}

func.func @column(%x_m: memref<?x65xbf16>, %w_gate: tensor<65x1xbf16>, %w_value: tensor<65x1xbf16>, %w_down: tensor<1x15xbf16>, %out_m: memref<?x15xbf16>) {
  %x = bufferization.to_tensor %x_m restrict : memref<?x65xbf16> to tensor<?x65xbf16>
  %init_0_c = arith.constant 0 : index
  %init_0 = memref.dim %out_m, %init_0_c : memref<?x15xbf16>
  %init = tensor.empty(%init_0) : tensor<?x1xbf16>
  %h = glu.gated_projection silu gate(%x, %w_gate : tensor<?x65xbf16>, tensor<65x1xbf16>) value(%x, %w_value : tensor<?x65xbf16>, tensor<65x1xbf16>) outs(%init : tensor<?x1xbf16>) attributes {indexing_maps = [affine_map<(m0, n, k) -> (m0, k)>, affine_map<(m0, n, k) -> (k, n)>, affine_map<(m0, n, k) -> (m0, k)>, affine_map<(m0, n, k) -> (k, n)>, affine_map<(m0, n, k) -> (m0, n)>]} -> tensor<?x1xbf16>
  %y_sums_0_c = arith.constant 0 : index
  %y_sums_0 = memref.dim %out_m, %y_sums_0_c : memref<?x15xbf16>
  %y_sums = tensor.empty(%y_sums_0) : tensor<?x15xf32>
  %y_zero = arith.constant 0.0 : f32
  %y_init = linalg.fill ins(%y_zero : f32) outs(%y_sums : tensor<?x15xf32>) -> tensor<?x15xf32>
  %y_sum = linalg.generic {indexing_maps = [affine_map<(m0, d, n) -> (m0, n)>, affine_map<(m0, d, n) -> (n, d)>, affine_map<(m0, d, n) -> (m0, d)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%h, %w_down : tensor<?x1xbf16>, tensor<1x15xbf16>) outs(%y_init : tensor<?x15xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %aw = arith.extf %a : bf16 to f32
    %bw = arith.extf %b : bf16 to f32
    %p = arith.mulf %aw, %bw : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<?x15xf32>
  %y_rounded_0_c = arith.constant 0 : index
  %y_rounded_0 = memref.dim %out_m, %y_rounded_0_c : memref<?x15xbf16>
  %y_rounded = tensor.empty(%y_rounded_0) : tensor<?x15xbf16>
  %y = linalg.generic {indexing_maps = [affine_map<(m0, d) -> (m0, d)>, affine_map<(m0, d) -> (m0, d)>], iterator_types = ["parallel", "parallel"]} ins(%y_sum : tensor<?x15xf32>) outs(%y_rounded : tensor<?x15xbf16>) {
  ^bb0(%c: f32, %o: bf16):
    %r = arith.truncf %c : f32 to bf16
    linalg.yield %r : bf16
  } -> tensor<?x15xbf16>
  bufferization.materialize_in_destination %y in restrict writable %out_m : (tensor<?x15xbf16>, memref<?x15xbf16>) -> ()
  return
}
