//===- GatedUnit.h - Whether a function gates -------------------*- C++ -*-===//
//
// The decision whether a composed function is a gated unit, and which leaf is
// the gate and which the value.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RAISE_GATEDUNIT_H
#define GLU_RAISE_GATEDUNIT_H

#include "mlir/IR/Block.h"

#include <optional>

namespace glu {

/// Whether the values `results` of `body` mix the arguments a and b: they are
/// multiplied, compared or otherwise combined. A function of a sum a(g) + b(v)
/// does not mix them.
bool mixes(mlir::Block &body, mlir::ValueRange results, unsigned a, unsigned b);

/// Of the arguments a and b of `body`, first the gate: the branch under the
/// stronger non-linearity (a sigmoid before a tanh before a clamp before a
/// linear function).
std::pair<unsigned, unsigned> orderBranches(mlir::Block &body, unsigned a,
                                            unsigned b);

} // namespace glu

#endif // GLU_RAISE_GATEDUNIT_H
