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
  void layOutShared(gpu::GPUModuleOp kernels);
  void createSites(Location loc, StringRef name, ArrayRef<std::string> sites);
  void createDescriptor(LLVM::LLVMFuncOp kernel, StringRef name,
                        StringRef sites);

  ModuleOp host;
  IRRewriter rewriter;
  LLVM::LLVMPointerType pointer;
  /// Of the module at hand: what is where in shared memory, and how much of it.
  llvm::StringMap<int64_t> shared;
  int64_t sharedBytes = 0;
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
    // By value, what the kernel sees is an address all the same.
    StringRef byValueName = LLVM::LLVMDialect::getByValAttrName();
    bool isByValue = bool(kernel.getArgAttr(i, byValueName));
    arguments.push_back(
        isByValue ? address
                  : LLVM::LoadOp::create(rewriter, loc, type, address));
  }
  kernel.removeArgAttrsAttr();
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

static Value createConstantInt(RewriterBase &rewriter, Location loc, Type type,
                               int64_t value) {
  return LLVM::ConstantOp::create(rewriter, loc, type,
                                  rewriter.getIntegerAttr(type, value));
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
                                      StringRef sites) {
  Location loc = kernel.getLoc();
  LLVM::LLVMFuncOp entry = createEntry(kernel);
  Type i32 = rewriter.getI32Type(), i64 = rewriter.getI64Type();
  auto type = LLVM::LLVMStructType::getLiteral(
      rewriter.getContext(),
      {pointer, pointer, i64, pointer, i32, i32, i32, i32});
  SmallVector<int32_t> cluster = {1, 1, 1};
  if (auto given = kernel->getAttrOfType<DenseI32ArrayAttr>(
          NVVM::NVVMDialect::getClusterDimAttrName()))
    llvm::copy(given.asArrayRef().take_front(3), cluster.begin());
  int64_t registers = 0;
  if (auto given = kernel->getAttrOfType<IntegerAttr>(
          NVVM::NVVMDialect::getMaxnregAttrName()))
    registers = given.getInt();
  for (NamedAttribute attribute :
       llvm::to_vector(kernel->getDiscardableAttrs()))
    kernel->removeDiscardableAttr(attribute.getName());
  std::string symbol = (kernel.getName() + ".descriptor").str();
  createConstant(rewriter, loc, host, symbol, type, [&](Value value) {
    Value fields[] = {createString(loc, symbol + ".name", name),
                      LLVM::AddressOfOp::create(rewriter, loc, entry),
                      createConstantInt(rewriter, loc, i64, sharedBytes),
                      LLVM::AddressOfOp::create(rewriter, loc, pointer, sites),
                      createConstantInt(rewriter, loc, i32, cluster[0]),
                      createConstantInt(rewriter, loc, i32, cluster[1]),
                      createConstantInt(rewriter, loc, i32, cluster[2]),
                      createConstantInt(rewriter, loc, i32, registers)};
    for (auto [i, field] : llvm::enumerate(fields))
      value =
          LLVM::InsertValueOp::create(rewriter, loc, value, field, int64_t(i));
    return value;
  });
}

/// For all kernels of the module.
void KernelEmulator::layOutShared(gpu::GPUModuleOp kernels) {
  shared.clear();
  sharedBytes = 0;
  DataLayout layout(kernels);
  SmallVector<LLVM::GlobalOp> dynamic;
  for (auto global : kernels.getBody()->getOps<LLVM::GlobalOp>()) {
    if (global.getAddrSpace() != 3)
      continue;
    int64_t bytes = layout.getTypeSize(global.getType()).getFixedValue();
    if (bytes == 0) {
      dynamic.push_back(global);
      continue;
    }
    sharedBytes = llvm::alignTo(
        sharedBytes, std::max<int64_t>(128, global.getAlignment().value_or(0)));
    shared[global.getSymName()] = sharedBytes;
    sharedBytes += bytes;
  }
  // What a launch asks for lies behind the rest, aligned as it says and no
  // better.
  int64_t alignment = 16;
  for (LLVM::GlobalOp global : dynamic)
    alignment = std::max<int64_t>(alignment, global.getAlignment().value_or(0));
  if (!dynamic.empty()) {
    sharedBytes = llvm::alignTo(sharedBytes, alignment);
    if (sharedBytes % (2 * alignment) == 0 && alignment < 1024)
      sharedBytes += alignment;
  }
  for (LLVM::GlobalOp global : dynamic)
    shared[global.getSymName()] = sharedBytes;
}

LogicalResult KernelEmulator::moveToHost(gpu::GPUModuleOp kernels) {
  layOutShared(kernels);
  llvm::StringMap<std::string> newNames;
  for (Operation &op : *kernels.getBody()) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol)
      return op.emitError("the emulator does not know '")
             << op.getName() << "'";
    if (!shared.contains(symbol.getName()))
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
    if (failed(instructions.rewrite(function, shared)))
      return failure();
  }
  createSites(kernels.getLoc(), sites, instructions.sites);
  for (auto &[function, name] : launched)
    createDescriptor(function, name, sites);
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
                                 builder.createInt(loc, 64, 1),
                                 /*alignment=*/64);
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

/// What host code still refers to: declarations of the kernels.
static void reduceToDeclarations(gpu::GPUModuleOp kernels) {
  SmallVector<Operation *> others;
  for (Operation &op : *kernels.getBody()) {
    auto function = dyn_cast<LLVM::LLVMFuncOp>(op);
    if (function && !function.isExternal())
      function.eraseBody();
    if (!op.hasAttr(gpu::GPUDialect::getKernelFuncAttrName()))
      others.push_back(&op);
  }
  for (Operation *op : others)
    op->erase();
}

/// Whether the host's code is lowered so far.
static bool canReplace(gpu::LaunchFuncOp launch) {
  return launch->getParentOfType<LLVM::LLVMFuncOp>() &&
         llvm::all_of(launch.getKernelOperands().getTypes(),
                      LLVM::isCompatibleType);
}

static bool hasCode(gpu::GPUModuleOp kernels) {
  return llvm::any_of(kernels.getBody()->getOps<LLVM::LLVMFuncOp>(),
                      [](auto function) { return !function.isExternal(); });
}

namespace {
struct EmulateKernels : glu::impl::EmulateKernelsBase<EmulateKernels> {
  void runOnOperation() override {
    KernelEmulator emulator(getOperation());
    SmallVector<gpu::GPUModuleOp> modules(
        getOperation().getOps<gpu::GPUModuleOp>());
    for (gpu::GPUModuleOp kernels : modules) {
      if (!hasCode(kernels))
        continue;
      if (failed(emulator.moveToHost(kernels)))
        return signalPassFailure();
      reduceToDeclarations(kernels);
    }
    SmallVector<gpu::LaunchFuncOp> launches;
    getOperation().walk(
        [&](gpu::LaunchFuncOp launch) { launches.push_back(launch); });
    if (!llvm::all_of(launches, canReplace))
      return;
    for (gpu::LaunchFuncOp launch : launches)
      emulator.replaceLaunch(launch);
    for (gpu::GPUModuleOp kernels : modules)
      kernels.erase();
    getOperation()->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  }
};
} // namespace
