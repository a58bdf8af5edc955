//===- GLUAttributes.td - Attributes of the glu dialect ---*- tablegen -*-===//

#ifndef GLU_IR_GLUATTRIBUTES_TD
#define GLU_IR_GLUATTRIBUTES_TD

include "glu/IR/GLUDialect.td"

def GLU_ScheduleAttr : GLU_Attr<"Schedule", "schedule"> {
  let summary = "how a projection is tiled and packed";
  let description = [{
    Set by `-glu-choose` on `glu.gated_projection` and on linalg contractions,
    as the attribute `glu.schedule`, unless the operation already has one; read
    by `-glu-pack` and `-glu-tile`. Write it by hand to overrule the cost model.
    On GPUs `-glu-choose-blocks` sets it and `-glu-launch-projections` reads it.

    * `rows` x `columns`: the register tile, in elements of one accumulator. A
      gated unit has two accumulators of this size.
    * `block_rows`: rows of the input that are packed together and stay in the
      second-level cache while the weights stream by; a multiple of `rows`.
    * `block_columns`: columns of the result that one task computes; a multiple
      of `columns`.
    * `group`: elements of the sum that are packed side by side, since the chip's
      dot product takes so many at once (2 of bf16 or i16, 4 of i8); 1 if it has
      none.
    * `depth`: elements of the sum that a step of the inner loop takes; the sum is
      padded with zeros to whole steps. 1, or a multiple of `group`.
    * `panels`: panels of `columns` columns that a tile of few rows takes at once,
      since several streams are read from memory faster than one; a divisor of a
      task's panels. A tile takes one of groups, one where tasks or panels do not
      come out even or the number of columns is not known, and one of weights that
      are packed in the same function, which is done panel by panel.

    On GPUs `rows` x `columns` are a thread's, `block_rows` x `block_columns` a
    block's, and `depth` elements of the sum are in shared memory at a time. With
    `group` 2 they are a warp's, which computes them by matrix products
    (`mma.sync`, f16 and bf16); with 8, those of a group of four warps, which does
    so from shared memory (`wgmma`).

    Example:

    ```mlir
    glu.schedule = #glu.schedule<rows = 6, columns = 8,
                                 block_rows = 96, block_columns = 2752>
    ```
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$columns,
                        "int64_t":$block_rows, "int64_t":$block_columns,
                        DefaultValuedParameter<"int64_t", "1">:$group,
                        DefaultValuedParameter<"int64_t", "1">:$depth,
                        DefaultValuedParameter<"int64_t", "1">:$panels);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // GLU_IR_GLUATTRIBUTES_TD
