//===- PackPasses.td - Passes of lib/Pack ------------------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_PACKPASSES_TD
#define GLU_TRANSFORMS_PACKPASSES_TD

include "mlir/Pass/PassBase.td"

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
    larger one, every second column), it is packed straight from there. An input
    whose sum is not along its last dimension, as of convolutions with channels
    first, is transposed if it has many rows that many columns read; the loop
    over channels is inside of those over windows.

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

    With `single-row`, where the number of rows is not known, a version for one
    row is in the first branch of an `scf.if`, which reads the same panels: four
    at once, where the other version has four rows or more, since it waits for
    memory; one, where they are of groups for a dot product.
  }];
  let options = [
    Option<"singleRow", "single-row", "bool", "false",
           "a version for one row too, where the number of rows is not known">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::scf::SCFDialect",
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
  let summary = "Turn linalg.pack and transpositions into loops over vectors";
  let description = [{
    Packs panels of columns as fast as memory allows. Where the columns of a
    panel lie beside each other in the source, rows of it are copied, several
    panels at a time, so that the source is read line by line; a group of rows is
    interleaved. Where another dimension does, as in PyTorch's weights, squares
    of a register's width are read, transposed in registers and written. What
    overruns the end of the source is read as padding. Tasks of some panels are
    an `scf.forall`, which threads share; inside of another one they are loops.

    Any other `linalg.pack` becomes pads, reshapes and transpositions by
    upstream's `linalg::lowerPack`. A `linalg.transpose` that moves the last
    dimension is expanded as a pack of a single panel is, if that dimension has
    at least 8 elements, the one that takes its place a multiple of four, and
    the tensor at least 4096, as far as they are known.

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

#endif // GLU_TRANSFORMS_PACKPASSES_TD
