//===- EmitGating.cpp - Expressions as operations on tensors --------------===//

#include "Gating.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

using namespace glu::differential;
using llvm::ArrayRef;
using llvm::StringRef;
using std::string;

namespace {
/// Writes an expression: nodes that are cut become tensors, the others
/// statements in the body of the tensor that needs them.
class TensorWriter {
public:
  TensorWriter(Emitter &emitter, ArrayRef<Dim> dims)
      : emitter(emitter), dims(dims),
        cuts(emitter.choose({0u, 0u, 25u, 50u, 100u, 100u})),
        namedOps(emitter.choose({0u, 0u, 60u, 100u})) {}

  Tensor write(Expr root) {
    auto found = tensors.find(root.get());
    if (found != tensors.end())
      return found->second;
    Tensor tensor = root->op != "leaf" && emitter.chance(namedOps)
                        ? tryNamed(root)
                        : Tensor();
    if (tensor.name.empty())
      tensor = writeGeneric(root);
    return tensors[root.get()] = tensor;
  }

private:
  bool isCut(const Node *node) {
    auto found = isCutMemo.find(node);
    if (found == isCutMemo.end())
      found = isCutMemo.insert({node, emitter.chance(cuts)}).first;
    return found->second;
  }

  string identity() { return mapOf(unsigned(dims.size()), iota(dims.size())); }

  /// The node as an operation of its own on tensors, if it can be one.
  Tensor tryNamed(Expr node) {
    static const std::map<string, string> linalgNames = {
        {"arith.mulf", "mul"},     {"arith.addf", "add"},
        {"arith.subf", "sub"},     {"arith.divf", "div"},
        {"arith.negf", "negf"},    {"math.exp", "exp"},
        {"math.tanh", "tanh"},     {"math.erf", "erf"},
        {"math.absf", "abs"},      {"math.sqrt", "sqrt"},
        {"arith.maximumf", "max"}, {"arith.minimumf", "min"}};
    if (node->op == "select" || node->op == "constant" || !isCut(node.get()))
      return {};
    for (const Expr &input : node->inputs)
      if ((input->op == "leaf" && input->operand.map != identity()) ||
          (input->op != "leaf" && input->op != "constant" &&
           !isCut(input.get())))
        return {};
    llvm::SmallVector<Tensor> inputs;
    for (const Expr &input : node->inputs)
      inputs.push_back(input->op == "leaf" ? input->operand.tensor
                       : input->op == "constant"
                           ? emitter.splat(input->value, dims, input->type)
                           : write(input));
    if (node->op == "convert")
      return emitter.convert(inputs[0], node->type);
    auto name = linalgNames.find(node->op);
    if (name != linalgNames.end() && emitter.chance(70))
      return emitter.named("linalg." + name->second, inputs,
                           emitter.empty(dims, node->type));
    llvm::SmallVector<string> names;
    for (const Tensor &input : inputs)
      names.push_back(input.name);
    return emitter.op(node->op + " " + llvm::join(names, ", ") + " : " +
                          inputs[0].type(),
                      dims, node->type);
  }

  Tensor writeGeneric(Expr root) {
    Body body;
    string result = scalar(root, body, /*isRoot=*/true);
    Tensor init = emitter.empty(dims, root->type);
    body.arguments.push_back("%out: " + root->type);
    string block = "  ^bb0(" + llvm::join(body.arguments, ", ") + "):\n" +
                   body.statements + "    linalg.yield " + result + " : " +
                   root->type + "\n";
    return emitter.generic(
        body.operands, init, identity(),
        llvm::join(llvm::SmallVector<string>(dims.size(), "\"parallel\""),
                   ", "),
        block);
  }

  struct Body {
    llvm::SmallVector<Operand, 2> operands;
    llvm::SmallVector<string> arguments;
    string statements;
    std::map<const Node *, string> values;
  };

  string addOperand(Operand operand, Body &body) {
    string name = "%in" + std::to_string(body.operands.size());
    body.arguments.push_back(name + ": " + operand.tensor.element);
    body.operands.push_back(std::move(operand));
    return name;
  }

  string scalar(Expr node, Body &body, bool isRoot = false) {
    auto found = body.values.find(node.get());
    if (found != body.values.end())
      return found->second;
    string value;
    if (node->op == "leaf")
      value = addOperand(node->operand, body);
    else if (node->op == "constant")
      value = state(body, "arith.constant " + literal(node->value) + " : " +
                              node->type);
    else if (!isRoot && isCut(node.get()))
      value = addOperand({write(node), identity()}, body);
    else
      value = operation(node, body);
    return body.values[node.get()] = value;
  }

  string operation(Expr node, Body &body) {
    llvm::SmallVector<string> inputs;
    for (const Expr &input : node->inputs)
      inputs.push_back(scalar(input, body));
    if (node->op == "convert") {
      StringRef from = node->inputs[0]->type;
      return state(body, conversion(from, node->type) + " " + inputs[0] +
                             " : " + from.str() + " to " + node->type);
    }
    if (node->op == "select") {
      string compare = state(body, "arith.cmpf ogt, " + inputs[0] + ", " +
                                       inputs[1] + " : " + node->type);
      return state(body, "arith.select " + compare + ", " + inputs[2] + ", " +
                             inputs[3] + " : " + node->type);
    }
    return state(body, node->op + " " + llvm::join(inputs, ", ") + " : " +
                           node->type);
  }

  string state(Body &body, string text) {
    string name = emitter.fresh();
    body.statements += "    " + name + " = " + text + "\n";
    return name;
  }

  Emitter &emitter;
  ArrayRef<Dim> dims;
  unsigned cuts, namedOps;
  std::map<const Node *, bool> isCutMemo;
  std::map<const Node *, Tensor> tensors;
};
} // namespace

Tensor glu::differential::emit(Emitter &emitter, Expr root,
                               ArrayRef<Dim> dims) {
  return TensorWriter(emitter, dims).write(root);
}
