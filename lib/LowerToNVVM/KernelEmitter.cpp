//===- KernelEmitter.cpp - What kernels are written with ------------------===//

#include "KernelEmitter.h"

using namespace mlir;
using namespace glu;

Value KernelEmitter::loadOrZero(const MappedValue &operand,
                                const LoopGroup &group, Value point,
                                Value sum) {
  Type type = getElementTypeOrSelf(operand.value);
  Value inside = arith::AndIOp::create(b, loc, isBelow(point, group.size),
                                       isBelow(sum, kernel.sums.size));
  auto load = scf::IfOp::create(b, loc, type, inside, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(load.thenBlock());
  SmallVector<Value> loops = position.loops;
  setLoops(b, loc, kernel, group, point, loops);
  setLoops(b, loc, kernel, kernel.sums, sum, loops);
  scf::YieldOp::create(b, loc, loadElement(b, loc, operand, loops));
  b.setInsertionPointToStart(load.elseBlock());
  scf::YieldOp::create(b, loc, zero(type));
  return load.getResult(0);
}

SmallVector<Value> KernelEmitter::getLoops(Value row, Value column) {
  SmallVector<Value> loops = position.loops;
  setLoops(b, loc, kernel, kernel.rows, row, loops);
  setLoops(b, loc, kernel, kernel.columns, column, loops);
  return loops;
}

Value KernelEmitter::isInside(Value row, Value column) {
  return arith::AndIOp::create(b, loc, isBelow(row, kernel.rows.size),
                               isBelow(column, kernel.columns.size));
}

scf::IfOp KernelEmitter::atElement(Value row, Value column, TypeRange types,
                                   function_ref<void(ArrayRef<Value>)> body) {
  auto branch = scf::IfOp::create(b, loc, types, isInside(row, column),
                                  /*withElseRegion=*/!types.empty());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body(getLoops(row, column));
  return branch;
}

Value KernelEmitter::createFirstSum(unsigned product, Value row, Value column) {
  Type type = kernel.products[product].type;
  if (!kernel.startsFromDestination)
    return zero(type);
  auto branch = atElement(row, column, type, [&](ArrayRef<Value> loops) {
    scf::YieldOp::create(b, loc, loadDestination(b, loc, kernel, loops));
  });
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, loc, zero(type));
  return branch.getResult(0);
}

void KernelEmitter::storeElement(Value row, Value column, ValueRange sums) {
  atElement(row, column, {}, [&](ArrayRef<Value> loops) {
    auto load = [&](const MappedValue &operand) {
      return loadElement(b, loc, operand, loops);
    };
    for (auto [i, value] :
         llvm::enumerate(createGating(b, loc, kernel, sums, load)))
      glu::storeElement(b, loc, value, getDestination(kernel, i), loops);
  });
}
