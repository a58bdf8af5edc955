//===- HugePages.cpp - glu-huge-pages: large buffers in pages of 2 MB -----===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/Support/MathExtras.h"

namespace glu {
#define GEN_PASS_DEF_HUGEPAGES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

static constexpr StringLiteral advise = "madvise";

namespace {
/// Where whole pages are most of a buffer, as NumPy and glibc do.
constexpr int64_t minBytes = int64_t(4) << 20;
/// The kernel wants addresses on a boundary; those of large buffers are just
/// behind one.
constexpr int64_t pageBytes = 4096;
/// MADV_HUGEPAGE, the same on every chip that Linux runs on but Alpha.
constexpr int32_t hugePages = 14;

struct HugePages : glu::impl::HugePagesBase<HugePages> {
  void runOnOperation() override;
};
} // namespace

/// Nothing if the size is not known or the buffer lies elsewhere.
static std::optional<int64_t> getBytes(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  int64_t bytes = 1;
  if (!type.hasStaticShape() || type.getMemorySpace() ||
      !type.getLayout().isIdentity() || !type.getElementType().isIntOrFloat())
    return std::nullopt;
  for (int64_t size : type.getShape())
    if (llvm::MulOverflow(bytes, size, bytes))
      return std::nullopt;
  if (llvm::MulOverflow<int64_t>(
          bytes, llvm::divideCeil(type.getElementTypeBitWidth(), 8), bytes))
    return std::nullopt;
  return bytes;
}

void HugePages::runOnOperation() {
  ModuleOp module = getOperation();
  OpBuilder builder(&getContext());
  Type word = builder.getI64Type(), number = builder.getI32Type();
  auto type = builder.getFunctionType({word, word, number}, number);
  Operation *known = SymbolTable::lookupSymbolIn(module, advise);
  auto function = dyn_cast_or_null<func::FuncOp>(known);
  if (known && !(function && function.isExternal() &&
                 function.getFunctionType() == type))
    return; // The name is taken.

  module.walk([&](memref::AllocOp alloc) {
    std::optional<int64_t> bytes = getBytes(alloc);
    if (!bytes || *bytes < minBytes)
      return;
    if (!function) {
      builder.setInsertionPointToStart(module.getBody());
      function = func::FuncOp::create(builder, module.getLoc(), advise, type);
      function.setPrivate();
    }
    Location loc = alloc.getLoc();
    builder.setInsertionPointAfter(alloc);
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantIntOp::create(builder, loc, word, value);
    };
    Value address = memref::ExtractAlignedPointerAsIndexOp::create(
        builder, loc, alloc.getMemref());
    address = arith::IndexCastOp::create(builder, loc, word, address);
    address =
        arith::AndIOp::create(builder, loc, address, constant(-pageBytes));
    Value advice =
        arith::ConstantIntOp::create(builder, loc, number, hugePages);
    func::CallOp::create(builder, loc, function,
                         {address, constant(*bytes), advice});
  });
}
