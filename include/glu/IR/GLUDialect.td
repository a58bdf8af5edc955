//===- GLUDialect.td - The glu dialect --------------------*- tablegen -*-===//

#ifndef GLU_IR_GLUDIALECT_TD
#define GLU_IR_GLUDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"

def GLU_Dialect : Dialect {
  let name = "glu";
  let cppNamespace = "::glu";
  let summary = "Gated linear units";
  let description = [{
    A gated linear unit (Dauphin et al. 2017, Shazeer 2020) combines two
    branches element by element: `y = f(g, v)`. The *gate* branch `g` passes
    through the non-linearity, the *value* branch `v` is the other one; each is
    a projection `x W + b` or a tensor that already exists. The combination `f`
    is the *gating function*.

    The dialect has one structured operation for the whole unit,
    `glu.gated_projection`, and one for the gating alone, `glu.gate`; everything
    else is said with upstream operations. How weights are packed is not an
    attribute: views (`tensor.extract_slice`) and indexing maps say it.

    #### Gating functions by name

    The gating function is a region. Where it is exactly one of the following
    functions it is printed by its name, and a name is parsed into the region.
    Parameters stand in angle brackets when they differ from the default:
    `swish<beta = 1.5>`.

    | name | parameters | f(g, v) | source |
    |---|---|---|---|
    | `identity` | | g * v | Bilinear, Shazeer 2020 |
    | `sigmoid` | | sigmoid(g) * v | GLU, Dauphin 2017 |
    | `tanh` | | tanh(g) * v | |
    | `tanh_sigmoid` | | sigmoid(g) * tanh(v) | GTU, Dauphin 2017; WaveNet |
    | `relu` | | max(g, 0) * v | ReGLU |
    | `drelu` | | max(g, 0) * max(v, 0) | TurboSparse |
    | `relu_squared` | | max(g, 0)^2 * v | BitNet |
    | `leaky_relu` | slope = 0.01 | (g >= 0 ? g : slope g) * v | |
    | `elu` | alpha = 1 | (g > 0 ? g : alpha (e^g - 1)) * v | |
    | `gelu` | | g Phi(g) * v, by erf | GEGLU |
    | `gelu_tanh` | scale = sqrt(2/pi) | g/2 (1 + tanh(scale (g + 0.044715 g^3))) * v | Gemma, T5 v1.1 |
    | `silu` | | g sigmoid(g) * v | SwiGLU; Llama, Qwen |
    | `swish` | beta = 1 | g sigmoid(beta g) * v | Swish-GLU, Shazeer 2020 |
    | `quick_gelu` | | g sigmoid(1.702 g) * v | ggml, vLLM |
    | `hard_sigmoid` | | min(max(g + 3, 0), 6) / 6 * v | |
    | `hard_swish` | | g min(max(g + 3, 0), 6) / 6 * v | |
    | `softplus` | | log(1 + e^g) * v | |
    | `sigmoid_softplus` | | sigmoid(g) * log(1 + e^v) | CGCNN |
    | `mish` | | g tanh(log(1 + e^g)) * v | |
    | `clamped_silu` | limit = 10 | silu(min(g, limit)) * clamp(v, limit) | DeepSeek |
    | `silu_clamped` | limit = 7 | min(silu(g), limit) * clamp(v, limit) | Step-3.5 |
    | `swiglu_oai` | alpha = 1.702, limit = 7 | c sigmoid(alpha c) * (clamp(v, limit) + 1), c = min(g, limit) | gpt-oss |

    The arithmetic is done in the type of `g`; the result is rounded once, to
    the element type of the destination.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect"];
}

class GLU_Attr<string name, string attrMnemonic> : AttrDef<GLU_Dialect, name> {
  let mnemonic = attrMnemonic;
}

#endif // GLU_IR_GLUDIALECT_TD
