//===- ParseModule.cpp - IR from text or bytecode -------------------------===//

#include "glu/Execution/ParseModule.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/AsmParser/AsmParserState.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Expected;

/// What the arguments of the functions of `module` are called in the text that
/// `state` is about.
static void findNames(ModuleOp module, const AsmParserState &state,
                      ArgumentNames &names) {
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    const AsmParserState::BlockDefinition *block =
        state.getBlockDef(&function.getBody().front());
    if (!block)
      continue;
    std::vector<std::string> &list = names[function.getName()];
    for (const AsmParserState::SMDefinition &argument : block->arguments) {
      StringRef text(argument.loc.Start.getPointer(),
                     argument.loc.End.getPointer() -
                         argument.loc.Start.getPointer());
      text.consume_front("%");
      list.push_back(text.str());
    }
  }
}

Expected<OwningOpRef<ModuleOp>>
glu::parseModule(std::unique_ptr<llvm::MemoryBuffer> buffer,
                 MLIRContext &context, ArgumentNames *names) {
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error &&
        message.empty()) {
      llvm::raw_string_ostream stream(message);
      if (auto loc = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
        stream << loc.getFilename().getValue() << ":" << loc.getLine() << ":"
               << loc.getColumn() << ": ";
      stream << diagnostic.str();
    }
    return success();
  });
  bool isText = !isBytecode(*buffer);
  std::string name = buffer->getBufferIdentifier().str();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  ParserConfig config(&context);
  OwningOpRef<ModuleOp> module;
  if (isText && names) {
    Block block;
    AsmParserState state;
    if (succeeded(parseAsmSourceFile(sources, &block, config, &state)))
      module = mlir::detail::constructContainerOpForParserIfNecessary<ModuleOp>(
          &block, &context, FileLineColLoc::get(&context, name, 0, 0));
    if (module)
      findNames(*module, state, *names);
  } else {
    module = parseSourceFile<ModuleOp>(sources, config);
  }
  if (!module)
    return createStringError(
        message.empty() ? "'" + name + "' is not an MLIR module" : message);
  return std::move(module);
}

Expected<OwningOpRef<ModuleOp>>
glu::parseModule(StringRef path, MLIRContext &context, ArgumentNames *names) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  return parseModule(std::move(*buffer), context, names);
}
