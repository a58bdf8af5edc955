//===- ChoosePasses.td - Passes of lib/Choose --------------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_CHOOSEPASSES_TD
#define GLU_TRANSFORMS_CHOOSEPASSES_TD

include "mlir/Pass/PassBase.td"

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

#endif // GLU_TRANSFORMS_CHOOSEPASSES_TD
