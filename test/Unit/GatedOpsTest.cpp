//===- GatedOpsTest.cpp - Builders and interfaces of gated operations -----===//
//
// What no transformation of upstream's that text can name reaches: building by
// name, tiles by operands, the scalar form.
//
//===----------------------------------------------------------------------===//

#include "glu/IR/ExternalModels.h"
#include "glu/IR/GLU.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace glu;

namespace {

class GatedOps : public testing::Test {
protected:
  GatedOps() : builder(&context) {
    DialectRegistry registry;
    registry.insert<func::FuncDialect, GLUDialect>();
    registerGLUExternalModels(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  /// A new function with arguments of the types; the builder stands in it.
  Block *makeFunction(TypeRange types) {
    module = ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToEnd(module->getBody());
    auto function = func::FuncOp::create(builder, builder.getUnknownLoc(), "f",
                                         builder.getFunctionType(types, {}));
    Block *block = function.addEntryBlock();
    builder.setInsertionPointToEnd(block);
    func::ReturnOp::create(builder, builder.getUnknownLoc());
    builder.setInsertionPointToStart(block);
    return block;
  }

  std::string print(Operation *op, OpPrintingFlags flags = {}) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    op->print(stream, flags);
    return text;
  }

  /// Verifies the module, and that it is its own text in both forms.
  void expectRoundTrip() {
    ASSERT_TRUE(succeeded(verify(*module)));
    std::string text = print(*module);
    for (bool generic : {false, true}) {
      OpPrintingFlags flags;
      flags.printGenericOpForm(generic);
      auto parsed =
          parseSourceString<ModuleOp>(print(*module, flags), &context);
      ASSERT_TRUE(parsed);
      EXPECT_EQ(print(*parsed), text);
    }
  }

  SmallVector<OpFoldResult> getIndices(ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(&context, values);
  }

  MLIRContext context;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
};

TEST_F(GatedOps, BuildsEveryNamedFunction) {
  for (Type type : {Type(builder.getF32Type()), Type(builder.getF64Type()),
                    Type(builder.getF16Type()), Type(builder.getBF16Type())})
    for (const GatingFunction &function : getGatingFunctions()) {
      SCOPED_TRACE(function.name.str());
      NamedGating gating = NamedGating::get(function.name);
      auto x = RankedTensorType::get({8, 32}, type);
      auto w = RankedTensorType::get({32, 16}, type);
      auto y = RankedTensorType::get({8, 16}, type);
      Block *block = makeFunction({x, w, w, y});
      ValueRange args = block->getArguments();
      Location loc = builder.getUnknownLoc();
      auto projection = GatedProjectionOp::create(
          builder, loc, ValueRange{args[0], args[1]},
          ValueRange{args[0], args[2]}, ValueRange{args[3]}, gating);
      auto gate =
          GateOp::create(builder, loc, ValueRange{args[3]}, ValueRange{args[3]},
                         ValueRange{args[3]}, gating);
      expectRoundTrip();
      std::string name = (" " + function.name + " gate(").str();
      for (Operation *op : {projection.getOperation(), gate.getOperation()})
        EXPECT_NE(print(op).find(name), std::string::npos) << print(op);
    }
}

TEST_F(GatedOps, BuildsParametersMapsAndAccumulators) {
  NamedGating gating = NamedGating::get("swiglu_oai");
  gating.parameters = {1.5, 7.0};
  auto x = RankedTensorType::get({8, 32}, builder.getBF16Type());
  auto w = RankedTensorType::get({16, 32}, builder.getBF16Type());
  auto y = RankedTensorType::get({8, 16}, builder.getBF16Type());
  ValueRange args = makeFunction({x, w, y})->getArguments();
  AffineExpr m, n, k;
  bindDims(&context, m, n, k);
  AffineMap input = AffineMap::get(3, 0, {m, k}, &context);
  AffineMap weight = AffineMap::get(3, 0, {n, k}, &context);
  AffineMap out = AffineMap::get(3, 0, {m, n}, &context);
  auto op = GatedProjectionOp::create(
      builder, builder.getUnknownLoc(), ValueRange{args[0], args[1]},
      ValueRange{args[0], args[1]}, ValueRange{args[2]}, gating,
      ArrayRef({input, weight, input, weight, out}), builder.getF64Type());
  expectRoundTrip();
  EXPECT_NE(print(op).find(" swiglu_oai<alpha = 1.500000e+00> in f64 gate("),
            std::string::npos)
      << print(op);
}

TEST_F(GatedOps, BuildsRegionsOnMemRefs) {
  auto type = MemRefType::get({8}, builder.getF32Type());
  ValueRange args =
      makeFunction({type, type, builder.getF32Type()})->getArguments();
  AffineMap identity = builder.getMultiDimIdentityMap(1);
  auto op = GateOp::create(
      builder, builder.getUnknownLoc(), ValueRange{args[0]},
      ValueRange{args[0]}, ValueRange{args[2]}, ValueRange{args[1], args[1]},
      ArrayRef({identity, identity, AffineMap::get(1, 0, &context), identity,
                identity}),
      [](OpBuilder &, Location, ValueRange operands) -> SmallVector<Value> {
        return {operands[2], operands[0]};
      });
  expectRoundTrip();
  EXPECT_EQ(op->getNumResults(), 0u);
}

TEST_F(GatedOps, TilesByTheTilesOfOperands) {
  auto x = RankedTensorType::get({8, 32}, builder.getF32Type());
  auto w = RankedTensorType::get({32, 16}, builder.getF32Type());
  auto y = RankedTensorType::get({8, 16}, builder.getF32Type());
  ValueRange args = makeFunction({x, w, y})->getArguments();
  auto op = cast<TilingInterface>(
      GatedProjectionOp::create(
          builder, builder.getUnknownLoc(), ValueRange{args[0], args[1]},
          ValueRange{args[2]}, ValueRange{args[2]}, NamedGating::get("silu"))
          .getOperation());

  // Rows 2 to 5 of the input and of the value agree ...
  SmallVector<SmallVector<OpFoldResult>> offsets = {getIndices({2, 0}),
                                                    getIndices({2, 0})};
  SmallVector<SmallVector<OpFoldResult>> sizes = {getIndices({4, 32}),
                                                  getIndices({4, 16})};
  FailureOr<TilingResult> tile = op.getTiledImplementationFromOperandTiles(
      builder, {0, 2}, offsets, sizes);
  ASSERT_TRUE(succeeded(tile));
  EXPECT_EQ(tile->tiledValues[0].getType(),
            RankedTensorType::get({4, 16}, builder.getF32Type()));
  EXPECT_TRUE(succeeded(verify(*module)));

  // ... others do not, nor is half of a sum of use.
  offsets[1] = getIndices({3, 0});
  EXPECT_FALSE(op.isOpFusableWithProducerSlices({0, 2}, offsets, sizes));
  EXPECT_TRUE(failed(op.getTiledImplementationFromOperandTiles(
      builder, {0, 2}, offsets, sizes)));
  std::string message;
  ScopedDiagnosticHandler handler(
      &context, [&](Diagnostic &diagnostic) { message += diagnostic.str(); });
  EXPECT_TRUE(failed(op.getTiledImplementationFromOperandTiles(
      builder, {0}, {getIndices({2, 0})}, {getIndices({4, 16})})));
  EXPECT_NE(message.find("cannot be tiled along d2"), std::string::npos)
      << message;
}

TEST_F(GatedOps, HasAScalarFormIfItIsElementwise) {
  auto type = MemRefType::get({8}, builder.getF32Type());
  Block *block = makeFunction({type, type, builder.getIndexType()});
  ValueRange args = block->getArguments();
  Location loc = builder.getUnknownLoc();
  auto gate =
      GateOp::create(builder, loc, ValueRange{args[0]}, ValueRange{args[0]},
                     ValueRange{args[1]}, NamedGating::get("identity"));
  ASSERT_TRUE(
      succeeded(cast<TilingInterface>(gate.getOperation())
                    .generateScalarImplementation(builder, loc, {args[2]})));
  EXPECT_TRUE(succeeded(verify(*module)));
  auto stores = llvm::to_vector(block->getOps<memref::StoreOp>());
  ASSERT_EQ(stores.size(), 1u);
  EXPECT_EQ(stores[0].getMemRef(), args[1]);
  Operation *product = stores[0].getValueToStore().getDefiningOp();
  ASSERT_TRUE(isa<arith::MulFOp>(product));
  EXPECT_TRUE(isa<memref::LoadOp>(product->getOperand(0).getDefiningOp()));
}

} // namespace
