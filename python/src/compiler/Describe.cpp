//===- Describe.cpp - Signatures in plain types ---------------------------===//

#include "Stages.h"

#include "glu/Execution/Signature.h"

#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace glu;
using namespace glu::python;
using llvm::Error;

/// NumPy's name.
static std::string getPythonName(ElementType type) {
  switch (type) {
  case ElementType::Bool:
    return "bool";
  case ElementType::Float8E4M3FN:
    return "float8_e4m3fn";
  case ElementType::Float8E5M2:
    return "float8_e5m2";
  case ElementType::BFloat16:
    return "bfloat16";
  default:
    break;
  }
  StringRef name = getName(type); // "f32", "i8", "ui8"
  std::string width = name.drop_until(llvm::isDigit).str();
  if (name.starts_with("u"))
    return "uint" + width;
  return (isFloat(type) ? "float" : "int") + width;
}

static std::vector<TypeTuple> getTypes(ArrayRef<ValueType> types) {
  std::vector<TypeTuple> tuples;
  for (const ValueType &type : types)
    tuples.emplace_back(
        getPythonName(type.element), type.isScalar, type.isMemRef,
        std::vector<int64_t>(type.shape.begin(), type.shape.end()));
  return tuples;
}

Error glu::python::describe(func::FuncOp function, StringRef name,
                            bool withArguments, Compilation &result) {
  func::FuncOp described = function;
  // Its type alone is asked for.
  OwningOpRef<func::FuncOp> resultsOnly;
  if (!withArguments) {
    resultsOnly =
        func::FuncOp::create(function.getLoc(), name,
                             FunctionType::get(function.getContext(), {},
                                               function.getResultTypes()));
    described = *resultsOnly;
  }
  auto signature = getSignature(described);
  if (!signature)
    return signature.takeError();
  result.functions.emplace_back(name.str(), getTypes(signature->arguments),
                                getTypes(signature->results));
  return Error::success();
}

namespace {
class PackingRecorder : public PassInstrumentation {
public:
  PackingRecorder(StringRef entry, Compilation &result)
      : name(entry.str() + ".pack"), result(result) {}

  void runAfterPass(Pass *pass, Operation *op) override {
    auto module = dyn_cast<ModuleOp>(op);
    if (!module || pass->getArgument() != "glu-outline-packing")
      return;
    // Functions may have got a prefix.
    for (auto function : module.getOps<func::FuncOp>())
      if (function.getName() == name ||
          function.getName().ends_with("." + name))
        consumeError(describe(function, name, /*withArguments=*/false, result));
  }

private:
  std::string name;
  Compilation &result;
};
} // namespace

std::unique_ptr<PassInstrumentation>
glu::python::createPackingRecorder(StringRef entry, Compilation &result) {
  return std::make_unique<PackingRecorder>(entry, result);
}
