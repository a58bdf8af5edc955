//===- EmitCode.cpp - From the LLVM dialect to files ----------------------===//

#include "EmitCode.h"
#include "CodeGen.h"
#include "FirstError.h"
#include "RuntimeLibraries.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

namespace {
/// Collects the first error of LLVM's while it lives: without one to take them
/// LLVM ends the process.
class ContextErrors {
public:
  explicit ContextErrors(llvm::LLVMContext &context)
      : context(context), before(context.getDiagnosticHandler()) {
    context.setDiagnosticHandler(std::make_unique<Handler>(message));
  }
  ~ContextErrors() { context.setDiagnosticHandler(std::move(before)); }

  Error take() {
    return message.empty() ? Error::success() : createStringError(message);
  }

private:
  struct Handler : llvm::DiagnosticHandler {
    explicit Handler(std::string &message) : message(message) {}
    bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
      if (info.getSeverity() != llvm::DS_Error)
        return false;
      if (!message.empty())
        return true;
      llvm::raw_string_ostream stream(message);
      llvm::DiagnosticPrinterRawOStream printer(stream);
      info.print(printer);
      // The rest is the line in question.
      message = StringRef(message).split('\n').first.str();
      return true;
    }
    std::string &message;
  };
  llvm::LLVMContext &context;
  std::unique_ptr<llvm::DiagnosticHandler> before;
  std::string message;
};
} // namespace

Expected<std::unique_ptr<llvm::Module>>
glu::translate(ModuleOp module, llvm::LLVMContext &context,
               const llvm::TargetMachine &machine) {
  FirstError diagnostics(module.getContext());
  std::unique_ptr<llvm::Module> code =
      translateModuleToLLVMIR(module, context, "glu");
  if (!code)
    return diagnostics.take("expected a module in the LLVM dialect");
  code->setTargetTriple(machine.getTargetTriple());
  code->setDataLayout(machine.createDataLayout());
  return std::move(code);
}

Error glu::optimise(llvm::Module &code, llvm::TargetMachine &machine,
                    unsigned optLevel) {
  for (llvm::Function &function : code)
    if (!function.isDeclaration()) {
      function.addFnAttr("target-cpu", machine.getTargetCPU());
      function.addFnAttr("target-features", machine.getTargetFeatureString());
    }
  ContextErrors errors(code.getContext());
  runLLVMPasses(code, machine, optLevel);
  return errors.take();
}

std::string glu::printLLVMIR(const llvm::Module &code) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  code.print(stream, nullptr);
  return text;
}

Expected<std::string> glu::emitFile(llvm::Module &code,
                                    llvm::TargetMachine &machine,
                                    llvm::CodeGenFileType type) {
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager manager;
  if (machine.addPassesToEmitFile(manager, stream, nullptr, type))
    return createStringError("LLVM cannot emit such a file for this target");
  ContextErrors errors(code.getContext());
  manager.run(code);
  if (Error error = errors.take())
    return std::move(error);
  // Here the reason can be told; a linker would only name the symbol.
  if (type == llvm::CodeGenFileType::ObjectFile)
    if (auto libraries = findRuntimeLibraries(bytes.str()); !libraries)
      return libraries.takeError();
  return bytes.str().str();
}

Error glu::writeFile(StringRef path, StringRef bytes) {
  Error error =
      llvm::writeToOutput(path, [&](llvm::raw_ostream &stream) -> Error {
        stream << bytes;
        return Error::success();
      });
  if (error)
    return createStringError("cannot write '" + path +
                             "': " + llvm::toString(std::move(error)));
  return Error::success();
}
