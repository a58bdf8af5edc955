//===- GLUOps.td - Operations of the glu dialect ----------*- tablegen -*-===//

#ifndef GLU_IR_GLUOPS_TD
#define GLU_IR_GLUOPS_TD

include "glu/IR/GLUAttributes.td"
include "glu/IR/GLUDialect.td"
include "glu/IR/GLUInterfaces.td"
include "mlir/Dialect/Linalg/IR/LinalgInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/IndexingMapOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class GLU_Op<string mnemonic, list<Trait> traits = []>
    : Op<GLU_Dialect, mnemonic, traits>;

/// What `glu.gate` and `glu.gated_projection` share: operands, maps, region.
class GLU_GatedOp<string mnemonic> : GLU_Op<mnemonic, [
    AttrSizedOperandSegments, IsolatedFromAbove, DestinationStyleOpInterface,
    SingleBlock,
    GLU_GatedOpInterface,
    IndexingMapOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ConditionallySpeculatable>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                              ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<AggregatedOpInterface,
                              ["decomposeOperation"]>]> {
  let arguments = (ins
    Variadic<AnyType>:$gate,
    Variadic<AnyType>:$value,
    Variadic<AnyType>:$extras,
    Variadic<AnyShaped>:$outs,
    AffineMapArrayAttr:$indexing_maps);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$gating);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    /// Result types are those of the tensors among `outs`. Without maps: the
    /// default maps (`getDefaultIndexingMaps`). `gating` is given g, v and the
    /// extras and returns one value per output, in the output's element type.
    /// Types of g and v: `gateType`/`valueType`, or the default accumulator type.
    OpBuilder<(ins "::mlir::ValueRange":$gate, "::mlir::ValueRange":$value,
      "::mlir::ValueRange":$extras, "::mlir::ValueRange":$outs,
      "::llvm::ArrayRef<::mlir::AffineMap>":$maps,
      "::llvm::function_ref<::llvm::SmallVector<::mlir::Value>("
      "::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange)>":$gating,
      CArg<"::mlir::Type", "{}">:$gateType,
      CArg<"::mlir::Type", "{}">:$valueType)>,
    /// The same with a gating function by name; one output.
    OpBuilder<(ins "::mlir::ValueRange":$gate, "::mlir::ValueRange":$value,
      "::mlir::ValueRange":$outs, "const ::glu::NamedGating &":$gating,
      CArg<"::llvm::ArrayRef<::mlir::AffineMap>", "{}">:$maps,
      CArg<"::mlir::Type", "{}">:$accumulator)>
  ];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutsMutable(); }
    /// The shape of an operand; empty for a scalar.
    ::llvm::ArrayRef<int64_t> getShape(::mlir::OpOperand *operand) {
      if (auto type =
              ::mlir::dyn_cast<::mlir::ShapedType>(operand->get().getType()))
        return type.getShape();
      return {};
    }
  }];
}

def GLU_GateOp : GLU_GatedOp<"gate"> {
  let summary = "gating of tensors that already exist: y = f(g, v)";
  let description = [{
    Combines two tensors (or memrefs) element by element with a gating function:
    `glu.gated_projection` without the projections. Every dimension is parallel.

    Example:

    ```mlir
    %y = glu.gate silu gate(%g : tensor<8x16xf32>) value(%v : tensor<8x16xf32>)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```

    Source: Dauphin et al., "Language Modeling with Gated Convolutional
    Networks", 2017.
  }];
}

def GLU_GatedProjectionOp : GLU_GatedOp<"gated_projection"> {
  let summary = "two projections and their gating: y = f(x Wg + bg, x Wv + bv)";
  let description = [{
    The generic gated linear unit. Each branch is (input), (input, weight) or
    (input, weight, bias): for every point of the parallel dimensions, the sum
    over the branch's reduction dimensions of input times weight, both converted
    to the type of the region's argument (by sign extension for integers), plus
    bias. At least one branch has a weight. The gating function, a region, is
    given both sums and one element of each extra, and yields one value per
    destination. The contents of the destinations are not read.

    As in `linalg.generic` an indexing map per operand says which element is
    meant, so transposed weights, batches, experts, convolutions (`t + k`) and
    scalar gates are all maps. Dimensions that the destinations' maps use are
    parallel, the others are reductions; a branch reduces over those that its
    own input and weight use. Without `indexing_maps`, the last dimension of an
    input is contracted with the last but one of its weight, and everything
    else is parallel, as in a (batched) matmul.

    Types: any float or integer types that agree within a branch up to width.
    g and v have the accumulator's type: f32 for the narrow floats, i32 for the
    narrow integers, else the element type; `in T` or the region says otherwise.

    Example:

    ```mlir
    // SwiGLU: silu(x Wg) * (x Wv).
    %y = glu.gated_projection silu
           gate(%x, %wg : tensor<8x32xf32>, tensor<32x16xf32>)
           value(%x, %wv : tensor<8x32xf32>, tensor<32x16xf32>)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>

    // A gating function without a name, weights stored out x in, and a mask.
    %z = glu.gated_projection
           gate(%x, %wg : tensor<8x32xf32>, tensor<16x32xf32>)
           value(%x, %wv : tensor<8x32xf32>, tensor<16x32xf32>)
           extras(%mask : tensor<8xf32>)
           outs(%init : tensor<8x16xf32>)
           attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                        affine_map<(m, n, k) -> (n, k)>,
                                        affine_map<(m, n, k) -> (m, k)>,
                                        affine_map<(m, n, k) -> (n, k)>,
                                        affine_map<(m, n, k) -> (m)>,
                                        affine_map<(m, n, k) -> (m, n)>]} {
    ^bb0(%g: f32, %v: f32, %s: f32):
      %t = math.tanh %g : f32
      %p = arith.mulf %t, %v : f32
      %q = arith.mulf %p, %s : f32
      glu.yield %q : f32
    } -> tensor<8x16xf32>
    ```

    Sources: Dauphin et al. 2017; Shazeer, "GLU Variants Improve Transformer",
    2020 (arXiv:2002.05202).
  }];
}

def GLU_YieldOp : GLU_Op<"yield", [Pure, ReturnLike, Terminator,
    ParentOneOf<["::glu::GateOp", "::glu::GatedProjectionOp"]>]> {
  let summary = "the values of a gating function";
  let description = [{
    Ends the region of a gated operation: one value per destination, of the
    destination's element type.

    Example:

    ```mlir
    glu.yield %y : f32
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif // GLU_IR_GLUOPS_TD
