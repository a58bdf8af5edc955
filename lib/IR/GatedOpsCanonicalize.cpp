//===- GatedOpsCanonicalize.cpp - Canonicalisation of gated ops -----------===//

#include "glu/IR/GLU.h"

using namespace mlir;
using namespace glu;

void GateOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {}

void GatedProjectionOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                    MLIRContext *context) {}
