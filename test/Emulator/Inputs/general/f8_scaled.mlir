// A unit quantised to f8, as frameworks write it: rows of x and columns of the
// weights (kept out x in) have a scale each.
#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(m, n) -> (m, n)>
#m = affine_map<(m, n) -> (m)>
#n = affine_map<(m, n) -> (n)>
func.func @f(%x: tensor<150x272xf8E4M3FN>, %wg: tensor<136x272xf8E4M3FN>, %wv: tensor<136x272xf8E5M2>,
             %sx: tensor<150xf32>, %sg: tensor<136xf32>, %sv: tensor<136xf32>) -> tensor<150x136xbf16> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<150x136xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<150x136xf32>) -> tensor<150x136xf32>
  %g = linalg.matmul indexing_maps = [#mk, #nk, #mn] ins(%x, %wg : tensor<150x272xf8E4M3FN>, tensor<136x272xf8E4M3FN>) outs(%init : tensor<150x136xf32>) -> tensor<150x136xf32>
  %v = linalg.matmul indexing_maps = [#mk, #nk, #mn] ins(%x, %wv : tensor<150x272xf8E4M3FN>, tensor<136x272xf8E5M2>) outs(%init : tensor<150x136xf32>) -> tensor<150x136xf32>
  %r = tensor.empty() : tensor<150x136xbf16>
  %y = linalg.generic {indexing_maps = [#id, #id, #m, #n, #n, #id], iterator_types = ["parallel", "parallel"]}
    ins(%g, %v, %sx, %sg, %sv : tensor<150x136xf32>, tensor<150x136xf32>, tensor<150xf32>, tensor<136xf32>, tensor<136xf32>) outs(%r : tensor<150x136xbf16>) {
  ^bb0(%a: f32, %b: f32, %s: f32, %t: f32, %u: f32, %o: bf16):
    %a1 = arith.mulf %a, %s : f32
    %gate = arith.mulf %a1, %t : f32
    %b1 = arith.mulf %b, %s : f32
    %value = arith.mulf %b1, %u : f32
    %n = arith.negf %gate : f32
    %x1 = math.exp %n : f32
    %d = arith.addf %x1, %one : f32
    %q = arith.divf %gate, %d : f32
    %p = arith.mulf %q, %value : f32
    %w = arith.truncf %p : f32 to bf16
    linalg.yield %w : bf16
  } -> tensor<150x136xbf16>
  return %y : tensor<150x136xbf16>
}
