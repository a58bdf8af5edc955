// What the fast path must leave to the general one, or take with care.
// RUN: for f in no_rows no_columns no_sum exponential_factor max_convolution diagonal \
// RUN:          backwards padded_with_seven carried masked compared empty_part \
// RUN:          f8 f8_arithmetic rounded_on_the_way; do \
// RUN:   glu-run %s --verify --entry=$f > %t.txt || { echo $f; cat %t.txt; exit 1; }; \
// RUN: done

func.func @no_rows(%x: tensor<0x4xf32>, %w: tensor<4x5xf32>, %v: tensor<4x5xf32>) -> tensor<0x5xf32> {
  %e = tensor.empty() : tensor<0x5xf32>
  %y = glu.gated_projection silu gate(%x, %w : tensor<0x4xf32>, tensor<4x5xf32>) value(%x, %v : tensor<0x4xf32>, tensor<4x5xf32>)
    outs(%e : tensor<0x5xf32>) -> tensor<0x5xf32>
  return %y : tensor<0x5xf32>
}

func.func @no_columns(%x: tensor<3x4xf32>, %w: tensor<4x0xf32>, %v: tensor<4x0xf32>) -> tensor<3x0xf32> {
  %e = tensor.empty() : tensor<3x0xf32>
  %y = glu.gated_projection silu gate(%x, %w : tensor<3x4xf32>, tensor<4x0xf32>) value(%x, %v : tensor<3x4xf32>, tensor<4x0xf32>)
    outs(%e : tensor<3x0xf32>) -> tensor<3x0xf32>
  return %y : tensor<3x0xf32>
}

func.func @no_sum(%x: tensor<3x0xf32>, %w: tensor<0x5xf32>, %v: tensor<0x5xf32>, %b: tensor<5xf32>) -> tensor<3x5xf32> {
  %e = tensor.empty() : tensor<3x5xf32>
  %y = glu.gated_projection silu gate(%x, %w, %b : tensor<3x0xf32>, tensor<0x5xf32>, tensor<5xf32>) value(%x, %v, %b : tensor<3x0xf32>, tensor<0x5xf32>, tensor<5xf32>)
    outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

func.func @exponential_factor(%x: tensor<9x19xf32>, %w: tensor<19x33xf32>, %o: tensor<9x33xf32>) -> tensor<9x33xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<9x19xf32>, tensor<19x33xf32>) outs(%o : tensor<9x33xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %e = math.exp %a : f32
    %p = arith.mulf %e, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<9x33xf32>
  return %y : tensor<9x33xf32>
}

func.func @max_convolution(%x: tensor<2x9x5xf32>, %w: tensor<3x5x11xf32>, %o: tensor<2x7x11xf32>) -> tensor<2x7x11xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(b, t, f, k, c) -> (b, t + k, c)>, affine_map<(b, t, f, k, c) -> (k, c, f)>, affine_map<(b, t, f, k, c) -> (b, t, f)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : tensor<2x9x5xf32>, tensor<3x5x11xf32>) outs(%o : tensor<2x7x11xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.addf %a, %b : f32
    %s = arith.maximumf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x7x11xf32>
  return %y : tensor<2x7x11xf32>
}

func.func @diagonal(%x: tensor<8x8xf32>, %o: tensor<8xf32>) -> tensor<8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i, i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%x : tensor<8x8xf32>) outs(%o : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

func.func @padded_with_seven() -> tensor<2x4xf32> {
  %w = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %seven = arith.constant 7.0 : f32
  %e = tensor.empty() : tensor<2x4xf32>
  %p = linalg.pack %w padding_value(%seven : f32) inner_dims_pos = [0] inner_tiles = [4]
    into %e : tensor<5xf32> -> tensor<2x4xf32>
  return %p : tensor<2x4xf32>
}

// A loop whose tensor is a new one in every turn.
func.func @carried(%x: tensor<9x19xf32>, %w: tensor<19x33xf32>) -> tensor<9x33xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %start = arith.constant dense<0.0> : tensor<9x33xf32>
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%sum = %start) -> tensor<9x33xf32> {
    %e = tensor.empty() : tensor<9x33xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<9x33xf32>) -> tensor<9x33xf32>
    %m = linalg.matmul ins(%x, %w : tensor<9x19xf32>, tensor<19x33xf32>) outs(%f : tensor<9x33xf32>) -> tensor<9x33xf32>
    %s = linalg.add ins(%m, %sum : tensor<9x33xf32>, tensor<9x33xf32>) outs(%e : tensor<9x33xf32>) -> tensor<9x33xf32>
    scf.yield %s : tensor<9x33xf32>
  }
  return %y : tensor<9x33xf32>
}

func.func @backwards(%x: tensor<2x9x5xf32>, %w: tensor<3x5x8xf32>, %v: tensor<3x5x8xf32>) -> tensor<2x7x8xf32> {
  %e = tensor.empty() : tensor<2x7x8xf32>
  %y = glu.gated_projection silu gate(%x, %w : tensor<2x9x5xf32>, tensor<3x5x8xf32>) value(%x, %v : tensor<2x9x5xf32>, tensor<3x5x8xf32>)
    outs(%e : tensor<2x7x8xf32>) attributes {indexing_maps = [
      affine_map<(b, t, f, k, c) -> (b, t - k + 2, c)>, affine_map<(b, t, f, k, c) -> (k, c, f)>,
      affine_map<(b, t, f, k, c) -> (b, t - k + 2, c)>, affine_map<(b, t, f, k, c) -> (k, c, f)>,
      affine_map<(b, t, f, k, c) -> (b, t, f)>]} -> tensor<2x7x8xf32>
  return %y : tensor<2x7x8xf32>
}

// Masks are bytes in memory and bits in vectors.
func.func @masked(%x: tensor<9x19xf32>, %w: tensor<19x33xf32>, %v: tensor<19x33xf32>, %mask: tensor<9x33xi1>) -> tensor<9x33xf32> {
  %e = tensor.empty() : tensor<9x33xf32>
  %y = glu.gated_projection gate(%x, %w : tensor<9x19xf32>, tensor<19x33xf32>) value(%x, %v : tensor<9x19xf32>, tensor<19x33xf32>)
    extras(%mask : tensor<9x33xi1>) outs(%e : tensor<9x33xf32>) {
  ^bb0(%g: f32, %u: f32, %m: i1):
    %p = arith.mulf %g, %u : f32
    %s = arith.select %m, %p, %u : f32
    glu.yield %s : f32
  } -> tensor<9x33xf32>
  return %y : tensor<9x33xf32>
}

func.func @compared(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %e = tensor.empty() : tensor<4x8xi1>
  %z = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xi1>) {
  ^bb0(%a: f32, %b: f32, %c: i1):
    %0 = arith.cmpf olt, %a, %b : f32
    linalg.yield %0 : i1
  } -> tensor<4x8xi1>
  return %z : tensor<4x8xi1>
}

func.func @empty_part(%x: tensor<3x4xf32>, %y: tensor<0x4xf32>) -> tensor<3x4xf32> {
  %r = tensor.concat dim(0) %x, %y : (tensor<3x4xf32>, tensor<0x4xf32>) -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

func.func @f8(%x: tensor<5x24xf8E4M3FN>, %w: tensor<24x33xf8E5M2>, %v: tensor<24x33xf8E5M2>) -> tensor<5x33xbf16> {
  %e = tensor.empty() : tensor<5x33xbf16>
  %y = glu.gated_projection gate(%x, %w : tensor<5x24xf8E4M3FN>, tensor<24x33xf8E5M2>) value(%x, %v : tensor<5x24xf8E4M3FN>, tensor<24x33xf8E5M2>)
    outs(%e : tensor<5x33xbf16>) {
  ^bb0(%g: f32, %u: f32):
    %p = arith.mulf %g, %u : f32
    %t = arith.truncf %p : f32 to bf16
    glu.yield %t : bf16
  } -> tensor<5x33xbf16>
  return %y : tensor<5x33xbf16>
}

func.func @f8_arithmetic(%x: tensor<7xf8E5M2>, %y: tensor<7xf8E5M2>) -> tensor<7xf8E5M2> {
  %r = arith.addf %x, %y : tensor<7xf8E5M2>
  return %r : tensor<7xf8E5M2>
}

// The result is f32 and as good as f16.
func.func @rounded_on_the_way(%x: tensor<7xf32>) -> tensor<7xf32> {
  %h = arith.truncf %x : tensor<7xf32> to tensor<7xf16>
  %y = arith.extf %h : tensor<7xf16> to tensor<7xf32>
  return %y : tensor<7xf32>
}
