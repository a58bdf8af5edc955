// SwiGLU and its down projection on bytes, weights out x in: sums are i32, which
// scales turn to floats.
#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (n, k)>
#y = affine_map<(m, n, k) -> (m, n)>
func.func @ffn(%x: tensor<48x128xi8>, %g: tensor<128x128xi8>, %v: tensor<128x128xi8>, %d: tensor<128x128xi8>, %gs: tensor<128xf32>, %vs: tensor<128xf32>) -> tensor<48x128xi32> {
  %e = tensor.empty() : tensor<48x128xi8>
  %h = glu.gated_projection
    gate(%x, %g : tensor<48x128xi8>, tensor<128x128xi8>)
    value(%x, %v : tensor<48x128xi8>, tensor<128x128xi8>)
    extras(%gs, %vs : tensor<128xf32>, tensor<128xf32>)
    outs(%e : tensor<48x128xi8>) attributes {indexing_maps = [#x, #w, #x, #w,
      affine_map<(m, n, k) -> (n)>, affine_map<(m, n, k) -> (n)>, #y]} {
  ^bb0(%a: i32, %b: i32, %t: f32, %u: f32):
    %af = arith.sitofp %a : i32 to f32
    %bf = arith.sitofp %b : i32 to f32
    %gate = arith.mulf %af, %t : f32
    %value = arith.mulf %bf, %u : f32
    %n = arith.negf %gate : f32
    %ex = math.exp %n : f32
    %one = arith.constant 1.0 : f32
    %den = arith.addf %one, %ex : f32
    %silu = arith.divf %gate, %den : f32
    %p = arith.mulf %silu, %value : f32
    %r = math.roundeven %p : f32
    %low = arith.constant -127.0 : f32
    %high = arith.constant 127.0 : f32
    %c = arith.maximumf %r, %low : f32
    %cl = arith.minimumf %c, %high : f32
    %q = arith.fptosi %cl : f32 to i8
    glu.yield %q : i8
  } -> tensor<48x128xi8>
  %zero = arith.constant dense<0> : tensor<48x128xi32>
  %y = linalg.matmul indexing_maps = [#x, #w, #y]
    ins(%h, %d : tensor<48x128xi8>, tensor<128x128xi8>) outs(%zero : tensor<48x128xi32>) -> tensor<48x128xi32>
  return %y : tensor<48x128xi32>
}
