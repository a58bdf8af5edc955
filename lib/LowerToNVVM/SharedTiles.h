//===- SharedTiles.h - Tiles that are copied asynchronously -----*- C++ -*-===//
//
// Tiles of inputs and weights come to shared memory by cp.async, some steps
// ahead of their use. A tile lies as its operand does in global memory, with
// the sum innermost or the rows (columns). Chunks of 16 bytes are permuted by
// their row, so that the eight that ldmatrix takes at once lie in different
// banks.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_LOWERTONVVM_SHAREDTILES_H
#define GLU_LIB_LOWERTONVVM_SHAREDTILES_H

#include "KernelEmitter.h"

namespace glu {

/// A tile in shared memory, `stages` times: [stage][slow][fast].
struct SharedTile {
  const MappedValue *operand;
  const LoopGroup *group; ///< Rows or columns.
  int64_t length;         ///< So many of them.
  bool alongSum;          ///< Whether the sum is innermost.
  bool copiesChunks;      ///< Whether whole chunks can be copied.
  mlir::Value buffer;
};

class SharedTiles : protected KernelEmitter {
protected:
  SharedTiles(mlir::OpBuilder &builder, const ProjectionKernel &kernel)
      : KernelEmitter(builder, kernel), depth(kernel.schedule.getDepth()) {}

  /// The tiles of the inputs (one if both products share it), then of the
  /// weights; without their buffers, which are to have `getBufferTypes`.
  void makeTiles();
  llvm::SmallVector<mlir::Type> getBufferTypes();

  /// Starts copying all tiles of the step of the sum that begins at `firstSum`
  /// to `stage`, as one group of copies, which is returned.
  mlir::Value fillStage(mlir::Value stage, mlir::Value firstSum);

  /// Where element `fast` of row `slow` of a tile lies in that row.
  mlir::Value swizzle(const SharedTile &tile, mlir::Value slow,
                      mlir::Value fast);

  static constexpr int64_t stages = 3;
  int64_t depth;
  llvm::SmallVector<SharedTile> tiles;

private:
  SharedTile makeTile(const MappedValue &operand, const LoopGroup &group,
                      int64_t length);
  bool canCopyChunks(const SharedTile &tile);
  int64_t getFast(const SharedTile &tile) {
    return tile.alongSum ? depth : tile.length;
  }
  int64_t getSlow(const SharedTile &tile) {
    return tile.alongSum ? tile.length : depth;
  }
  void fillChunk(const SharedTile &tile, mlir::Value stage, mlir::Value slow,
                 mlir::Value fast, mlir::Value point, mlir::Value sum);
  void fillElements(const SharedTile &tile, mlir::Value stage, mlir::Value slow,
                    mlir::Value fast, mlir::Value point, mlir::Value sum);
  void fill(const SharedTile &tile, mlir::Value stage, mlir::Value firstSum);
};

} // namespace glu

#endif // GLU_LIB_LOWERTONVVM_SHAREDTILES_H
