// Few rows, from several panels of weights at once, packed before and in the
// call; of groups for a dot product, from one.

// RUN: for cpu in host x86-64-v3 znver4 sapphirerapids neoverse-n1; do \
// RUN:   for f in one two three bf16 f16 int8 experts; do \
// RUN:     glu-run %s --entry=$f --verify --target-cpu=$cpu --emulate --prepack || exit 1; \
// RUN:   done; \
// RUN: done
// RUN: for cpu in host x86-64-v3 znver4 neoverse-n1; do \
// RUN:   glu-run %s --entry=turns --verify --target-cpu=$cpu --emulate --prepack || exit 1; \
// RUN:   for k in 0 1 8 29; do \
// RUN:     glu-run %s --entry=unknown --dim=0.1=$k --dim=1.0=$k --verify --target-cpu=$cpu --emulate --prepack || exit 1; \
// RUN:   done; \
// RUN: done
// RUN: for f in one two bf16; do for p in "" --prepack; do glu-run %s --entry=$f --verify --threads=2 $p || exit 1; done; done

// RUN: glu-opt %s --glu-choose="target-cpu=znver3 threads=1" | FileCheck %s
// CHECK-COUNT-4: panels = {{[24]}}>
// Dot products, here of pairs of 16 bits, read one at a time.
// CHECK-LABEL: @int8
// CHECK-NOT: panels
// CHECK-LABEL: @experts
// CHECK-COUNT-3: panels = {{[24]}}>

func.func @one(%x: tensor<1x20xf32>, %g: tensor<20x256xf32>, %v: tensor<20x256xf32>) -> tensor<1x256xf32> {
  %e = tensor.empty() : tensor<1x256xf32>
  %y = glu.gated_projection silu gate(%x, %g : tensor<1x20xf32>, tensor<20x256xf32>)
    value(%x, %v : tensor<1x20xf32>, tensor<20x256xf32>) outs(%e : tensor<1x256xf32>) -> tensor<1x256xf32>
  return %y : tensor<1x256xf32>
}

// Columns that fill no vector: 63 * 4 + 1.
func.func @two(%x: tensor<2x33xf32>, %w: tensor<33x253xf32>, %o: tensor<2x253xf32>) -> tensor<2x253xf32> {
  %y = linalg.matmul ins(%x, %w : tensor<2x33xf32>, tensor<33x253xf32>) outs(%o : tensor<2x253xf32>) -> tensor<2x253xf32>
  return %y : tensor<2x253xf32>
}

func.func @three(%x: tensor<3x33xf64>, %w: tensor<33x256xf64>, %o: tensor<3x256xf64>) -> tensor<3x256xf64> {
  %y = linalg.matmul ins(%x, %w : tensor<3x33xf64>, tensor<33x256xf64>) outs(%o : tensor<3x256xf64>) -> tensor<3x256xf64>
  return %y : tensor<3x256xf64>
}

func.func @bf16(%x: tensor<1x37xbf16>, %g: tensor<256x37xbf16>, %v: tensor<256x37xbf16>) -> tensor<1x256xbf16> {
  %e = tensor.empty() : tensor<1x256xbf16>
  %y = glu.gated_projection gelu_tanh gate(%x, %g : tensor<1x37xbf16>, tensor<256x37xbf16>)
    value(%x, %v : tensor<1x37xbf16>, tensor<256x37xbf16>) outs(%e : tensor<1x256xbf16>)
    attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, n)>]} -> tensor<1x256xbf16>
  return %y : tensor<1x256xbf16>
}

func.func @f16(%x: tensor<2x64xf16>, %g: tensor<64x320xf16>, %v: tensor<64x320xf16>) -> tensor<2x320xf16> {
  %e = tensor.empty() : tensor<2x320xf16>
  %y = glu.gated_projection sigmoid gate(%x, %g : tensor<2x64xf16>, tensor<64x320xf16>)
    value(%x, %v : tensor<2x64xf16>, tensor<64x320xf16>) outs(%e : tensor<2x320xf16>) -> tensor<2x320xf16>
  return %y : tensor<2x320xf16>
}

func.func @int8(%x: tensor<1x70xi8>, %w: tensor<70x256xi8>, %o: tensor<1x256xi32>) -> tensor<1x256xi32> {
  %y = linalg.matmul ins(%x, %w : tensor<1x70xi8>, tensor<70x256xi8>) outs(%o : tensor<1x256xi32>) -> tensor<1x256xi32>
  return %y : tensor<1x256xi32>
}

// Each expert has a row of its own.
func.func @experts(%x: tensor<3x1x24xf32>, %w: tensor<3x24x128xf32>, %o: tensor<3x1x128xf32>) -> tensor<3x1x128xf32> {
  %y = linalg.batch_matmul ins(%x, %w : tensor<3x1x24xf32>, tensor<3x24x128xf32>) outs(%o : tensor<3x1x128xf32>) -> tensor<3x1x128xf32>
  return %y : tensor<3x1x128xf32>
}

// More sums than there are registers: in turns, with a last one that is shorter.
func.func @turns(%x: tensor<6x37xf32>, %g: tensor<37x256xf32>, %v: tensor<37x256xf32>) -> tensor<6x256xf32> {
  %e = tensor.empty() : tensor<6x256xf32>
  %y = glu.gated_projection silu gate(%x, %g : tensor<6x37xf32>, tensor<37x256xf32>)
    value(%x, %v : tensor<6x37xf32>, tensor<37x256xf32>) outs(%e : tensor<6x256xf32>)
    attributes {glu.schedule = #glu.schedule<rows = 6, columns = 16, block_rows = 6, block_columns = 128, panels = 4>} -> tensor<6x256xf32>
  return %y : tensor<6x256xf32>
}

// An unknown number of steps, none as well.
func.func @unknown(%x: tensor<5x?xbf16>, %w: tensor<?x128xbf16>, %o: tensor<5x128xf32>) -> tensor<5x128xf32> {
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 5, columns = 32, block_rows = 5, block_columns = 128, panels = 2>}
    ins(%x, %w : tensor<5x?xbf16>, tensor<?x128xbf16>) outs(%o : tensor<5x128xf32>) -> tensor<5x128xf32>
  return %y : tensor<5x128xf32>
}
