// Projections whose sums are made by dot products of bytes, where a chip has
// some.

#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (k, n)>
#wt = affine_map<(m, n, k) -> (n, k)>
#rows = affine_map<(m, n, k) -> (m)>
#columns = affine_map<(m, n, k) -> (n)>
#y = affine_map<(m, n, k) -> (m, n)>

// Whole tiles, weights out x in, added to what is there.
func.func @even(%x: tensor<24x64xi8>, %w: tensor<64x64xi8>, %s: tensor<24x64xi32>) -> tensor<24x64xi32> {
  %r = linalg.matmul indexing_maps = [#x, #wt, #y]
    ins(%x, %w : tensor<24x64xi8>, tensor<64x64xi8>) outs(%s : tensor<24x64xi32>) -> tensor<24x64xi32>
  return %r : tensor<24x64xi32>
}

// The least there is, times itself.
func.func @extremes() -> tensor<24x40xi32> {
  %x = arith.constant dense<-128> : tensor<24x70xi8>
  %w = arith.constant dense<-128> : tensor<70x40xi8>
  %zero = arith.constant dense<0> : tensor<24x40xi32>
  %r = linalg.matmul ins(%x, %w : tensor<24x70xi8>, tensor<70x40xi8>) outs(%zero : tensor<24x40xi32>) -> tensor<24x40xi32>
  return %r : tensor<24x40xi32>
}

// Sizes that nobody knows.
func.func @unknown(%x: tensor<?x?xi8>, %w: tensor<?x?xi8>) -> tensor<?x?xi32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %m = tensor.dim %x, %c0 : tensor<?x?xi8>
  %n = tensor.dim %w, %c1 : tensor<?x?xi8>
  %e = tensor.empty(%m, %n) : tensor<?x?xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<?x?xi32>) -> tensor<?x?xi32>
  %r = linalg.matmul ins(%x, %w : tensor<?x?xi8>, tensor<?x?xi8>) outs(%z : tensor<?x?xi32>) -> tensor<?x?xi32>
  return %r : tensor<?x?xi32>
}

// As front ends write it: two products, of which scales make floats. Prime
// sizes, as many rows as it likes, biases of 32 bits.
func.func @scaled(%x: tensor<?x37xi8>, %g: tensor<37x53xi8>, %v: tensor<37x53xi8>, %gb: tensor<53xi32>, %xs: tensor<?xf32>, %gs: tensor<53xf32>, %vs: tensor<53xf32>) -> tensor<?x53xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  %m = tensor.dim %x, %c0 : tensor<?x37xi8>
  %e = tensor.empty(%m) : tensor<?x53xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<?x53xi32>) -> tensor<?x53xi32>
  %p = linalg.matmul ins(%x, %g : tensor<?x37xi8>, tensor<37x53xi8>) outs(%z : tensor<?x53xi32>) -> tensor<?x53xi32>
  %q = linalg.matmul ins(%x, %v : tensor<?x37xi8>, tensor<37x53xi8>) outs(%z : tensor<?x53xi32>) -> tensor<?x53xi32>
  %f = tensor.empty(%m) : tensor<?x53xf32>
  %r = linalg.generic {indexing_maps = [
      affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (n)>,
      affine_map<(m, n) -> (m)>, affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (n)>,
      affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
    ins(%p, %q, %gb, %xs, %gs, %vs : tensor<?x53xi32>, tensor<?x53xi32>, tensor<53xi32>, tensor<?xf32>, tensor<53xf32>, tensor<53xf32>)
    outs(%f : tensor<?x53xf32>) {
  ^bb0(%a: i32, %b: i32, %c: i32, %s: f32, %t: f32, %u: f32, %o: f32):
    %ac = arith.addi %a, %c : i32
    %af = arith.sitofp %ac : i32 to f32
    %bf = arith.sitofp %b : i32 to f32
    %st = arith.mulf %s, %t : f32
    %su = arith.mulf %s, %u : f32
    %gate = arith.mulf %af, %st : f32
    %value = arith.mulf %bf, %su : f32
    %t0 = math.tanh %gate : f32
    %p0 = arith.mulf %t0, %value : f32
    linalg.yield %p0 : f32
  } -> tensor<?x53xf32>
  return %r : tensor<?x53xf32>
}

// Zero points of the input and of one weight, and a scale a column.
func.func @zero_points(%x: tensor<?x37xi8>, %g: tensor<37x53xi8>, %v: tensor<37x53xi8>, %xz: i32, %gz: i32, %gs: tensor<53xf32>, %vs: tensor<53xf32>) -> tensor<?x53xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  %m = tensor.dim %x, %c0 : tensor<?x37xi8>
  %e = tensor.empty(%m) : tensor<?x53xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<?x53xi32>) -> tensor<?x53xi32>
  %p = linalg.quantized_matmul ins(%x, %g, %xz, %gz : tensor<?x37xi8>, tensor<37x53xi8>, i32, i32) outs(%z : tensor<?x53xi32>) -> tensor<?x53xi32>
  %q = linalg.quantized_matmul ins(%x, %v, %xz, %zero : tensor<?x37xi8>, tensor<37x53xi8>, i32, i32) outs(%z : tensor<?x53xi32>) -> tensor<?x53xi32>
  %f = tensor.empty(%m) : tensor<?x53xf32>
  %r = linalg.generic {indexing_maps = [
      affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (n)>,
      affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
    ins(%p, %q, %gs, %vs : tensor<?x53xi32>, tensor<?x53xi32>, tensor<53xf32>, tensor<53xf32>)
    outs(%f : tensor<?x53xf32>) {
  ^bb0(%a: i32, %b: i32, %t: f32, %u: f32, %o: f32):
    %af = arith.sitofp %a : i32 to f32
    %bf = arith.sitofp %b : i32 to f32
    %gate = arith.mulf %af, %t : f32
    %value = arith.mulf %bf, %u : f32
    %t0 = math.tanh %gate : f32
    %p0 = arith.mulf %t0, %value : f32
    linalg.yield %p0 : f32
  } -> tensor<?x53xf32>
  return %r : tensor<?x53xf32>
}

// A single row, gate and value in one weight, and the sums themselves.
func.func @row(%x: tensor<96xi8>, %w: tensor<96x70xi8>, %s: tensor<35xf32>) -> (tensor<35xf32>, tensor<35xi32>) {
  %v = tensor.extract_slice %w[0, 0] [96, 35] [1, 1] : tensor<96x70xi8> to tensor<96x35xi8>
  %g = tensor.extract_slice %w[0, 35] [96, 35] [1, 1] : tensor<96x70xi8> to tensor<96x35xi8>
  %e = tensor.empty() : tensor<35xf32>
  %f = tensor.empty() : tensor<35xi32>
  %r:2 = glu.gated_projection
    gate(%x, %g : tensor<96xi8>, tensor<96x35xi8>)
    value(%x, %v : tensor<96xi8>, tensor<96x35xi8>)
    extras(%s : tensor<35xf32>)
    outs(%e, %f : tensor<35xf32>, tensor<35xi32>) attributes {indexing_maps = [
      affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (k, n)>,
      affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (k, n)>,
      affine_map<(n, k) -> (n)>, affine_map<(n, k) -> (n)>, affine_map<(n, k) -> (n)>]} {
  ^bb0(%a: i32, %b: i32, %c: f32):
    %af = arith.sitofp %a : i32 to f32
    %bf = arith.sitofp %b : i32 to f32
    %ac = arith.mulf %af, %c : f32
    %p = arith.mulf %ac, %bf : f32
    glu.yield %p, %b : f32, i32
  } -> (tensor<35xf32>, tensor<35xi32>)
  return %r#0, %r#1 : tensor<35xf32>, tensor<35xi32>
}

// Experts, and a causal convolution with an odd number of channels.
func.func @experts(%x: tensor<3x5x22xi8>, %w: tensor<3x22x18xi8>) -> tensor<3x5x18xi32> {
  %zero = arith.constant dense<0> : tensor<3x5x18xi32>
  %r = linalg.batch_matmul ins(%x, %w : tensor<3x5x22xi8>, tensor<3x22x18xi8>) outs(%zero : tensor<3x5x18xi32>) -> tensor<3x5x18xi32>
  return %r : tensor<3x5x18xi32>
}

func.func @conv(%x: tensor<2x15x7xi8>, %w: tensor<3x7x12xi8>) -> tensor<2x13x12xi32> {
  %zero = arith.constant dense<0> : tensor<2x13x12xi32>
  %r = linalg.conv_1d_nwc_wcf ins(%x, %w : tensor<2x15x7xi8>, tensor<3x7x12xi8>) outs(%zero : tensor<2x13x12xi32>) -> tensor<2x13x12xi32>
  return %r : tensor<2x13x12xi32>
}

// Numbers of 16 bits, whose sums wrap around.
func.func @int16(%x: tensor<9x23xi16>, %w: tensor<23x35xi16>) -> tensor<9x35xi32> {
  %zero = arith.constant dense<0> : tensor<9x35xi32>
  %r = linalg.matmul ins(%x, %w : tensor<9x23xi16>, tensor<23x35xi16>) outs(%zero : tensor<9x35xi32>) -> tensor<9x35xi32>
  return %r : tensor<9x35xi32>
}

// Without signs no instruction is used, but the numbers are right.
func.func @unsigned(%x: tensor<8x64xi8>, %w: tensor<64x32xi8>) -> tensor<8x32xi32> {
  %zero = arith.constant dense<0> : tensor<8x32xi32>
  %r = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%x, %w : tensor<8x64xi8>, tensor<64x32xi8>) outs(%zero : tensor<8x32xi32>) -> tensor<8x32xi32>
  return %r : tensor<8x32xi32>
}
