//===- VectorizePasses.td - Passes of lib/Vectorize --------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_VECTORIZEPASSES_TD
#define GLU_TRANSFORMS_VECTORIZEPASSES_TD

include "mlir/Pass/PassBase.td"

def SplitSums : Pass<"glu-split-sums"> {
  let summary = "Sum rows that lie in memory as such in several lanes";
  let description = [{
    Sums (products, greatest elements, ...) in f64, f32, f16 or bf16 along the
    last dimension of their inputs, as in normalisations, softmax and products of
    a matrix and a vector: one at a time, in 32 lanes, which are then 8, and at
    last one. That is another order of the sum than from left to right, and mostly
    closer to the exact one; of negative zeros alone it is a positive zero. Left
    alone are sums of a dynamic number of elements, of less than 128, or of one
    that 32 does not divide; and those of integers, which LLVM splits itself.

    Before:

    ```mlir
    %y = linalg.generic {... ["parallel", "reduction"]}
           ins(%x : tensor<4x128xf32>) outs(%zero : tensor<4xf32>) { add }
    ```

    After:

    ```mlir
    %y = scf.for %i = %c0 to %c4 step %c1 iter_args(%all = %zero) -> (tensor<4xf32>) {
      %row = tensor.expand_shape %xi [[0, 1]] ... into tensor<4x32xf32>
      %a = linalg.generic {... ["reduction", "parallel"]}
             ins(%row) outs(%zeros : tensor<32xf32>) { add }
      %b = linalg.generic ... ins(%a as tensor<4x8xf32>) outs(... : tensor<8xf32>) { add }
      %c = linalg.generic ... ins(%b) outs(%yi : tensor<f32>) { add }
      ...
    }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
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

    Where the sums of several panels of weights do not fit in registers and those
    of one do, the panels take turns: some steps of the sum for one, as many for
    the next, so that each reads four lines of memory and the hardware fetches
    those of all.

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

    With `instructions`, which is for GPUs, functions whose results are rounded
    to f16 or bf16, products with others included, use `exp2` and division as
    those chips have them (`fastmath<afn>`: `ex2.approx` and `div.approx`, which
    the PTX manual bounds by 2 ULP each). The relative error of each is then below
    2^-15, a sixteenth of a unit of f16 at most: mostly from rounding the argument of
    `exp2` far from zero. `tanh`, `erf` near zero, `expm1` and the logarithms
    stay polynomials.

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
  let options = [
    Option<"useInstructions", "instructions", "bool", "false",
           "use exp2 and division as GPUs have them where results are rounded "
           "to 16 bits">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

#endif // GLU_TRANSFORMS_VECTORIZEPASSES_TD
