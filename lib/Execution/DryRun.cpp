//===- DryRun.cpp - glu-dry-run: what depends on shapes only --------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace glu {
#define GEN_PASS_DEF_DRYRUN
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

static constexpr StringLiteral counterName = "glu_count_flops";

namespace {
struct DryRun : glu::impl::DryRunBase<DryRun> {
  using DryRunBase::DryRunBase;
  void runOnOperation() override;
};
} // namespace

/// The sums of products that `op` accumulates per point of its iteration space.
static int64_t countMultiplyAdds(linalg::LinalgOp op) {
  if (op.getNumReductionLoops() == 0)
    return 0;
  Block *body = op.getBlock();
  int64_t count = 0;
  auto isProduct = [](Value value) {
    while (auto *cast = value.getDefiningOp()) {
      if (!isa<CastOpInterface>(cast))
        return isa<arith::MulFOp, arith::MulIOp>(cast);
      value = cast->getOperand(0);
    }
    return false;
  };
  for (auto [sum, init] : llvm::zip(body->getTerminator()->getOperands(),
                                    op.getRegionOutputArgs())) {
    Operation *add = sum.getDefiningOp();
    if (!add || !isa<arith::AddFOp, arith::AddIOp>(add))
      continue;
    Value left = add->getOperand(0), right = add->getOperand(1);
    if ((left == init && isProduct(right)) ||
        (right == init && isProduct(left)))
      ++count;
  }
  return count;
}

/// Reports the arithmetic of `op` to the counter, before it.
static void reportFlops(linalg::LinalgOp op, int64_t multiplyAdds) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  Value flops = arith::ConstantIndexOp::create(builder, loc, 2 * multiplyAdds);
  for (const Range &range : op.createLoopRanges(builder, loc)) {
    Value size = getValueOrCreateConstantIndexOp(builder, loc, range.size);
    flops = arith::MulIOp::create(builder, loc, flops, size);
  }
  Value number =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), flops);
  func::CallOp::create(builder, loc, counterName, TypeRange(), number);
}

/// Asserts that the operands of `op` agree on the sizes of its loops.
/// Upstream's verification says nothing of operations without iterations.
static void checkSizes(linalg::LinalgOp op) {
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  SmallVector<Range> loops = op.createLoopRanges(builder, op.getLoc());
  SmallVector<bool> isKnown(loops.size(), false);
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
      auto loop = dyn_cast<AffineDimExpr>(expr);
      if (!loop)
        continue;
      // The loop has its size from the first dimension that it runs over.
      if (!std::exchange(isKnown[loop.getPosition()], true))
        continue;
      OpFoldResult size =
          linalg::createFoldedDimOp(builder, op.getLoc(), operand.get(), dim);
      OpFoldResult expected = loops[loop.getPosition()].size;
      if (isEqualConstantIntOrValue(size, expected))
        continue;
      Value equal = arith::CmpIOp::create(
          builder, arith::CmpIPredicate::eq,
          getValueOrCreateConstantIndexOp(builder, op.getLoc(), size),
          getValueOrCreateConstantIndexOp(builder, op.getLoc(), expected));
      std::string message;
      llvm::raw_string_ostream(message)
          << op->getName() << "\n^ dimension " << dim << " of operand "
          << operand.getOperandNumber()
          << " has another size than the operands before it say\nLocation: "
          << op.getLoc();
      cf::AssertOp::create(builder, equal, message);
    }
  }
}

/// Kernels that the program brings say nothing of sizes. Its functions do
/// nothing then, and nothing else is left.
static void emptyFunctions(ModuleOp module) {
  for (Operation &op : llvm::make_early_inc_range(*module.getBody())) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function || !function.isPublic() || function.isDeclaration()) {
      op.erase();
      continue;
    }
    auto type = FunctionType::get(module.getContext(),
                                  function.getArgumentTypes(), TypeRange());
    function.eraseBody();
    function.setFunctionType(type);
    function.removeResAttrsAttr();
    OpBuilder builder = OpBuilder::atBlockBegin(function.addEntryBlock());
    func::ReturnOp::create(builder, function.getLoc());
  }
}

void DryRun::runOnOperation() {
  ModuleOp module = getOperation();
  if (!module.getOps<gpu::GPUModuleOp>().empty())
    return emptyFunctions(module);
  SmallVector<linalg::LinalgOp> ops;
  module.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  bool counts = false;
  for (linalg::LinalgOp op : ops) {
    if (op.hasPureTensorSemantics())
      checkSizes(op);
    if (int64_t count = countFlops ? countMultiplyAdds(op) : 0) {
      reportFlops(op, count);
      counts = true;
    }
  }
  if (counts) {
    OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
    auto type = builder.getFunctionType(builder.getI64Type(), {});
    auto counter =
        func::FuncOp::create(builder, module.getLoc(), counterName, type);
    counter.setPrivate();
  }

  // Without results nothing needs the arithmetic that leads to them.
  SymbolTable symbols(module);
  for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
    if (!function.isPublic() || function.isDeclaration())
      continue;
    // Who calls it, itself perhaps, needs them: a copy is called from now on.
    if (!SymbolTable::symbolKnownUseEmpty(function, module)) {
      func::FuncOp copy = function.clone();
      copy.setPrivate();
      StringAttr name = symbols.insert(copy);
      if (failed(SymbolTable::replaceAllSymbolUses(function, name, module))) {
        function.emitError("has uses that are not known");
        return signalPassFailure();
      }
    }
    function.setFunctionType(FunctionType::get(
        &getContext(), function.getArgumentTypes(), TypeRange()));
    function.removeResAttrsAttr();
    function.walk([](func::ReturnOp op) { op->setOperands({}); });
  }
}
