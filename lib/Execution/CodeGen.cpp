//===- CodeGen.cpp - LLVM's code generator for a chip ---------------------===//

#include "CodeGen.h"

#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

#include <algorithm>

using namespace glu;
using llvm::createStringError;
using llvm::orc::JITTargetMachineBuilder;

llvm::CodeGenOptLevel glu::getCodeGenLevel(unsigned optLevel) {
  return llvm::CodeGenOpt::getLevel(std::min(optLevel, 3u))
      .value_or(llvm::CodeGenOptLevel::Aggressive);
}

llvm::Expected<Target> glu::lookupTargetOrError(llvm::StringRef cpu) {
  if (std::optional<Target> target = lookupTarget({cpu.data(), cpu.size()}))
    return *target;
  return createStringError("unknown target '" + cpu +
                           "'; known are: " + getTargetNames());
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
glu::createTargetMachine(const Target &target, unsigned optLevel,
                         CodePlace place) {
  static bool initialized = [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    return true;
  }();
  (void)initialized;

  auto builder = JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  if (target.name != "host") {
    bool generic = target.name == "generic-aarch64";
    builder->setCPU(generic ? "generic" : target.name);
    builder->getFeatures() = llvm::SubtargetFeatures();
  }
  if (place == CodePlace::File) {
    bool isArm = target.arch == TargetArch::AArch64;
    builder->getTargetTriple() = llvm::Triple(
        isArm ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu");
    builder->setRelocationModel(llvm::Reloc::PIC_);
    builder->setCodeModel(llvm::CodeModel::Small);
  }
  builder->setCodeGenOptLevel(getCodeGenLevel(optLevel));
  return builder->createTargetMachine();
}

void glu::runLLVMPasses(llvm::Module &code, llvm::TargetMachine &machine,
                        unsigned optLevel) {
  const llvm::OptimizationLevel levels[] = {
      llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1,
      llvm::OptimizationLevel::O2, llvm::OptimizationLevel::O3};
  llvm::PipelineTuningOptions tuning;
  // Kernels are vectors already. It looks for more in the unrolled panels,
  // finds none, and takes nearly all of the time that compiling takes.
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(levels[std::min(optLevel, 3u)])
      .run(code, modules);
}
