// A number of rows that is known only when the code runs: a version for one
// and one for more, of the same packed weights.

// RUN: for m in 0 1 2 7 40; do for p in "--threads=1" "--threads=2 --prepack"; do \
// RUN:   glu-run %s --entry=gated --verify --dim=0.0=$m $p || exit 1; \
// RUN:   glu-run %s --entry=bf16 --verify --dim=0.0=$m $p || exit 1; \
// RUN:   glu-run %s --entry=matmul --verify --dim=0.0=$m --dim=2.0=$m $p || exit 1; \
// RUN: done; done
// RUN: for cpu in x86-64-v3 znver4 sapphirerapids neoverse-n1; do for f in gated bf16; do for p in "" --prepack; do \
// RUN:   glu-run %s --entry=$f --verify --dim=0.0=1 --target-cpu=$cpu --emulate $p || exit 1; \
// RUN: done; done; done
// RUN: for m in 1 3; do for p in "" --prepack; do \
// RUN:   glu-run %s --entry=batch --verify --dim=0.1=$m --dim=0.0=2 --threads=2 $p || exit 1; \
// RUN:   glu-run %s --entry=conv --verify --dim=0.0=$m $p || exit 1; \
// RUN:   glu-run %s --entry=experts --verify --dim=0.0=5 --dim=0.2=$m $p || exit 1; \
// RUN: done; done

func.func @gated(%x: tensor<?x20xf32>, %g: tensor<20x93xf32>, %v: tensor<20x93xf32>, %b: tensor<93xf32>) -> (tensor<?x93xf32>, tensor<?x93xf32>) {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x20xf32>
  %e = tensor.empty(%m) : tensor<?x93xf32>
  %y:2 = glu.gated_projection gate(%x, %g, %b : tensor<?x20xf32>, tensor<20x93xf32>, tensor<93xf32>)
    value(%x, %v : tensor<?x20xf32>, tensor<20x93xf32>) outs(%e, %e : tensor<?x93xf32>, tensor<?x93xf32>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (n)>,
                                 affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                 affine_map<(m, n, k) -> (m, n)>, affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%gate: f32, %value: f32):
    %t = math.tanh %gate : f32
    %p = arith.mulf %t, %value : f32
    glu.yield %p, %gate : f32, f32
  } -> (tensor<?x93xf32>, tensor<?x93xf32>)
  return %y#0, %y#1 : tensor<?x93xf32>, tensor<?x93xf32>
}

func.func @bf16(%x: tensor<?x64xbf16>, %g: tensor<128x64xbf16>, %v: tensor<128x64xbf16>) -> tensor<?x128xbf16> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x64xbf16>
  %e = tensor.empty(%m) : tensor<?x128xbf16>
  %y = glu.gated_projection silu gate(%x, %g : tensor<?x64xbf16>, tensor<128x64xbf16>)
    value(%x, %v : tensor<?x64xbf16>, tensor<128x64xbf16>) outs(%e : tensor<?x128xbf16>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, n)>]} -> tensor<?x128xbf16>
  return %y : tensor<?x128xbf16>
}

// Added to what is there.
func.func @matmul(%x: tensor<?x33xf32>, %w: tensor<33x256xf32>, %o: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %y = linalg.matmul ins(%x, %w : tensor<?x33xf32>, tensor<33x256xf32>) outs(%o : tensor<?x256xf32>) -> tensor<?x256xf32>
  return %y : tensor<?x256xf32>
}

func.func @batch(%x: tensor<?x?x24xf32>, %w: tensor<24x64xf32>) -> tensor<?x?x64xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %b = tensor.dim %x, %c0 : tensor<?x?x24xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?x24xf32>
  %e = tensor.empty(%b, %m) : tensor<?x?x64xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>],
                       iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<?x?x24xf32>, tensor<24x64xf32>) outs(%z : tensor<?x?x64xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %p = arith.mulf %a, %c : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<?x?x64xf32>
  return %y : tensor<?x?x64xf32>
}

// A window is no row by itself.
func.func @conv(%x: tensor<?x8xf32>, %w: tensor<1x8x32xf32>) -> tensor<?x32xf32> {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %x, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%t) : tensor<?x32xf32>
  %y = glu.gated_projection sigmoid gate(%x, %w : tensor<?x8xf32>, tensor<1x8x32xf32>)
    value(%x, %w : tensor<?x8xf32>, tensor<1x8x32xf32>) outs(%e : tensor<?x32xf32>)
    attributes {indexing_maps = [affine_map<(m, n, s, k) -> (m + s, k)>, affine_map<(m, n, s, k) -> (s, k, n)>,
                                 affine_map<(m, n, s, k) -> (m + s, k)>, affine_map<(m, n, s, k) -> (s, k, n)>,
                                 affine_map<(m, n, s, k) -> (m, n)>]} -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}

// Batches outside of experts are as many rows, and longer than a single one.
func.func @experts(%x: tensor<?x3x?x24xf32>, %w: tensor<3x24x64xf32>) -> tensor<?x3x?x64xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %b = tensor.dim %x, %c0 : tensor<?x3x?x24xf32>
  %m = tensor.dim %x, %c2 : tensor<?x3x?x24xf32>
  %e = tensor.empty(%b, %m) : tensor<?x3x?x64xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x3x?x64xf32>) -> tensor<?x3x?x64xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(b, e, m, n, k) -> (b, e, m, k)>, affine_map<(b, e, m, n, k) -> (e, k, n)>,
                                        affine_map<(b, e, m, n, k) -> (b, e, m, n)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<?x3x?x24xf32>, tensor<3x24x64xf32>) outs(%z : tensor<?x3x?x64xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %p = arith.mulf %a, %c : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<?x3x?x64xf32>
  return %y : tensor<?x3x?x64xf32>
}
