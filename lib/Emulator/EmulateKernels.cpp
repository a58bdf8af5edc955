//===- EmulateKernels.cpp - glu-emulate-kernels ---------------------------===//

#include "EmulateInstructions.h"

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace glu {
#define GEN_PASS_DEF_EMULATEKERNELS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
class KernelEmulator {
public:
  explicit KernelEmulator(ModuleOp host)
      : host(host), rewriter(host.getContext()),
        pointer(LLVM::LLVMPointerType::get(host.getContext())) {}

  LogicalResult moveToHost(gpu::GPUModuleOp kernels);
  void replaceLaunch(gpu::LaunchFuncOp launch);

private:
  std::string getHostName(StringRef module, StringRef name) {
    return (module + "." + name).str();
  }
  Value createString(Location loc, StringRef name, StringRef text);
  LLVM::LLVMFuncOp createEntry(LLVM::LLVMFuncOp kernel);
  void createSites(Location loc, StringRef name, ArrayRef<std::string> sites);
  void createDescriptor(LLVM::LLVMFuncOp kernel, StringRef name,
                        int64_t sharedBytes, StringRef sites);

  ModuleOp host;
  IRRewriter rewriter;
  LLVM::LLVMPointerType pointer;
};
} // namespace

/// A constant of the host, and its address at the insertion point.
Value KernelEmulator::createString(Location loc, StringRef name,
                                   StringRef text) {
  auto global = host.lookupSymbol<LLVM::GlobalOp>(name);
  if (!global) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(host.getBody());
    std::string zeroTerminated = (text + StringRef("\0", 1)).str();
    global = LLVM::GlobalOp::create(
        rewriter, loc,
        LLVM::LLVMArrayType::get(rewriter.getI8Type(), zeroTerminated.size()),
        /*isConstant=*/true, LLVM::Linkage::Internal, name,
        rewriter.getStringAttr(zeroTerminated));
  }
  return LLVM::AddressOfOp::create(rewriter, loc, global);
}

/// A function that calls `kernel` with the arguments that pointers point at.
LLVM::LLVMFuncOp KernelEmulator::createEntry(LLVM::LLVMFuncOp kernel) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointAfter(kernel);
  Location loc = kernel.getLoc();
  auto voidType = LLVM::LLVMVoidType::get(rewriter.getContext());
  auto entry = LLVM::LLVMFuncOp::create(
      rewriter, loc, (kernel.getName() + ".entry").str(),
      LLVM::LLVMFunctionType::get(voidType, {pointer}),
      LLVM::Linkage::Internal);
  rewriter.setInsertionPointToStart(entry.addEntryBlock(rewriter));
  SmallVector<Value> arguments;
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes())) {
    Value place = LLVM::GEPOp::create(rewriter, loc, pointer, pointer,
                                      entry.getArgument(0),
                                      ArrayRef<LLVM::GEPArg>{int32_t(i)});
    Value address = LLVM::LoadOp::create(rewriter, loc, pointer, place);
    arguments.push_back(LLVM::LoadOp::create(rewriter, loc, type, address));
  }
  LLVM::CallOp::create(rewriter, loc, kernel, arguments);
  LLVM::ReturnOp::create(rewriter, loc, ValueRange());
  return entry;
}

/// A constant structure or array of pointers, made by `build`.
static void createConstant(RewriterBase &rewriter, Location loc, ModuleOp host,
                           StringRef name, Type type,
                           function_ref<Value(Value)> build) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToEnd(host.getBody());
  auto global =
      LLVM::GlobalOp::create(rewriter, loc, type, /*isConstant=*/true,
                             LLVM::Linkage::Internal, name, Attribute());
  rewriter.createBlock(&global.getInitializerRegion());
  Value value = build(LLVM::UndefOp::create(rewriter, loc, type));
  LLVM::ReturnOp::create(rewriter, loc, value);
}

void KernelEmulator::createSites(Location loc, StringRef name,
                                 ArrayRef<std::string> sites) {
  auto type = LLVM::LLVMArrayType::get(pointer, sites.size() + 1);
  createConstant(rewriter, loc, host, name, type, [&](Value value) {
    for (size_t i = 0; i <= sites.size(); ++i) {
      StringRef text = i < sites.size() ? StringRef(sites[i]) : "";
      Value string = createString(loc, (name + "." + Twine(i)).str(), text);
      value =
          LLVM::InsertValueOp::create(rewriter, loc, value, string, int64_t(i));
    }
    return value;
  });
}

/// An EmulatedKernel.
void KernelEmulator::createDescriptor(LLVM::LLVMFuncOp kernel, StringRef name,
                                      int64_t sharedBytes, StringRef sites) {
  Location loc = kernel.getLoc();
  LLVM::LLVMFuncOp entry = createEntry(kernel);
  auto type = LLVM::LLVMStructType::getLiteral(
      rewriter.getContext(),
      {pointer, pointer, rewriter.getI64Type(), pointer});
  std::string symbol = (kernel.getName() + ".descriptor").str();
  createConstant(rewriter, loc, host, symbol, type, [&](Value value) {
    Value fields[] = {
        createString(loc, symbol + ".name", name),
        LLVM::AddressOfOp::create(rewriter, loc, entry),
        LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64Type(),
                                 rewriter.getI64IntegerAttr(sharedBytes)),
        LLVM::AddressOfOp::create(rewriter, loc, pointer, sites)};
    for (auto [i, field] : llvm::enumerate(fields))
      value =
          LLVM::InsertValueOp::create(rewriter, loc, value, field, int64_t(i));
    return value;
  });
}

LogicalResult KernelEmulator::moveToHost(gpu::GPUModuleOp kernels) {
  // Shared memory is laid out here, for all kernels of the module.
  llvm::StringMap<int64_t> shared;
  int64_t sharedBytes = 0;
  DataLayout layout(kernels);
  llvm::StringMap<std::string> newNames;
  for (Operation &op : *kernels.getBody()) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol)
      return op.emitError("the emulator does not know '")
             << op.getName() << "'";
    auto global = dyn_cast<LLVM::GlobalOp>(op);
    if (global && global.getAddrSpace() == 3) {
      constexpr int64_t alignment = 128;
      shared[symbol.getName()] = sharedBytes;
      sharedBytes += layout.getTypeSize(global.getType()).getFixedValue();
      sharedBytes = llvm::alignTo(sharedBytes, alignment);
      continue;
    }
    newNames[symbol.getName()] =
        getHostName(kernels.getName(), symbol.getName());
  }

  InstructionEmulator instructions(host, rewriter);
  std::string sites = getHostName(kernels.getName(), "sites");
  SmallVector<std::pair<LLVM::LLVMFuncOp, std::string>> launched;
  for (Operation &op : *kernels.getBody()) {
    std::string name = cast<SymbolOpInterface>(op).getName().str();
    if (shared.contains(name))
      continue;
    rewriter.setInsertionPointToEnd(host.getBody());
    Operation *clone = rewriter.clone(op);
    SymbolTable::setSymbolName(clone, newNames[name]);
    clone->walk([&](Operation *nested) {
      for (StringRef attribute : {"callee", "global_name"})
        if (auto reference =
                nested->getAttrOfType<FlatSymbolRefAttr>(attribute))
          if (auto found = newNames.find(reference.getValue());
              found != newNames.end())
            nested->setAttr(
                attribute,
                FlatSymbolRefAttr::get(rewriter.getContext(), found->second));
    });
    auto function = dyn_cast<LLVM::LLVMFuncOp>(clone);
    if (!function || function.isExternal())
      continue;
    function.setLinkage(LLVM::Linkage::Internal);
    if (function->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()))
      launched.push_back({function, name});
    for (NamedAttribute attribute :
         llvm::to_vector(function->getDiscardableAttrs()))
      function->removeDiscardableAttr(attribute.getName());
    if (failed(instructions.rewrite(function, shared)))
      return failure();
  }
  createSites(kernels.getLoc(), sites, instructions.sites);
  for (auto &[function, name] : launched)
    createDescriptor(function, name, sharedBytes, sites);
  return success();
}

void KernelEmulator::replaceLaunch(gpu::LaunchFuncOp launch) {
  Location loc = launch.getLoc();
  rewriter.setInsertionPoint(launch);
  InstructionEmulator builder(host, rewriter);
  auto function = launch->getParentOfType<LLVM::LLVMFuncOp>();
  Value count, parameters;
  {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(&function.getBody().front());
    count = builder.createInt(loc, 64, launch.getNumKernelOperands());
    parameters = LLVM::AllocaOp::create(rewriter, loc, pointer, pointer, count);
  }
  for (auto [i, operand] : llvm::enumerate(launch.getKernelOperands())) {
    Value storage;
    {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(&function.getBody().front());
      storage =
          LLVM::AllocaOp::create(rewriter, loc, pointer, operand.getType(),
                                 builder.createInt(loc, 64, 1));
    }
    LLVM::StoreOp::create(rewriter, loc, operand, storage);
    Value place =
        LLVM::GEPOp::create(rewriter, loc, pointer, pointer, parameters,
                            ArrayRef<LLVM::GEPArg>{int32_t(i)});
    LLVM::StoreOp::create(rewriter, loc, storage, place);
  }
  std::string descriptor = getHostName(launch.getKernelModuleName().getValue(),
                                       launch.getKernelName().getValue()) +
                           ".descriptor";
  Value handle = LLVM::AddressOfOp::create(rewriter, loc, pointer, descriptor);
  Value none = LLVM::ZeroOp::create(rewriter, loc, pointer);
  Value shared = launch.getDynamicSharedMemorySize();
  Value stream = launch.getAsyncObject();
  builder.call(loc, "mgpuLaunchKernel", {},
               {handle, launch.getGridSizeX(), launch.getGridSizeY(),
                launch.getGridSizeZ(), launch.getBlockSizeX(),
                launch.getBlockSizeY(), launch.getBlockSizeZ(),
                shared ? shared : builder.createInt(loc, 32, 0),
                stream ? stream : none, parameters, none, count});
  rewriter.eraseOp(launch);
}

namespace {
struct EmulateKernels : glu::impl::EmulateKernelsBase<EmulateKernels> {
  void runOnOperation() override {
    KernelEmulator emulator(getOperation());
    SmallVector<gpu::GPUModuleOp> modules(
        getOperation().getOps<gpu::GPUModuleOp>());
    for (gpu::GPUModuleOp kernels : modules)
      if (failed(emulator.moveToHost(kernels)))
        return signalPassFailure();
    SmallVector<gpu::LaunchFuncOp> launches;
    getOperation().walk(
        [&](gpu::LaunchFuncOp launch) { launches.push_back(launch); });
    for (gpu::LaunchFuncOp launch : launches)
      emulator.replaceLaunch(launch);
    for (gpu::GPUModuleOp kernels : modules)
      kernels.erase();
    getOperation()->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  }
};
} // namespace
