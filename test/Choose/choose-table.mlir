// Schedules that were measured come from a table; what is not in it, or is set
// by hand, is not touched by it.

// RUN: glu-opt %s --glu-choose="target-cpu=znver3 threads=1 table=%S/Inputs/table.json" | FileCheck %s
// RUN: glu-opt %s --glu-choose="target-cpu=znver3 threads=1 table=%S/Inputs/table.json outline-packing" | FileCheck %s --check-prefix=PACKED
// RUN: glu-opt %s --glu-choose="target-cpu=znver3 threads=2 table=%S/Inputs/table.json" | FileCheck %s --check-prefix=OTHER
// RUN: glu-opt %s --glu-choose="target-cpu=znver2 threads=1 table=%S/Inputs/table.json" | FileCheck %s --check-prefix=OTHER
// RUN: glu-opt %s --glu-to-cpu="target-cpu=znver3 threads=1 table=%S/Inputs/table.json" --mlir-print-ir-after=glu-choose -o /dev/null 2>&1 | FileCheck %s
// RUN: not glu-opt %s --glu-choose="table=%S/Inputs/none.json" 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not glu-opt %s --glu-choose="table=%s" 2>&1 | FileCheck %s --check-prefix=TEXT

// NONE: error: glu-choose: cannot read '{{.*}}none.json': No such file or directory
// TEXT: error: glu-choose: cannot read '{{.*}}choose-table.mlir': [1:1, byte=1]: Invalid JSON

// CHECK-LABEL: @gated
// CHECK: glu.schedule = #glu.schedule<rows = 2, columns = 8, block_rows = 4, block_columns = 8>
// PACKED-LABEL: @gated
// PACKED: glu.schedule = #glu.schedule<rows = 2, columns = 16, block_rows = 2, block_columns = 16>
// OTHER-LABEL: @gated
// OTHER: glu.schedule = #glu.schedule<rows = 6, columns = 8,
func.func @gated(%x: tensor<12x32xf32>, %g: tensor<32x16xf32>, %v: tensor<32x16xf32>) -> tensor<12x16xf32> {
  %e = tensor.empty() : tensor<12x16xf32>
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<12x32xf32>, tensor<32x16xf32>)
    value(%x, %v : tensor<12x32xf32>, tensor<32x16xf32>)
    outs(%e : tensor<12x16xf32>) -> tensor<12x16xf32>
  return %y : tensor<12x16xf32>
}

// Batches, a dynamic size, weights that lie out x in.
// CHECK-LABEL: @batches
// CHECK: glu.schedule = #glu.schedule<rows = 3, columns = 8, block_rows = 3, block_columns = 8>
// PACKED-LABEL: @batches
// PACKED-NOT: #glu.schedule<rows = 3
// PACKED-LABEL: @by_hand
#x = affine_map<(b, m, n, k) -> (b, m, k)>
#w = affine_map<(b, m, n, k) -> (b, n, k)>
#y = affine_map<(b, m, n, k) -> (b, m, n)>
func.func @batches(%x: tensor<4x?x8xbf16>, %w: tensor<4x16x8xbf16>, %o: tensor<4x?x16xf32>) -> tensor<4x?x16xf32> {
  %y = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x?x8xbf16>, tensor<4x16x8xbf16>) outs(%o : tensor<4x?x16xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %p = arith.extf %a : bf16 to f32
    %q = arith.extf %b : bf16 to f32
    %r = arith.mulf %p, %q : f32
    %s = arith.addf %c, %r : f32
    linalg.yield %s : f32
  } -> tensor<4x?x16xf32>
  return %y : tensor<4x?x16xf32>
}

// CHECK-LABEL: @by_hand
// CHECK: glu.schedule = #glu.schedule<rows = 1, columns = 2, block_rows = 3, block_columns = 4>
func.func @by_hand(%x: tensor<12x32xf32>, %w: tensor<32x16xf32>, %o: tensor<12x16xf32>) -> tensor<12x16xf32> {
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 2, block_rows = 3, block_columns = 4>}
    ins(%x, %w : tensor<12x32xf32>, tensor<32x16xf32>) outs(%o : tensor<12x16xf32>) -> tensor<12x16xf32>
  return %y : tensor<12x16xf32>
}
