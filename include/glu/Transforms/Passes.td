//===- Passes.td - Passes of the project, in pipeline order -*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_PASSES_TD
#define GLU_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandZeroPoints : Pass<"glu-expand-zero-points"> {
  let summary = "Take zero points out of quantised products";
  let description = [{
    `linalg.quantized_matmul` and its batch multiply x less its zero point by w
    less its. The product becomes one of x and w, which chips have instructions
    for, from which the zero points times the sums of the rows and columns are
    taken: exactly, since i32 wraps around. Elementwise operations are left of
    it, which `-glu-raise` takes for what they are; a zero point that is 0
    leaves none.

    Before:

    ```mlir
    %y = linalg.quantized_matmul ins(%x, %w, %a, %c0 : tensor<8x32xi8>, tensor<32x16xi8>, i32, i32)
           outs(%o : tensor<8x16xi32>) -> tensor<8x16xi32>
    ```

    After:

    ```mlir
    %p = linalg.matmul ins(%x, %w : tensor<8x32xi8>, tensor<32x16xi8>)
           outs(%o : tensor<8x16xi32>) -> tensor<8x16xi32>
    %s = linalg.generic ... // Sums of the columns of %w.
    %t = linalg.generic ... // %s * %a
    %y = linalg.generic ... // %p - %t
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def Raise : Pass<"glu-raise", "::mlir::ModuleOp"> {
  let summary = "Recognise gated linear units in linalg and TOSA";
  let description = [{
    Walks back from every elementwise operation whose result leaves the
    elementwise world through other elementwise operations, whatever their
    names and bodies, and through casts, broadcasts, transposes, slices and
    reshapes, composing the scalar bodies into one function and the views into
    indexing maps. Where that function mixes two branches (multiplies, divides,
    selects: not only adds them), and at least one is the result of a
    contraction or convolution, it becomes a `glu.gate`: the branch under the
    non-linearity is the gate, the other the value, everything else an extra
    operand. The function is kept as it stands, rounding included.

    Private functions that are called are inlined first, and TOSA is lowered to
    linalg where there is any. A gating that was folded into the body of a
    reduction is taken out again. What is not a gated unit stays as it is; a
    remark of category `glu` says why (`--remarks-filter=glu`).

    Before:

    ```mlir
    %e = linalg.generic ... ins(%gate : tensor<8x16xf32>) { // sigmoid }
    %s = linalg.mul ins(%gate, %e : ...) outs(%init : ...)
    %y = linalg.mul ins(%s, %value : ...) outs(%init : ...)
    ```

    After:

    ```mlir
    %y = glu.gate gate(%gate : tensor<8x16xf32>)
                  value(%value : tensor<8x16xf32>)
                  outs(%init : tensor<8x16xf32>) {
    ^bb0(%g: f32, %v: f32):
      // g * sigmoid(g) * v
    } -> tensor<8x16xf32>
    ```
  }];
  let dependentDialects = ["::glu::GLUDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::index::IndexDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}

def Name : Pass<"glu-name"> {
  let summary = "Give gating functions their names";
  let description = [{
    Replaces the region of a `glu.gate` or `glu.gated_projection` by that of a
    named gating function where both are the same function g, v -> y, however
    the region is written: `x * -1` for a negation, `exp2(x log2 e)`,
    `1 - 1 / (1 + exp(x))` or `tanh(x / 2) / 2 + 1 / 2` for a sigmoid, compare
    and select for a maximum, `x / sqrt(2)` for `x * 0.707...`, any order and
    association. Where the function is one of (v, g), the branches are
    exchanged. Regions that are no named function stay as they are.

    Both sides are brought to a normal form (quotients of polynomials in the
    arguments, their exponentials, logarithms and error functions, piece by
    piece between the points at which conditions change), which must be equal.
    So the functions are equal in exact arithmetic for all finite arguments;
    parameters have the values with which they are. Constants are compared as
    the type has them, to two units in the last place of f32 (four of f64) where
    they were multiplied or inverted.

    What is not the same:

    * Rounding. The results differ by rounding errors, and where the region
      overflows on the way, as `exp(x) / (1 + exp(x))` does, the named function
      may have the right value instead.
    * NaN and infinities. A relu by `arith.maxnumf` or by compare and select
      may make 0 of a NaN, the named one, by `arith.maximumf`, does not; front
      ends disagree about this for the same function. `silu` of minus infinity
      is NaN. `x > 20 ? x : log1p(exp(x))` is softplus where the two pieces are
      equal to the last place (in f32 and narrower, not in f64).
    * Conversions. A `truncf` inside the region makes another function and stays
      (one of a constant, or at the very end, does not count); so does
      arithmetic in a type wider than that of g and v.

    Before:

    ```mlir
    %y = glu.gate gate(%g : tensor<8x16xf32>) value(%v : tensor<8x16xf32>)
           outs(%init : tensor<8x16xf32>) {
    ^bb0(%a: f32, %b: f32):
      %one = arith.constant 1.0 : f32
      %n = arith.negf %b : f32
      %e = math.exp %n : f32
      %d = arith.addf %one, %e : f32
      %r = arith.divf %one, %d : f32
      %m = arith.mulf %a, %b : f32
      %y = arith.mulf %m, %r : f32
      glu.yield %y : f32
    } -> tensor<8x16xf32>
    ```

    After:

    ```mlir
    %y = glu.gate silu gate(%v : tensor<8x16xf32>) value(%g : tensor<8x16xf32>)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```
  }];
  let statistics = [
    Statistic<"numNamed", "named", "Number of gating functions with a name">,
    Statistic<"numUnnamed", "unnamed", "Number of those without one">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def Fuse : Pass<"glu-fuse"> {
  let summary = "Absorb contractions, convolutions and biases into gated units";
  let description = [{
    Replaces a `glu.gate` by a `glu.gated_projection` if a branch is, perhaps
    through slices, transposes, reshapes and casts, the result of a contraction
    or convolution. Views of the result move onto the operands or into the
    indexing maps; so do transposed and widened operands. An accumulator that
    does not start at zero is added in the region, and a bias that is the first
    thing added to a branch becomes the branch's bias.

    A projection that is used elsewhere too is yielded as one more result, so
    that no product is computed twice; where that is not possible the branch
    stays a tensor.

    Before:

    ```mlir
    %g = linalg.matmul ins(%x, %wg : ...) outs(%zero : tensor<8x16xf32>)
    %v = linalg.matmul ins(%x, %wv : ...) outs(%zero : tensor<8x16xf32>)
    %y = glu.gate silu gate(%g : tensor<8x16xf32>)
           value(%v : tensor<8x16xf32>) outs(%init : tensor<8x16xf32>)
           -> tensor<8x16xf32>
    ```

    After:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```
  }];
  let dependentDialects = ["::glu::GLUDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FoldUnitDims : Pass<"glu-fold-unit-dims"> {
  let summary = "Take superfluous dimensions of size one out of gated operations";
  let description = [{
    A batch of one, or a convolution's window of one: the iteration space loses
    the dimension, the operands theirs by a view (a reshape of a tensor, a
    subview of a memref). What is left of a matmul is still one: the only row,
    column or summed dimension stays, though it has size one. Run it before
    packing, for tiles and packed operands have unit dimensions on purpose.

    Before:

    ```mlir
    %y = glu.gated_projection silu
           gate(%x, %wg : tensor<1x8x32xf32>, tensor<1x32x16xf32>)
           value(%x, %wv : tensor<1x8x32xf32>, tensor<1x32x16xf32>)
           outs(%init : tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
    ```

    After:

    ```mlir
    %x1 = tensor.collapse_shape %x [[0, 1], [2]] ...
    %z = glu.gated_projection silu
           gate(%x1, %wg1 : tensor<8x32xf32>, tensor<32x16xf32>)
           value(%x1, %wv1 : tensor<8x32xf32>, tensor<32x16xf32>)
           outs(%init1 : tensor<8x16xf32>) -> tensor<8x16xf32>
    %y = tensor.expand_shape %z [[0, 1], [2]] ...
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::mlir::tensor::TensorDialect"];
}

def Decompose : Pass<"glu-decompose"> {
  let summary = "Turn the glu dialect into linalg";
  let description = [{
    Rewrites `glu.gate` and `glu.gated_projection` into linalg: contractions
    into zero-filled accumulators (one `linalg.generic` with two results where
    both branches read the same input in the same way), then one elementwise
    `linalg.generic` with biases, the gating function and the rounding. This is
    the definition of what the operations mean, and the general path to code
    for what the fast path does not take.

    Before:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```

    After:

    ```mlir
    %g = linalg.fill ...
    %v = linalg.fill ...
    %p:2 = linalg.generic {iterator_types = ["parallel", "parallel",
             "reduction"]} ins(%x, %wg, %wv : ...) outs(%g, %v : ...) {
           // two multiply-adds
         }
    %y = linalg.generic {iterator_types = ["parallel", "parallel"]}
           ins(%p#0, %p#1 : ...) outs(%init : tensor<8x16xf32>) {
           // silu(g) * v
         }
    ```
  }];
  let options = [
    Option<"onlyUnscheduled", "only-unscheduled", "bool", "false",
           "leave operations with a glu.schedule as they are">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect"];
}

def Choose : Pass<"glu-choose"> {
  let summary = "Choose a schedule for every projection";
  let description = [{
    Sets the attribute `glu.schedule` on each `glu.gated_projection` and each
    linalg contraction or convolution that the vector path takes: tensors of
    f64, f32, f16 or bf16 whose weight is indexed by plain dimensions. The cost
    model knows the target's vector registers and caches. An operation that has
    the attribute keeps it, so that it can be set by hand, and one that is in
    the `table` gets what was measured. What the vector path does not take is
    left alone, with a remark that says why.

    Before:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<512x2752xf32>) -> tensor<512x2752xf32>
    ```

    After:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<512x2752xf32>)
           attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8,
             block_rows = 60, block_columns = 352>} -> tensor<512x2752xf32>
    ```
  }];
  let options = [
    Option<"targetCPU", "target-cpu", "std::string", "\"host\"",
           "chip to choose for: an LLVM CPU name, or host">,
    Option<"threads", "threads", "int64_t", "0",
           "threads that share the work; 0: as many as the chip has cores">,
    Option<"table", "table", "std::string", "",
           "file of schedules that glu-tune wrote, for operations that are in it">,
    Option<"outlinePacking", "outline-packing", "bool", "false",
           "weights are packed before: look for that in the table">
  ];
  let dependentDialects = ["::glu::GLUDialect"];
}

def Pack : Pass<"glu-pack"> {
  let summary = "Pack weights into panels, rows and columns into tiles";
  let description = [{
    Rewrites each operation with a `glu.schedule` onto packed tensors: every
    weight becomes panels `[outer..., n1, reductions..., n0]` by `linalg.pack`
    (`[..., 2, n0]` where gate and value share their panels), so that the inner
    loop reads it front to back; rows and columns are split by `expand_shape`
    into whole tiles, padded where they are not. The iteration space is then
    `(outer..., m1, n1, m0, n0, reductions...)`, and the unit attribute
    `glu.packed` says so. With a `group` in the schedule, as many elements of
    the sum stand side by side: `[..., n0, k0]` with one more, innermost
    reduction; the sum is padded with zeros to whole groups, or multiples of
    `depth`, and inputs keep their narrow type. However a weight lies (transposed, a slice of a
    larger one, every second column), it is packed straight from there.

    Before:

    ```mlir
    %y = glu.gated_projection silu
           gate(%x, %wg : tensor<12x32xf32>, tensor<32x16xf32>)
           value(%x, %wv : tensor<12x32xf32>, tensor<32x16xf32>)
           outs(%init : tensor<12x16xf32>)
           attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8,
             block_rows = 12, block_columns = 16>} -> tensor<12x16xf32>
    ```

    After:

    ```mlir
    %panels = ... : tensor<2x32x2x8xf32>  // n1, k, gate and value, n0
    %tiles = tensor.expand_shape %x ... : tensor<2x6x32xf32> // m1, m0, k
    %p = glu.gated_projection silu
           gate(%tiles, %panels : ...) value(%tiles, %panels : ...)
           outs(%empty : tensor<2x6x2x8xf32>)
           attributes {glu.packed, ...} -> tensor<2x6x2x8xf32>
    %y = tensor.collapse_shape %p ... : tensor<12x16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect"];
}

def FoldPacking : Pass<"glu-fold-packing"> {
  let summary = "Pack constant weights at compile time";
  let description = [{
    Replaces packed weights that come from constants (dense or resources) by
    packed constants. Packed means `linalg.pack` and what goes with it:
    slices, insertions, transpositions.

    Before:

    ```mlir
    %w = arith.constant dense<...> : tensor<32x16xf32>
    %p = linalg.pack %w outer_dims_perm = [1, 0] inner_dims_pos = [1]
           inner_tiles = [8] into %e : tensor<32x16xf32> -> tensor<2x32x8xf32>
    ```

    After:

    ```mlir
    %p = arith.constant dense<...> : tensor<2x32x8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def OutlinePacking : Pass<"glu-outline-packing", "::mlir::ModuleOp"> {
  let summary = "Make functions that pack weights once and use them often";
  let description = [{
    For each public function `@f`, after `-glu-pack`: `@f.pack` has the
    arguments of `@f` and returns the packed weights, as far as they depend on
    arguments and constants alone; `@f.packed` has the arguments of `@f` and
    then the packed weights, and returns what `@f` does. Call `@f.pack` once,
    and `@f.packed` with its results as long as the weights stay the same.
    `@f` itself stays as it is and packs at every call.

    Before:

    ```mlir
    func.func @f(%x: tensor<12x32xf32>, %w: tensor<32x16xf32>)
        -> tensor<12x16xf32> {
      %p = linalg.pack %w ... : tensor<32x16xf32> -> tensor<1x32x16xf32>
      ...
    }
    ```

    After:

    ```mlir
    func.func @f(...) -> tensor<12x16xf32>
    func.func @f.pack(%x: tensor<12x32xf32>, %w: tensor<32x16xf32>)
        -> tensor<1x32x16xf32> {
      %p = linalg.pack %w ... : tensor<32x16xf32> -> tensor<1x32x16xf32>
      return %p : tensor<1x32x16xf32>
    }
    func.func @f.packed(%x: tensor<12x32xf32>, %w: tensor<32x16xf32>,
                        %p: tensor<1x32x16xf32>) -> tensor<12x16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def Tile : Pass<"glu-tile"> {
  let summary = "Tile packed projections down to register tiles";
  let description = [{
    Tiles each packed operation twice by its `glu.schedule`: an `scf.forall`
    over blocks of rows and columns, which are the tasks of the threads, and in
    it `scf.for` loops over single register tiles, rows innermost, so that a
    panel of weights stays close. `-glu-decompose` then expands each tile into
    linalg: one generic with both accumulators and one read of the input, then
    one elementwise generic with bias, gating function and rounding.

    Before:

    ```mlir
    %y = glu.gated_projection silu
           gate(%x, %w : tensor<2x6x32xf32>, tensor<2x32x2x8xf32>) ...
           attributes {glu.packed, ...} -> tensor<2x6x2x8xf32>
    ```

    After:

    ```mlir
    %y = scf.forall (%i, %j) = ... shared_outs(%o = %empty) {
      scf.for ... { scf.for ... {
        %t = glu.gated_projection silu
               gate(%xt, %wt : tensor<1x6x32xf32>, tensor<1x32x2x8xf32>) ...
               -> tensor<1x6x1x8xf32>
      } }
    }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect"];
}

def FusePacking : Pass<"glu-fuse-packing"> {
  let summary = "Pack a panel of weights when it is used";
  let description = [{
    Weights that are not packed beforehand need not be packed as a whole, which
    would write and read them once more, in memory that is new at every call.
    After `-glu-tile`, a task uses one panel after the other: it packs each into
    a buffer of its own, which stays in the caches, before the loops over rows.
    Where columns lie beside each other in the source, that is a few panels at a
    time, so that half a kilobyte of it is read at once.
    Where there are more blocks of rows than `max-repetitions`, each of which
    would pack the same panels, weights stay as they are; an unknown number
    counts as one.

    Before:

    ```mlir
    %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %e
           : tensor<64x32xf32> -> tensor<4x32x16xf32>
    %y = scf.forall (%i) in (4) ... {
      %panel = tensor.extract_slice %p[%i, 0, 0] [1, 32, 16] [1, 1, 1] ...
      ...
    }
    ```

    After:

    ```mlir
    %y = scf.forall (%i) in (4) ... {
      %e = tensor.empty() : tensor<1x32x16xf32>
      %n = affine.apply affine_map<()[s0] -> (s0 * 16)>()[%i]
      %rows = tensor.extract_slice %w[%n, 0] [16, 32] [1, 1] ...
      %panel = linalg.pack %rows inner_dims_pos = [0] inner_tiles = [16] into %e
                 : tensor<16x32xf32> -> tensor<1x32x16xf32>
      ...
    }
    ```
  }];
  let options = [
    Option<"maxRepetitions", "max-repetitions", "int64_t", "2",
           "blocks of rows that may pack the same panels">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect"];
}

def LowerPacking : Pass<"glu-lower-packing"> {
  let summary = "Turn linalg.pack into loops over vectors";
  let description = [{
    Packs panels of columns as fast as memory allows. Where the columns of a
    panel lie beside each other in the source, rows of it are copied, several
    panels at a time, so that the source is read line by line; a group of rows is
    interleaved. Where another dimension does, as in PyTorch's weights, squares
    of a register's width are read, transposed in registers and written. What
    overruns the end of the source is read as padding. Tasks of some panels are
    an `scf.forall`, which threads share; inside of another one they are loops.

    Any other `linalg.pack` becomes pads, reshapes and transpositions by
    upstream's `linalg::lowerPack`.

    Before:

    ```mlir
    %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %e
           : tensor<64x32xf32> -> tensor<4x32x16xf32>
    ```

    After:

    ```mlir
    %p = scf.forall (%i) in (4) shared_outs(%o = %e) -> (tensor<4x32x16xf32>) {
      %panel = tensor.extract_slice %o[%i, 0, 0] [1, 32, 16] [1, 1, 1] ...
      %filled = scf.for %k = %c0 to %c32 step %c16 iter_args(%t = %panel) ... {
        %n = affine.apply affine_map<()[s0] -> (s0 * 16)>()[%i]
        %rows = vector.transfer_read %w[%n, %k] ... : vector<16x16xf32>
        %columns = ... // 64 of vector.shuffle
        %u = vector.transfer_write %columns, %t[%c0, %k, %c0] ...
        scf.yield %u
      }
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %filled into %o[%i, 0, 0] ...
      }
    }
    ```
  }];
  let options = [
    Option<"targetCPU", "target-cpu", "std::string", "\"host\"",
           "chip whose registers are used: an LLVM CPU name, or host">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect"];
}

def Vectorize : Pass<"glu-vectorize"> {
  let summary = "Turn register tiles into vector code";
  let description = [{
    Rewrites linalg operations on small static tiles: the innermost parallel
    dimension becomes a vector, the other parallel dimensions are unrolled into
    rows, reductions become `scf.for` loops that carry one 1-D vector per row
    and accumulator (2-D ones would spill). An input that a row shares is one
    scalar broadcast; sums of products become `math.fma`. Rows that one tile
    operation writes and the next reads stay in registers.

    Where the innermost reduction is a group of narrow elements, as `-glu-pack`
    makes it for a `glu.schedule` with a `group`, the chip's dot product adds up
    a group in one instruction, an intrinsic of LLVM's. There the sums of a row
    are carried register by register. Where that takes bytes of the input for
    numbers without a sign, 128 is added to each, and 128 times the weights are
    taken from the sums.

    Before:

    ```mlir
    %acc = linalg.generic {... ["parallel", "parallel", "reduction"]}
             ins(%x, %w : tensor<2x32xf32>, tensor<32x8xf32>)
             outs(%zero : tensor<2x8xf32>) { multiply, add }
    ```

    After:

    ```mlir
    %rows:2 = scf.for %k = %c0 to %c32 step %c1
                iter_args(%r0 = %z, %r1 = %z) -> (vector<8xf32>, vector<8xf32>) {
      %wk = vector.transfer_read %w[%k, %c0] ... : vector<8xf32>
      %x0 = tensor.extract %x[%c0, %k] : tensor<2x32xf32>
      %b0 = vector.broadcast %x0 : f32 to vector<8xf32>
      %n0 = math.fma %b0, %wk, %r0 : vector<8xf32>
      ...
    }
    ```

    With groups of two bf16:

    ```mlir
      %wk = vector.transfer_read %flat[%k, %c0] ... : vector<32xbf16>
      %x0 = vector.transfer_read %x[%c0, %k, %c0] ... : vector<2xbf16>
      %b0 = ... // both elements of %x0 in every lane
      %n0 = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"
              (%r0, %b0, %wk) : ... -> vector<16xf32>
    ```
  }];
  let options = [
    Option<"targetCPU", "target-cpu", "std::string", "\"host\"",
           "chip whose instructions are used: an LLVM CPU name, or host">
  ];
  let dependentDialects = ["::mlir::vector::VectorDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect"];
}

def TilesToAMX : Pass<"glu-tiles-to-amx"> {
  let summary = "Multiply tiles with AMX";
  let description = [{
    Products of tiles that `-glu-vectorize` left for it, marked `glu.amx`, on
    memrefs: sums stay in tile registers during the reduction, one for each 16
    rows and 16 columns. A step takes 16 groups of the sum: 32 elements of bf16,
    or 64 of int8. Sums that begin as zeros are not read from memory.

    Before:

    ```mlir
    linalg.generic {glu.amx, iterator_types = ["parallel", "parallel", "reduction", "reduction"], ...}
      ins(%x, %w : memref<16x32x2xbf16>, memref<32x16x2xbf16>) outs(%y : memref<16x16xf32>) { ... }
    ```

    After:

    ```mlir
    %s = scf.for %k = %c0 to %c32 step %c16 iter_args(%a = %zero) -> (!amx.tile<16x16xf32>) {
      %b = amx.tile_load %w[%k, %c0, %c0], %c32 : memref<32x16x2xbf16> into !amx.tile<16x32xbf16>
      %i = amx.tile_load %x[%c0, %k, %c0], %c64 : memref<16x32x2xbf16> into !amx.tile<16x32xbf16>
      %n = amx.tile_mulf %i, %b, %a : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
      scf.yield %n : !amx.tile<16x16xf32>
    }
    amx.tile_store %y[%c0, %c0], %s, %c16 : memref<16x16xf32>, !amx.tile<16x16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::amx::AMXDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def Prefetch : Pass<"glu-prefetch"> {
  let summary = "Fetch the next panel of weights while this one is used";
  let description = [{
    In the reduction loop of a register tile, on memrefs: while the tiles of a
    block go over one panel of weights, which is close by then, they bring the
    next one from memory into the second-level cache, a row of it every so many
    steps. T tiles share the work: tile t fetches row (t * K + k) / T in step k,
    with T rounded down to a power of two. Many tiles (16) fetch it only in the
    step that comes to it first. A single tile of a few rows is left alone.

    The hardware does this too late: it starts at the first miss and does not
    know how long the panel will be in use. A Zen 3 gains 10 to 50 %, most with
    a few tiles of rows.

    Before:

    ```mlir
    scf.for %n = %c0 to %c344 step %c1 {
      scf.for %m = %c0 to %c32 step %c1 {
        %acc = scf.for %k = %c0 to %c1024 step %c1 iter_args(%a = %z) -> (vector<8xf32>) {
          %w = vector.transfer_read %weights[%n, %k, %c0], ...
    ```

    After:

    ```mlir
    scf.for %n = %c0 to %c344 step %c1 {
      %following = arith.addi %n, %c1 : index
      %inside = arith.cmpi slt, %following, %c344 : index
      %next = arith.select %inside, %following, %c0 : index
      scf.for %m = %c0 to %c32 step %c1 {
        %start = arith.muli %m, %c1024 : index
        %acc = scf.for %k = %c0 to %c1024 step %c1 iter_args(%a = %z) -> (vector<8xf32>) {
          %sum = arith.addi %start, %k : index
          %row = arith.shrui %sum, %c5 : index
          %rest = arith.andi %sum, %c31 : index
          %first = arith.cmpi eq, %rest, %c0 : index
          scf.if %first {
            memref.prefetch %weights[%next, %row, %c0], read, locality<2>, data
          }
          %w = vector.transfer_read %weights[%n, %k, %c0], ...
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect"];
}

def ApproximateMath : Pass<"glu-approximate-math"> {
  let summary = "Turn gating functions into arithmetic that vectorises";
  let description = [{
    Rewrites transcendental functions of f32 scalars and vectors of any shape
    into `arith`, `math.fma`, `math.absf` and `math.copysign`: no calls,
    branches or table look-ups, so that a vector stays one. f16 and bf16 are
    computed in f32 and rounded once. f64 is left as it is.

    Gating functions are taken as a whole, however they are spelled (products
    in any order, negations and constant factors anywhere, `erf`, `erfc`,
    `tanh` or `exp`): where they are very small, the result of the parts one by
    one would be wrong or zero. Elsewhere `exp`, `exp2`, `expm1`, `log`,
    `log1p`, `tanh`, `erf` and `erfc` are rewritten one by one. `exp(x) - 1` is
    `expm1`, and `log(1 + exp(x))` doesn't overflow.

    The promise holds over all f32, denormal arguments and results included. The
    greatest error against float64 that was found with every f32 in
    2^-30 <= |x| < 2^8 and every 101st elsewhere:

    | function | promised ULP | found |
    |---|---|---|
    | sigmoid(b x) | 4 | 2.49 |
    | silu, x sigmoid(b x), 2^-10 <= b <= 2^10 | 4 | 2.46 |
    | gelu, x (1 + erf(x / sqrt(2))) / 2 | 4 | 2.99 |
    | gelu_tanh, x (1 + tanh(s (x + c x^3))) / 2 | 4 | 2.31 |
    | tanh | 4 | 2.42 |
    | erf | 4 | 1.61 |
    | erfc | 5 | 4.06 |
    | exp | 2 | 1.05 |
    | exp2 | 2 | 0.90 |
    | expm1 | 2 | 1.45 |
    | log | 2 | 0.95 |
    | log1p | 2 | 1.55 |
    | softplus, log(1 + exp(x)) | 3 | 2.03 |

    Limits at the infinities are exact (silu and GELU of -inf are -0), NaN gives
    NaN, signs of zero are kept. In f16 and bf16 the result is the rounded exact
    one, but for near ties.

    The constants of a gating function are taken for the numbers that were
    meant: sqrt(2/pi), 1/sqrt(2), 0.044715 and 1.702 where a constant is that
    number rounded, and in f32 the shortest decimal number that rounds to the
    constant. For large negative x this differs from the rounded constant by
    more than 4 ULP.

    Constants are made anew for each function: `-canonicalize` or `-cse` after
    it unites them. `math.fma` must become `llvm.fma` (`-convert-math-to-llvm`)
    for a target that has it.

    Before:

    ```mlir
    %n = arith.negf %x : vector<8xf32>
    %e = math.exp %n : vector<8xf32>
    %d = arith.addf %e, %one : vector<8xf32>
    %y = arith.divf %x, %d : vector<8xf32>
    ```

    After:

    ```mlir
    %a = math.absf %x : vector<8xf32>
    %l = arith.cmpf olt, %limit, %a : vector<8xf32>
    %t = arith.select %l, %limit, %a : vector<8xi1>, vector<8xf32>
    %r = math.fma %t, %log2e, %rounding : vector<8xf32>
    %i = arith.subf %rounding, %r : vector<8xf32>
    %f = math.fma %t, %log2e, %i : vector<8xf32>
    // 2^f by a polynomial, its exponent from the bits of %r; then
    %q = arith.divf %t, %denominator : vector<8xf32>
    %y = math.fma %q, %unit, %positive_part : vector<8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def ExpandDots : Pass<"glu-expand-dots"> {
  let summary = "Turn the dot products of chips into arithmetic";
  let description = [{
    Replaces LLVM's intrinsics of dot products that `-glu-vectorize` uses by
    vector arithmetic that computes the same, for chips that do not have them:
    code that is made for one chip can be tried on any other. Floats are added
    one product at a time, as the chips do, but denormal numbers are kept.

    Before:

    ```mlir
    %y = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%s, %x, %w)
           : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>)
           -> vector<16xf32>
    ```

    After:

    ```mlir
    %x1 = vector.shuffle %x, %x [1, 3, 5, ...]
    %w1 = vector.shuffle %w, %w [1, 3, 5, ...]
    %x1f = arith.extf %x1 : vector<16xbf16> to vector<16xf32>
    %w1f = arith.extf %w1 : vector<16xbf16> to vector<16xf32>
    %t = math.fma %x1f, %w1f, %s : vector<16xf32>
    // ... and the same with [0, 2, 4, ...]
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandTiles : Pass<"glu-expand-tiles"> {
  let summary = "Turn AMX into arithmetic on vectors";
  let description = [{
    Replaces the operations of AMX by loads, stores and vector arithmetic that
    compute the same, and tile registers by vectors of two dimensions: for chips
    that have none, as `-glu-expand-dots` does for dot products. Slow: to check
    numbers.

    Before:

    ```mlir
    %n = amx.tile_mulf %x, %w, %a : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
    ```

    After:

    ```mlir
    %w0 = vector.shuffle %row, %row [0, 2, 4, ...] // Of the first row of %w.
    %w0f = arith.extf %w0 : vector<16xbf16> to vector<16xf32>
    // ... and so for every row, and [1, 3, 5, ...]
    scf.for %m = %c0 to %c16 step %c1 { // Rows of %x and %a, in memory.
      %b = vector.broadcast %x0 : f32 to vector<16xf32>
      %s = math.fma %b, %w0f, %am : vector<16xf32>
      // ... for each element of the row of %x.
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def LowerAMX : Pass<"glu-lower-amx"> {
  let summary = "Lower AMX to LLVM's intrinsics";
  let description = [{
    As upstream's `-convert-vector-to-llvm=enable-amx`, but tiles may be carried
    by `scf.for`, too.

    Before:

    ```mlir
    %t = amx.tile_zero : !amx.tile<16x16xf32>
    %s = scf.for ... iter_args(%a = %t) -> (!amx.tile<16x16xf32>) {
    ```

    After:

    ```mlir
    %t = llvm.call_intrinsic "llvm.x86.tilezero.internal"(%c16, %c64) : (i16, i16) -> !llvm.x86_amx
    %s = scf.for ... iter_args(%a = %t) -> (!llvm.x86_amx) {
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ExpandAggregates : Pass<"glu-expand-aggregates"> {
  let summary = "Expand linalg operations that are no single loop nest";
  let description = [{
    `linalg.softmax` and the other aggregated operations of linalg, `linalg.pack`
    and `linalg.unpack` have no bufferization and no lowering to loops of their
    own. They become fills, reductions, elementwise operations, pads, reshapes
    and transposes, by upstream's own expansions.

    Before:

    ```mlir
    %y = linalg.softmax dimension(1) ins(%x : tensor<3x8xf32>)
           outs(%e : tensor<3x8xf32>) -> tensor<3x8xf32>
    ```

    After:

    ```mlir
    %max = linalg.generic ... // maximum of each row
    %exp = linalg.generic ... // exp(x - max)
    %sum = linalg.generic ... // sum of each row
    %y = linalg.generic ...   // exp / sum
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def ResultsToDestinations
    : Pass<"glu-results-to-destinations", "::mlir::ModuleOp"> {
  let summary = "Let callers of public functions say where results go";
  let description = [{
    Tensor results of public functions become memref arguments, in order after
    the others, as a function of C has them. Bufferisation then computes a
    result in its destination where it can, without an allocation or a copy.
    Other results stay. Tensor arguments are marked as not writable: a caller
    finds them as they were. A destination must have the sizes of the result and
    may overlap nothing else. A reshape at the end of a function is done to the
    destination instead. An operand that gives a result its shape, and is not
    read, becomes an empty tensor.

    A public function that is called in the module, or with a result of unknown
    rank or with an encoding, is an error.

    Before:

    ```mlir
    func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %y = ... : tensor<?x8xf32>
      return %y : tensor<?x8xf32>
    }
    ```

    After:

    ```mlir
    func.func @f(%x: tensor<?x8xf32> {bufferization.writable = false},
                 %out: memref<?x8xf32>) {
      %y = ... : tensor<?x8xf32>
      bufferization.materialize_in_destination %y in restrict writable %out
        : (tensor<?x8xf32>, memref<?x8xf32>) -> ()
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

def CheckVectors : Pass<"glu-check-vectors"> {
  let summary = "Refuse vectors that no chip has registers for";
  let description = [{
    A vector of more than 65536 elements is an error: upstream's passes take
    vectors apart into elements, which would take for ever, and die of some
    sizes.

    ```mlir
    %v = vector.broadcast %x : f32 to vector<4294967296xf32>
    // error: has a vector of more than 65536 elements
    ```
  }];
}

def HugePages : Pass<"glu-huge-pages", "::mlir::ModuleOp"> {
  let summary = "Large buffers in pages of 2 MB";
  let description = [{
    Buffers of a known size of 4 MB and more, as packed weights are, ask Linux
    for huge pages, which are filled and read faster (`madvise(2)`; without
    effect where the kernel is set to give none, or all). Nothing is done in a
    module that has a function `madvise` of its own.

    Before:

    ```mlir
    %panels = memref.alloc() {alignment = 64 : i64} : memref<2048x1024xf32>
    ```

    After:

    ```mlir
    func.func private @madvise(i64, i64, i32) -> i32
    ...
    %panels = memref.alloc() {alignment = 64 : i64} : memref<2048x1024xf32>
    %address = memref.extract_aligned_pointer_as_index %panels : memref<2048x1024xf32> -> index
    %0 = arith.index_cast %address : index to i64
    %page = arith.andi %0, %c-4096_i64 : i64
    %1 = call @madvise(%page, %c8388608_i64, %c14_i32) : (i64, i64, i32) -> i32
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ReserveNames : Pass<"glu-reserve-names", "::mlir::ModuleOp"> {
  let summary = "Keep the names of the C library's functions free";
  let description = [{
    Later passes declare functions of the C library (`@expf`, `@malloc`), and
    LLVM takes any function of such a name for that function. Private functions
    with bodies that are called so get other names; a public one is an error.

    Before:

    ```mlir
    func.func private @expf(%x: f32) -> f32 { ... }
    func.func @f(%x: f32) -> f32 {
      %y = call @expf(%x) : (f32) -> f32
    ```

    After:

    ```mlir
    func.func private @expf_0(%x: f32) -> f32 { ... }
    func.func @f(%x: f32) -> f32 {
      %y = call @expf_0(%x) : (f32) -> f32
    ```
  }];
}

def ExpandCopies : Pass<"glu-expand-copies"> {
  let summary = "Turn copies of strided memrefs into linalg";
  let description = [{
    `memref.copy` between whole buffers becomes a `memcpy`; any other one would
    become a call of a runtime library that copies element by element. As
    linalg it becomes loops, which LLVM vectorises, and code needs no library.
    With `keep-dense`, parts of buffers of known size whose elements all lie
    beside each other stay too: a `memcpy` on the CPU.

    Before:

    ```mlir
    memref.copy %x, %y : memref<4x4xf32, strided<[8, 1]>> to memref<4x4xf32>
    ```

    After:

    ```mlir
    linalg.generic {indexing_maps = [#id, #id],
                    iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<4x4xf32, strided<[8, 1]>>) outs(%y : memref<4x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    ```
  }];
  let options = [
    Option<"keepDense", "keep-dense", "bool", "false",
           "leave copies between dense parts of buffers">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def ExpandReshapes : Pass<"glu-expand-reshapes"> {
  let summary = "Turn memref.expand_shape with several unknown sizes into casts";
  let description = [{
    Upstream's `-expand-strided-metadata` takes no `memref.expand_shape` that
    splits one dimension into several of unknown size. Those become
    `memref.reinterpret_cast`, with strides that are products of the sizes.

    Before:

    ```mlir
    %y = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, %t, 5]
           : memref<?x5xf32> into memref<?x?x5xf32>
    ```

    After:

    ```mlir
    %base, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %x
    %s = affine.apply affine_map<()[s0] -> (s0 * 5)>()[%t]
    %y = memref.reinterpret_cast %base to offset: [0], sizes: [%b, %t, 5],
           strides: [%s, 5, 1] : memref<f32> to memref<?x?x5xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ExpandSubViews : Pass<"glu-expand-subviews"> {
  let summary = "Split memref.subview that drops dimensions in doubtful ways";
  let description = [{
    Upstream's passes do not find out which dimensions a `memref.subview` drops
    if it also takes steps or keeps others of size one: they go by the strides.
    Such a one becomes a subview of full rank and a `memref.collapse_shape`.

    Before:

    ```mlir
    %y = memref.subview %x[0, 0, 0] [1, 2, 1] [1, 2, 1]
           : memref<1x3x1xf32> to memref<1x2xf32, strided<[3, 2]>>
    ```

    After:

    ```mlir
    %0 = memref.subview %x[0, 0, 0] [1, 2, 1] [1, 2, 1]
           : memref<1x3x1xf32> to memref<1x2x1xf32, strided<[3, 2, 1]>>
    %y = memref.collapse_shape %0 [[0], [1, 2]] : ...
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def ExpandNarrowFloats : Pass<"glu-expand-narrow-floats"> {
  let summary = "Convert f8 types to and from f32 by integer arithmetic";
  let description = [{
    No chip converts the f8 types one by one, and LLVM has no such types.
    `arith.extf` and `arith.truncf` from and to them become arithmetic on their
    bits, on scalars and vectors, by way of f32: rounded to nearest, ties to
    even; NaN stays NaN, and what is too large becomes the infinity or, in types
    without one, NaN, as `arith.truncf` is folded. From f64, f32 is rounded to
    first. The FNUZ types have no negative zero.

    Before:

    ```mlir
    %y = arith.extf %x : f8E5M2 to f32
    ```

    After:

    ```mlir
    %0 = arith.bitcast %x : f8E5M2 to i8
    %bits = arith.extui %0 : i8 to i32
    %magnitude = arith.andi %bits, %c127 : i32
    %moved = arith.shli %magnitude, %c21 : i32
    %1 = arith.bitcast %moved : i32 to f32
    %value = arith.mulf %1, %2^112 : f32
    // ... the sign, infinity and NaN
    ```
  }];
  let options = [
    Option<"half", "half", "bool", "false",
           "expand f16 too: for chips without instructions for it">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ExpandMaskedFloats : Pass<"glu-expand-masked-floats"> {
  let summary = "Masked accesses to 16-bit floats as integers";
  let description = [{
    Runs on the LLVM dialect. Where a chip has no instruction for a masked
    access, LLVM takes it apart, and it converts elements of bf16 (of f16 on
    chips without F16C) that it moves, by functions that code ahead of time does
    not have. Integers are moved as they are.

    Before:

    ```mlir
    %v = llvm.intr.masked.load %p, %mask, %other {alignment = 2 : i32}
      : (!llvm.ptr, vector<8xi1>, vector<8xbf16>) -> vector<8xbf16>
    ```

    After:

    ```mlir
    %bits = llvm.bitcast %other : vector<8xbf16> to vector<8xi16>
    %loaded = llvm.intr.masked.load %p, %mask, %bits {alignment = 2 : i32}
      : (!llvm.ptr, vector<8xi1>, vector<8xi16>) -> vector<8xi16>
    %v = llvm.bitcast %loaded : vector<8xi16> to vector<8xbf16>
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ReturnFailures : Pass<"glu-return-failures", "::mlir::ModuleOp"> {
  let summary = "Failed assertions return, with their message";
  let description = [{
    Runs on the LLVM dialect, where a failed assertion is a message and
    `abort`. Every C wrapper (`@_mlir_ciface_f`) gets one argument more, and so
    does every function that fails or calls one that does: where to store the
    address of a message, a sentence. After a failure a function returns at
    once, and its result is poison; a turn of an OpenMP loop ends, and the
    function once all threads are done. Who calls has to look whether there is
    a message. Memory that was allocated before a failure is not freed.

    What stays as it is: assertions in functions whose address is taken, and in
    OpenMP's regions outside of loops.

    With `check-allocations`, memory that `malloc` does not give is a failure
    too.

    Before:

    ```mlir
    llvm.func @f(%ok: i1) -> i64 {
      llvm.cond_br %ok, ^bb1, ^bb2
    ^bb1:
      ...
    ^bb2:
      llvm.call @puts(%message) : (!llvm.ptr) -> ()
      llvm.call @abort() : () -> ()
      llvm.unreachable
    }
    ```

    After:

    ```mlir
    llvm.func @f(%ok: i1, %failure: !llvm.ptr) -> i64 {
      llvm.cond_br %ok, ^bb1, ^bb2
    ^bb1:
      ...
    ^bb2:
      %sentence = llvm.mlir.addressof @glu_failure : !llvm.ptr
      llvm.store %sentence, %failure atomic monotonic {alignment = 8 : i64}
        : !llvm.ptr, !llvm.ptr
      %result = llvm.mlir.poison : i64
      llvm.return %result : i64
    }
    ```
  }];
  let options = [
    Option<"checkAllocations", "check-allocations", "bool", /*default=*/"false",
           "memory that is not there is a failure">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def WidenToFloat64 : Pass<"glu-widen", "::mlir::ModuleOp"> {
  let summary = "Turn every float type into f64";
  let description = [{
    Makes a module that computes the same in double precision: the reference
    that results of narrower types are compared with. Float types become f64
    wherever they occur, constants too (with the values that they had in their
    own type), and conversions between float types vanish, with their rounding.
    Runs on linalg, tensor, arith and math. An operation that looks at the bits
    of a float (`arith.bitcast`) is an error.

    Before:

    ```mlir
    func.func @f(%x: bf16) -> bf16 {
      %c = arith.constant 1.0e-1 : f32
      %e = arith.extf %x : bf16 to f32
      %m = arith.mulf %e, %c : f32
      %t = arith.truncf %m : f32 to bf16
      return %t : bf16
    }
    ```

    After:

    ```mlir
    func.func @f(%x: f64) -> f64 {
      %c = arith.constant 0.10000000149011612 : f64
      %m = arith.mulf %x, %c : f64
      return %m : f64
    }
    ```
  }];
}

def DryRun : Pass<"glu-dry-run", "::mlir::ModuleOp"> {
  let summary = "Keep only what depends on shapes, and count the arithmetic";
  let description = [{
    Before every linalg operation that sums up products, a call tells
    `@glu_count_flops` the number of its floating-point operations, two for each
    multiply-add. Assertions say where operands disagree on the size of a loop.
    Public functions lose their results. After canonicalisation
    and dead code elimination a program is left that does no arithmetic on
    elements but evaluates shapes: run with `-generate-runtime-verification`
    before it, it tells whether arguments fit together, and how much work a call
    is, dynamic sizes and loops included. Without `count-flops` it only checks.

    Before:

    ```mlir
    func.func @f(%x: tensor<?x4xf32>, %w: tensor<4x8xf32>,
                 %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %r = linalg.matmul ins(%x, %w : tensor<?x4xf32>, tensor<4x8xf32>)
                         outs(%y : tensor<?x8xf32>) -> tensor<?x8xf32>
      return %r : tensor<?x8xf32>
    }
    ```

    After, and after `-canonicalize`:

    ```mlir
    func.func private @glu_count_flops(i64)
    func.func @f(%x: tensor<?x4xf32>, %w: tensor<4x8xf32>,
                 %y: tensor<?x8xf32>) {
      %c0 = arith.constant 0 : index
      %c64 = arith.constant 64 : index
      %m = tensor.dim %x, %c0 : tensor<?x4xf32>
      %n = arith.muli %m, %c64 : index
      %i = arith.index_cast %n : index to i64
      call @glu_count_flops(%i) : (i64) -> ()
      return
    }
    ```
  }];
  let options = [
    Option<"countFlops", "count-flops", "bool", "true",
           "tell how much work a call is">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ChooseBlocks : Pass<"glu-choose-blocks"> {
  let summary = "Choose a schedule for every projection on a GPU";
  let description = [{
    What `-glu-choose` does, for a chip with blocks of threads: `rows` x
    `columns` of each accumulator are what a thread keeps in registers,
    `block_rows` x `block_columns` what a block computes, `depth` the elements
    of the sum that are in shared memory at a time. From sm_80 on, projections
    of f16 and bf16 with sums in f32 have `group` 2: warps compute `rows` x
    `columns` by matrix products. On sm_90a they have `group` 8 unless their rows
    are few: four warps compute that together. Projections of few rows get flat
    blocks. What takes the general path is left alone, with a remark that says
    why.

    Before:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<512x2752xf32>) -> tensor<512x2752xf32>
    ```

    After:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<512x2752xf32>)
           attributes {glu.schedule = #glu.schedule<rows = 4, columns = 4,
             block_rows = 64, block_columns = 64, depth = 16>}
           -> tensor<512x2752xf32>
    ```
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"sm_80\"",
           "chip to choose for, as ptxas calls it">
  ];
  let dependentDialects = ["::glu::GLUDialect"];
}

def LaunchProjections : Pass<"glu-launch-projections"> {
  let summary = "Projections on memrefs become kernels";
  let description = [{
    Each `glu.gated_projection` and linalg contraction with a `glu.schedule`
    becomes one `gpu.launch`, with a block of threads for each tile of the
    result. Tiles of the input and of all weights go through shared memory; both
    accumulators stay in registers, for which the input is read once; biases,
    gating function and rounding follow there. With `group` 2, the sums are
    `mma.sync.m16n8k16`, operands come by `ldmatrix`, and three steps of them are
    in shared memory or on their way, by asynchronous copies. Elements beyond the edges are
    zeros that nobody stores. The loops may be any: several rows, columns, sums
    (convolutions), batches.

    With `group` 8, there are no more blocks than `multiprocessors`, which go from
    tile to tile. Four warps of each have TMA fill a ring of stages in shared
    memory, by maps that host code makes with the runtime; the others multiply by
    `wgmma`. Where TMA cannot take an operand (rows that are not multiples of 16
    bytes apart), the schedule is replaced by one of `group` 2, with a remark.

    Before:

    ```mlir
    glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
        outs(%y : memref<512x2752xf32>) attributes {glu.schedule = ...}
    ```

    After:

    ```mlir
    gpu.launch blocks(...) in (%bx = %c344, ...)
               threads(...) in (%tx = %c256, ...)
               workgroup(%xs : memref<16x68xf32, ...>, %gs : ..., %vs : ...) {
      %sums:32 = scf.for %k = %c0 to %c1024 step %c16 iter_args(...) {
        ... // A tile of each to shared memory.
        gpu.barrier
        %s:32 = scf.for %kk = %c0 to %c16 step %c1 iter_args(...) {
          ... // 4 of x, 4 of wg, 4 of wv; 32 math.fma
        }
        gpu.barrier
        scf.yield %s#0, ...
      }
      ... // Gating, and a store where there is an element.
      gpu.terminator
    }
    ```
  }];
  let options = [
    Option<"multiprocessors", "multiprocessors", "int64_t", "132",
           "blocks of a kernel that goes from tile to tile">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::gpu::GPUDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::nvgpu::NVGPUDialect",
                           "::mlir::NVVM::NVVMDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def LaunchLoops : Pass<"glu-launch-loops", "::mlir::func::FuncOp"> {
  let summary = "Everything else that touches buffers becomes kernels";
  let description = [{
    The general path on GPUs. Outermost `scf.parallel` get a thread for each
    point; other code that touches buffers runs in a single thread; an element
    that decides what the host does is copied to it. Loops and branches around
    launches stay on the host.

    Before:

    ```mlir
    scf.parallel (%i, %j) = (%c0, %c0) to (%m, %c64) step (%c1, %c1) {
      %e = memref.load %x[%i, %j] : memref<?x64xf32>
      memref.store %e, %y[%i, %j] : memref<?x64xf32>
    }
    ```

    After:

    ```mlir
    %total = arith.muli %m, %c64 : index
    ...
    gpu.launch blocks(%bx, ...) in (...) threads(%tx, ...) in (%s = %c256, ...) {
      %p = ... // %bx * 256 + %tx
      %inside = arith.cmpi ult, %p, %total : index
      scf.if %inside {
        %j = arith.remui %p, %c64 : index
        %i = arith.divui %p, %c64 : index
        %e = memref.load %x[%i, %j] : memref<?x64xf32>
        memref.store %e, %y[%i, %j] : memref<?x64xf32>
      }
      gpu.terminator
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::gpu::GPUDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def MoveToDevice : Pass<"glu-move-to-device", "::mlir::func::FuncOp"> {
  let summary = "Buffers are memory of the GPU";
  let description = [{
    The host's allocations, copies and constants outside of kernels become those
    of the GPU. Arguments and results are memory of the GPU by convention; only
    `memref.alloca` is the host's.

    Before:

    ```mlir
    %b = memref.alloc() : memref<8x16xf32>
    memref.copy %x, %b : memref<8x16xf32> to memref<8x16xf32>
    ```

    After:

    ```mlir
    %b = gpu.alloc () : memref<8x16xf32>
    gpu.memcpy %b, %x : memref<8x16xf32>, memref<8x16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}

def LowerKernelMath
    : Pass<"glu-lower-kernel-math", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Functions that GPUs have instructions for";
  let description = [{
    Absolute values, square roots, roundings and the like become intrinsics of
    LLVM's that are an instruction or a few; upstream's conversion would call
    libdevice. Other functions, of f32, become polynomials of upstream's, as far
    as `-glu-approximate-math` has left any. A failing assertion is a trap: the
    launch is an error. Control flow must be unstructured.

    Before:

    ```mlir
    %y = math.sqrt %x : f32
    ```

    After:

    ```mlir
    %y = llvm.call_intrinsic "llvm.sqrt"(%x) : (f32) -> f32
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def CheckKernels : Pass<"glu-check-kernels", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Kernels call nothing from outside";
  let description = [{
    A function that a kernel calls and that has no body would have to come from
    NVIDIA's libdevice, which nothing here needs: an error names it, in place of
    PTX that does not load.
  }];
}

def PassTensorMaps : Pass<"glu-pass-tensor-maps", "::mlir::ModuleOp"> {
  let summary = "Kernels take tensor maps by value";
  let description = [{
    The host knows a tensor map by its address; a kernel takes its 128 bytes, as
    CUDA's `__grid_constant__ const CUtensorMap`. Arguments of kernels that
    instructions use as tensor maps become so; launches load the bytes. Runs
    between the lowering of the kernels and that of the host's code.

    Before:

    ```mlir
    gpu.launch_func @m::@k blocks in (...) threads in (...) args(%map : !llvm.ptr)
    gpu.module @m {
      llvm.func @k(%map: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
        nvvm.cp.async.bulk.tensor.shared.cluster.global %s, %map, %b, box[%c, %c]
    ```

    After:

    ```mlir
    %bytes = llvm.load %map : !llvm.ptr -> !llvm.array<16 x i64>
    gpu.launch_func @m::@k blocks in (...) threads in (...) args(%bytes : !llvm.array<16 x i64>)
    gpu.module @m {
      llvm.func @k(%map: !llvm.ptr {llvm.align = 64, llvm.byval = !llvm.array<16 x i64>,
                                    nvvm.grid_constant}) ...
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def EmulateKernels : Pass<"glu-emulate-kernels", "::mlir::ModuleOp"> {
  let summary = "Kernels as code of the host that calls the emulator";
  let description = [{
    What `-glu-to-nvvm` makes PTX of, kernels in the LLVM and NVVM dialects,
    becomes functions of the host: each instruction of NVVM is a call of the
    emulator, each load and store is preceded by one that checks it, and shared
    memory is the emulator's. Launches call it too. An instruction that the
    emulator does not know is an error that names it.

    Upstream's lowering of the host's code turns some instructions of kernels to
    text. So this runs before it, when it leaves of kernels what launches refer
    to, and once more behind it, for the launches.

    Before:

    ```mlir
    gpu.module @m {
      llvm.func @k(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
        %t = nvvm.read.ptx.sreg.tid.x : i32
        nvvm.barrier0
        llvm.store %t, %p : i32, !llvm.ptr
    ```

    After:

    ```mlir
    llvm.func internal @m.k(%p: !llvm.ptr) {
      %t = llvm.call @glu_emulate_special(%c0) : (i32) -> i32
      llvm.call @glu_emulate_barrier(%c0, %c-1) : (i32, i32) -> ()
      llvm.call @glu_emulate_access(%p, %c4, %c4, %c1, %site) : (...) -> ()
      llvm.store %t, %p : i32, !llvm.ptr
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // GLU_TRANSFORMS_PASSES_TD
