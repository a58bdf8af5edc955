//===- GLUTransformOps.td - Gated units in schedules ------*- tablegen -*-===//

#ifndef GLU_TRANSFORMOPS_GLUTRANSFORMOPS_TD
#define GLU_TRANSFORMOPS_GLUTRANSFORMOPS_TD

include "glu/IR/GLUAttributes.td"
include "mlir/Dialect/Transform/IR/TransformDialect.td"
include "mlir/Dialect/Transform/IR/TransformTypes.td"
include "mlir/Dialect/Transform/Interfaces/TransformInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class GLU_TransformOp<string name, list<Trait> traits>
    : Op<Transform_Dialect, "glu." # name, traits # [
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        ReportTrackingListenerFailuresOpTrait]> {
  let cppNamespace = "::glu";
}

/// One that is applied to each operation of its handle.
class GLU_TransformEachOp<string name>
    : GLU_TransformOp<name, [TransformOpInterface, TransformEachOpTrait]> {
  let extraClassDeclaration = [{
    ::mlir::DiagnosedSilenceableFailure applyToOne(
        ::mlir::transform::TransformRewriter &rewriter,
        ::mlir::Operation *target,
        ::mlir::transform::ApplyToEachResultList &results,
        ::mlir::transform::TransformState &state);
  }];
}

def GLU_RaiseTransformOp : GLU_TransformOp<"raise", [
    DeclareOpInterfaceMethods<TransformOpInterface>]> {
  let summary = "recognise gated linear units in linalg";
  let description = [{
    What the pass `glu-raise` does, below each operation of the handle: the
    result is a handle to every `glu.gate` that is there afterwards, none if
    there are no gated units. Calls are not inlined and TOSA is not lowered; a
    schedule does that before, by passes of their own.

    The operations of the handle stay; handles to operations below them lose
    those that are replaced.

    Example:

    ```mlir
    %gates = transform.glu.raise %func
        : (!transform.any_op) -> !transform.op<"glu.gate">
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target);
  let results = (outs TransformHandleTypeInterface:$gates);
  let assemblyFormat = "$target attr-dict `:` functional-type(operands, results)";
}

def GLU_FuseTransformOp : GLU_TransformEachOp<"fuse"> {
  let summary = "absorb projections and biases into a gated unit";
  let description = [{
    What the pass `glu-fuse` does, for each `glu.gate` of the handle, which is
    consumed: the result is a handle to the `glu.gated_projection` in its place.

    A gate without a branch that is a contraction or convolution fails
    (silenceably) with the reason, and stays as it is; so does an operation that
    is no `glu.gate`.

    Example:

    ```mlir
    %units = transform.glu.fuse %gates
        : (!transform.op<"glu.gate">) -> !transform.op<"glu.gated_projection">
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target);
  let results = (outs TransformHandleTypeInterface:$fused);
  let assemblyFormat = "$target attr-dict `:` functional-type(operands, results)";
}

def GLU_SetScheduleTransformOp : GLU_TransformEachOp<"set_schedule"> {
  let summary = "say how projections are tiled and packed";
  let description = [{
    Sets the attribute `glu.schedule` of each operation of the handle, in place
    of one that it has; `glu-choose` then leaves it alone, and `glu-pack` and
    `glu-tile` obey it. See `#glu.schedule` for what the numbers mean.

    An operation that the vector path does not take, such as one that is neither
    a `glu.gated_projection` nor a contraction or convolution of linalg, fails
    (silenceably) with the reason; so does one that is packed already.

    Example:

    ```mlir
    transform.glu.set_schedule %units
        <rows = 6, columns = 32, block_rows = 96, block_columns = 128>
        : !transform.op<"glu.gated_projection">
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target,
                       GLU_ScheduleAttr:$schedule);
  let assemblyFormat = "$target $schedule attr-dict `:` type($target)";
}

#endif // GLU_TRANSFORMOPS_GLUTRANSFORMOPS_TD
