// Projections whose sums are made by dot products of bf16, where a chip has some.

#x = affine_map<(m, n, k) -> (m, k)>
#wt = affine_map<(m, n, k) -> (n, k)>
#y = affine_map<(m, n, k) -> (m, n)>

// Whole tiles, weights out x in.
func.func @even(%x: tensor<24x64xbf16>, %g: tensor<64x64xbf16>, %v: tensor<64x64xbf16>) -> tensor<24x64xbf16> {
  %e = tensor.empty() : tensor<24x64xbf16>
  %r = glu.gated_projection silu
    gate(%x, %g : tensor<24x64xbf16>, tensor<64x64xbf16>)
    value(%x, %v : tensor<24x64xbf16>, tensor<64x64xbf16>)
    outs(%e : tensor<24x64xbf16>) attributes {indexing_maps = [#x, #wt, #x, #wt, #y]} -> tensor<24x64xbf16>
  return %r : tensor<24x64xbf16>
}

// Prime sizes, odd sums, as many rows as it likes; biases, and a second result
// in f32.
func.func @odd(%x: tensor<?x37xbf16>, %g: tensor<37x53xbf16>, %gb: tensor<53xbf16>, %v: tensor<37x53xbf16>, %vb: tensor<53xf32>, %s: tensor<?xf32>) -> (tensor<?x53xbf16>, tensor<?x53xf32>) {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x37xbf16>
  %e = tensor.empty(%m) : tensor<?x53xbf16>
  %f = tensor.empty(%m) : tensor<?x53xf32>
  %r:2 = glu.gated_projection
    gate(%x, %g, %gb : tensor<?x37xbf16>, tensor<37x53xbf16>, tensor<53xbf16>)
    value(%x, %v, %vb : tensor<?x37xbf16>, tensor<37x53xbf16>, tensor<53xf32>)
    extras(%s : tensor<?xf32>)
    outs(%e, %f : tensor<?x53xbf16>, tensor<?x53xf32>) attributes {indexing_maps = [
      #x, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (n)>,
      #x, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (n)>,
      affine_map<(m, n, k) -> (m)>, #y, #y]} {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %zero = arith.constant 0.0 : f32
    %h = arith.maximumf %a, %zero : f32
    %p = arith.mulf %h, %b : f32
    %q = arith.mulf %p, %c : f32
    %t = arith.truncf %q : f32 to bf16
    glu.yield %t, %b : bf16, f32
  } -> (tensor<?x53xbf16>, tensor<?x53xf32>)
  return %r#0, %r#1 : tensor<?x53xbf16>, tensor<?x53xf32>
}

// Sizes that nobody knows.
func.func @unknown(%x: tensor<?x?xbf16>, %w: tensor<?x?xbf16>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x?xbf16>
  %n = tensor.dim %w, %c1 : tensor<?x?xbf16>
  %e = tensor.empty(%m, %n) : tensor<?x?xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r = linalg.matmul ins(%x, %w : tensor<?x?xbf16>, tensor<?x?xbf16>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// A single row, gate and value in one weight, gate last.
func.func @row(%x: tensor<96xbf16>, %w: tensor<96x70xbf16>) -> tensor<35xf32> {
  %v = tensor.extract_slice %w[0, 0] [96, 35] [1, 1] : tensor<96x70xbf16> to tensor<96x35xbf16>
  %g = tensor.extract_slice %w[0, 35] [96, 35] [1, 1] : tensor<96x70xbf16> to tensor<96x35xbf16>
  %e = tensor.empty() : tensor<35xf32>
  %r = glu.gated_projection gelu
    gate(%x, %g : tensor<96xbf16>, tensor<96x35xbf16>)
    value(%x, %v : tensor<96xbf16>, tensor<96x35xbf16>)
    outs(%e : tensor<35xf32>) attributes {indexing_maps = [
      affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (k, n)>,
      affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (k, n)>,
      affine_map<(n, k) -> (n)>]} -> tensor<35xf32>
  return %r : tensor<35xf32>
}

// Experts: a batch of weights, and two inputs.
func.func @experts(%x: tensor<3x5x22xbf16>, %u: tensor<3x5x22xbf16>, %g: tensor<3x22x18xbf16>, %v: tensor<3x22x18xbf16>) -> tensor<3x5x18xf32> {
  %e = tensor.empty() : tensor<3x5x18xf32>
  %r = glu.gated_projection sigmoid
    gate(%x, %g : tensor<3x5x22xbf16>, tensor<3x22x18xbf16>)
    value(%u, %v : tensor<3x5x22xbf16>, tensor<3x22x18xbf16>)
    outs(%e : tensor<3x5x18xf32>) -> tensor<3x5x18xf32>
  return %r : tensor<3x5x18xf32>
}

// A causal convolution with channels last, dilated, and an odd number of them.
func.func @conv(%x: tensor<2x15x7xbf16>, %g: tensor<3x7x12xbf16>, %v: tensor<3x7x12xbf16>) -> tensor<2x11x12xf32> {
  %e = tensor.empty() : tensor<2x11x12xf32>
  %r = glu.gated_projection tanh_sigmoid
    gate(%x, %g : tensor<2x15x7xbf16>, tensor<3x7x12xbf16>)
    value(%x, %v : tensor<2x15x7xbf16>, tensor<3x7x12xbf16>)
    outs(%e : tensor<2x11x12xf32>) attributes {indexing_maps = [
      affine_map<(b, t, n, k, c) -> (b, t + 2 * k, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
      affine_map<(b, t, n, k, c) -> (b, t + 2 * k, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
      affine_map<(b, t, n, k, c) -> (b, t, n)>]} -> tensor<2x11x12xf32>
  return %r : tensor<2x11x12xf32>
}

// 1x1 with channels first: the elements of a group are a row apart.
func.func @channels_first(%x: tensor<2x10x21xbf16>, %g: tensor<12x10xbf16>, %v: tensor<12x10xbf16>) -> tensor<2x21x12xf32> {
  %e = tensor.empty() : tensor<2x21x12xf32>
  %r = glu.gated_projection silu
    gate(%x, %g : tensor<2x10x21xbf16>, tensor<12x10xbf16>)
    value(%x, %v : tensor<2x10x21xbf16>, tensor<12x10xbf16>)
    outs(%e : tensor<2x21x12xf32>) attributes {indexing_maps = [
      affine_map<(b, t, n, c) -> (b, c, t)>, affine_map<(b, t, n, c) -> (n, c)>,
      affine_map<(b, t, n, c) -> (b, c, t)>, affine_map<(b, t, n, c) -> (n, c)>,
      affine_map<(b, t, n, c) -> (b, t, n)>]} -> tensor<2x21x12xf32>
  return %r : tensor<2x21x12xf32>
}
