// Inputs whose sum is not their last dimension, of so many rows and columns
// that they are transposed: channels in number a multiple of four or not.

// RUN: for cpu in host x86-64-v3 sapphirerapids neoverse-n1; do for t in 1 2; do \
// RUN:   for f in conv conv_odd conv_bf16 conv2d; do \
// RUN:     glu-run %s --entry=$f --verify --threads=$t --target-cpu=$cpu --emulate || exit 1; \
// RUN:   done; \
// RUN:   for m in 1 17 70; do \
// RUN:     glu-run %s --entry=matmul --verify --dim=0.1=$m --threads=$t --target-cpu=$cpu --emulate || exit 1; \
// RUN:   done; \
// RUN:   glu-run %s --entry=transpositions --verify --dim=1.1=50 --dim=1.2=9 --threads=$t --target-cpu=$cpu --emulate || exit 1; \
// RUN: done; done

func.func @conv(%x: tensor<2x20x40xf32>, %wg: tensor<130x20x4xf32>, %wv: tensor<130x20x4xf32>) -> tensor<2x130x37xf32> {
  %zero = arith.constant dense<0.0> : tensor<2x130x37xf32>
  %g = linalg.conv_1d_ncw_fcw ins(%x, %wg : tensor<2x20x40xf32>, tensor<130x20x4xf32>) outs(%zero : tensor<2x130x37xf32>) -> tensor<2x130x37xf32>
  %v = linalg.conv_1d_ncw_fcw ins(%x, %wv : tensor<2x20x40xf32>, tensor<130x20x4xf32>) outs(%zero : tensor<2x130x37xf32>) -> tensor<2x130x37xf32>
  %t = math.tanh %g : tensor<2x130x37xf32>
  %y = arith.mulf %t, %v : tensor<2x130x37xf32>
  return %y : tensor<2x130x37xf32>
}

func.func @conv_odd(%x: tensor<21x43xf32>, %wg: tensor<130x21x3xf32>, %wv: tensor<130x21x3xf32>) -> tensor<130x37xf32> {
  %e = tensor.empty() : tensor<130x37xf32>
  %y = glu.gated_projection sigmoid gate(%x, %wg : tensor<21x43xf32>, tensor<130x21x3xf32>)
    value(%x, %wv : tensor<21x43xf32>, tensor<130x21x3xf32>) outs(%e : tensor<130x37xf32>)
    attributes {indexing_maps = [affine_map<(f, t, c, k) -> (c, t + 3 * k)>, affine_map<(f, t, c, k) -> (f, c, k)>,
                                 affine_map<(f, t, c, k) -> (c, t + 3 * k)>, affine_map<(f, t, c, k) -> (f, c, k)>,
                                 affine_map<(f, t, c, k) -> (f, t)>]} -> tensor<130x37xf32>
  return %y : tensor<130x37xf32>
}

func.func @conv_bf16(%x: tensor<36x40xbf16>, %wg: tensor<130x36x4xbf16>, %wv: tensor<130x36x4xbf16>) -> tensor<130x37xbf16> {
  %e = tensor.empty() : tensor<130x37xbf16>
  %y = glu.gated_projection silu gate(%x, %wg : tensor<36x40xbf16>, tensor<130x36x4xbf16>)
    value(%x, %wv : tensor<36x40xbf16>, tensor<130x36x4xbf16>) outs(%e : tensor<130x37xbf16>)
    attributes {indexing_maps = [affine_map<(f, t, c, k) -> (c, t + k)>, affine_map<(f, t, c, k) -> (f, c, k)>,
                                 affine_map<(f, t, c, k) -> (c, t + k)>, affine_map<(f, t, c, k) -> (f, c, k)>,
                                 affine_map<(f, t, c, k) -> (f, t)>]} -> tensor<130x37xbf16>
  return %y : tensor<130x37xbf16>
}

func.func @conv2d(%x: tensor<1x8x11x33xf32>, %w: tensor<256x8x3x3xf32>) -> tensor<1x128x9x31xf32> {
  %zero = arith.constant dense<0.0> : tensor<1x256x9x31xf32>
  %p = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x8x11x33xf32>, tensor<256x8x3x3xf32>) outs(%zero : tensor<1x256x9x31xf32>) -> tensor<1x256x9x31xf32>
  %g = tensor.extract_slice %p[0, 0, 0, 0] [1, 128, 9, 31] [1, 1, 1, 1] : tensor<1x256x9x31xf32> to tensor<1x128x9x31xf32>
  %v = tensor.extract_slice %p[0, 128, 0, 0] [1, 128, 9, 31] [1, 1, 1, 1] : tensor<1x256x9x31xf32> to tensor<1x128x9x31xf32>
  %t = math.tanh %g : tensor<1x128x9x31xf32>
  %y = arith.mulf %t, %v : tensor<1x128x9x31xf32>
  return %y : tensor<1x128x9x31xf32>
}

func.func @matmul(%x: tensor<68x?xf32>, %w: tensor<68x200xf32>) -> tensor<?x200xf32> {
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c1 : tensor<68x?xf32>
  %e = tensor.empty(%m) : tensor<?x200xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x200xf32>) -> tensor<?x200xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%x, %w : tensor<68x?xf32>, tensor<68x200xf32>) outs(%z : tensor<?x200xf32>) -> tensor<?x200xf32>
  return %y : tensor<?x200xf32>
}

// By themselves, with what remains of columns and rows of squares.
func.func @transpositions(%a: tensor<3x76x50xf16>, %b: tensor<12x?x?xf64>) -> (tensor<50x3x76xf16>, tensor<?x?x12xf64>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %h = tensor.dim %b, %c1 : tensor<12x?x?xf64>
  %w = tensor.dim %b, %c2 : tensor<12x?x?xf64>
  %ea = tensor.empty() : tensor<50x3x76xf16>
  %eb = tensor.empty(%w, %h) : tensor<?x?x12xf64>
  %ta = linalg.transpose ins(%a : tensor<3x76x50xf16>) outs(%ea : tensor<50x3x76xf16>) permutation = [2, 0, 1]
  %tb = linalg.transpose ins(%b : tensor<12x?x?xf64>) outs(%eb : tensor<?x?x12xf64>) permutation = [2, 1, 0]
  return %ta, %tb : tensor<50x3x76xf16>, tensor<?x?x12xf64>
}
