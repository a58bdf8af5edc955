// Matmuls with what follows them, in one kernel each: a bias, relu and a residual,
// rounded; then one in f32 with a weight kept out x in, which is scaled by rows
// and kept transposed.
#mn = affine_map<(m, n) -> (m, n)>
#nm = affine_map<(m, n) -> (n, m)>
#m = affine_map<(m, n) -> (m)>
#n = affine_map<(m, n) -> (n)>
func.func @f(%x: tensor<70x72xbf16>, %w: tensor<72x136xbf16>, %b: tensor<136xf32>, %r: tensor<70x136xbf16>,
             %u: tensor<40x136xbf16>, %s: tensor<70xf32>) -> (tensor<70x136xbf16>, tensor<40x70xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<70x136xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<70x136xf32>) -> tensor<70x136xf32>
  %p = linalg.matmul ins(%x, %w : tensor<70x72xbf16>, tensor<72x136xbf16>) outs(%init : tensor<70x136xf32>) -> tensor<70x136xf32>
  %o = tensor.empty() : tensor<70x136xbf16>
  %y = linalg.generic {indexing_maps = [#mn, #n, #mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%p, %b, %r : tensor<70x136xf32>, tensor<136xf32>, tensor<70x136xbf16>) outs(%o : tensor<70x136xbf16>) {
  ^bb0(%sum: f32, %bias: f32, %residual: bf16, %out: bf16):
    %0 = arith.addf %sum, %bias : f32
    %1 = arith.maximumf %0, %zero : f32
    %2 = arith.extf %residual : bf16 to f32
    %3 = arith.addf %1, %2 : f32
    %4 = arith.truncf %3 : f32 to bf16
    linalg.yield %4 : bf16
  } -> tensor<70x136xbf16>
  %et = tensor.empty() : tensor<136x40xbf16>
  %t = linalg.transpose ins(%u : tensor<40x136xbf16>) outs(%et : tensor<136x40xbf16>) permutation = [1, 0]
  %f = tensor.empty() : tensor<70x40xf32>
  %init2 = linalg.fill ins(%zero : f32) outs(%f : tensor<70x40xf32>) -> tensor<70x40xf32>
  %q = linalg.matmul ins(%y, %t : tensor<70x136xbf16>, tensor<136x40xbf16>) outs(%init2 : tensor<70x40xf32>) -> tensor<70x40xf32>
  %g = tensor.empty() : tensor<40x70xf32>
  %z = linalg.generic {indexing_maps = [#mn, #m, #nm], iterator_types = ["parallel", "parallel"]}
      ins(%q, %s : tensor<70x40xf32>, tensor<70xf32>) outs(%g : tensor<40x70xf32>) {
  ^bb0(%sum: f32, %scale: f32, %out: f32):
    %0 = arith.mulf %sum, %scale : f32
    linalg.yield %0 : f32
  } -> tensor<40x70xf32>
  return %y, %z : tensor<70x136xbf16>, tensor<40x70xf32>
}
