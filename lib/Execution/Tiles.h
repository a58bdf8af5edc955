//===- Tiles.h - Permission for tile registers ------------------*- C++ -*-===//
//
// Linux keeps the state of AMX's tile registers only for processes that asked
// for it; another one dies at the first instruction.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EXECUTION_TILES_H
#define GLU_LIB_EXECUTION_TILES_H

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace glu {

/// Whether `module` has intrinsics of AMX.
bool usesTiles(const llvm::Module &module);

/// Asks for tile registers, which is done once for a process or more often: 0
/// if it may use them, a 64-bit number.
llvm::Value *createTileRequest(llvm::IRBuilder<> &builder);

/// Asks when a library of `module` is loaded, if it uses tiles.
void requestTilesOnLoad(llvm::Module &module);

} // namespace glu

#endif // GLU_LIB_EXECUTION_TILES_H
