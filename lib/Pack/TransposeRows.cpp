//===- TransposeRows.cpp - Transpositions in registers --------------------===//

#include "TransposeRows.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace glu;

/// Bit by bit, the words at whose row the bit is not set and at whose column it
/// is change places with their mirror images: each shuffle is one instruction
/// with a mask, on every chip.
static void transposeWords(OpBuilder &builder, Location loc,
                           MutableArrayRef<Value> rows) {
  int64_t count = rows.size();
  for (int64_t bit = 1; bit < count; bit *= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t lane = 0; lane < count; ++lane) {
      low.push_back(lane & bit ? count + lane - bit : lane);
      high.push_back(lane & bit ? count + lane : lane + bit);
    }
    for (int64_t row = 0; row < count; ++row) {
      if (row & bit)
        continue;
      Value upper = rows[row], lower = rows[row | bit];
      rows[row] = vector::ShuffleOp::create(builder, loc, upper, lower, low);
      rows[row | bit] =
          vector::ShuffleOp::create(builder, loc, upper, lower, high);
    }
  }
}

void glu::transposeRows(OpBuilder &builder, Location loc, int64_t group,
                        MutableArrayRef<Value> rows) {
  auto type = cast<VectorType>(rows.front().getType());
  // Words are integers: a group of bf16 is no element of a vector.
  auto words = VectorType::get(
      int64_t(rows.size()),
      builder.getIntegerType(group * type.getElementTypeBitWidth()));
  bool same = group == 1 && type.getElementTypeBitWidth() >= 32;
  auto cast = [&](Type to) {
    if (!same)
      for (Value &row : rows)
        row = vector::BitCastOp::create(builder, loc, to, row);
  };
  cast(words);
  transposeWords(builder, loc, rows);
  cast(type);
}

Value glu::interleaveRows(OpBuilder &builder, Location loc,
                          ArrayRef<Value> rows) {
  if (rows.size() == 1)
    return rows.front();
  SmallVector<Value> even, odd;
  for (size_t i = 0; i < rows.size(); i += 2) {
    even.push_back(rows[i]);
    odd.push_back(rows[i + 1]);
  }
  return vector::InterleaveOp::create(builder, loc,
                                      interleaveRows(builder, loc, even),
                                      interleaveRows(builder, loc, odd));
}
