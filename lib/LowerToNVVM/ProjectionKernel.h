//===- ProjectionKernel.h - One kernel for a projection ---------*- C++ -*-===//
//
// What all kernels of projections have in common, whatever instructions they
// sum up with: the loops grouped to rows, columns, batches and sums, the launch
// with one block for each tile of the result, and the loads of elements by
// indexing maps, zero outside of the matrices.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_LOWERTONVVM_PROJECTIONKERNEL_H
#define GLU_LIB_LOWERTONVVM_PROJECTIONKERNEL_H

#include "glu/IR/GLU.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace glu {

/// A memref (or a scalar) and the map from loops to its indices.
struct MappedValue {
  mlir::Value value;
  mlir::AffineMap map;
};

/// acc = sum of input * weight, both converted to `type`.
struct Product {
  MappedValue input, weight;
  mlir::Type type;
};

/// Loops that are counted as one: indices of the last one go by fastest.
struct LoopGroup {
  llvm::SmallVector<unsigned> dims;
  mlir::Value size; ///< The product of their sizes.
};

/// A projection on memrefs as kernels see it.
struct ProjectionKernel {
  mlir::Operation *op;
  ScheduleAttr schedule;
  llvm::SmallVector<Product, 2> products;
  /// Whether the sum starts from what is in the destination; else, from zero.
  bool startsFromDestination = false;
  /// What is done with each element of a contraction before it is stored, to
  /// this one's destination; may be null.
  mlir::linalg::GenericOp epilogue;
  /// Whether both products read one input by one map.
  bool sharesInput = false;
  llvm::SmallVector<mlir::Value> sizes; ///< Of all loops, on the host.
  LoopGroup rows, columns, outer, sums;

  /// `op`, a glu.gated_projection or linalg contraction on memrefs with a
  /// `glu.schedule`. Sizes are computed at `builder`, on the host. Fails with a
  /// diagnostic if the products do not sum over the same loops.
  static mlir::FailureOr<ProjectionKernel> get(mlir::OpBuilder &builder,
                                               mlir::Operation *op);

  /// Whether warps (mma.sync) or groups of four (wgmma) compute, by matrix
  /// products, and `rows` x `columns` of the schedule are theirs rather than a
  /// thread's.
  bool usesMma() const { return schedule.getGroup() == 2; }
  bool usesWgmma() const { return schedule.getGroup() == 8; }
  /// Threads that compute.
  int64_t getThreads() const {
    return schedule.getBlockRows() / schedule.getRows() *
           (schedule.getBlockColumns() / schedule.getColumns()) *
           (usesMma()     ? 32
            : usesWgmma() ? 128
                          : 1);
  }
};

/// Where a block of the grid works.
struct BlockPosition {
  mlir::Value row, column, thread; ///< The tile's first, and the thread's id.
  llvm::SmallVector<mlir::Value> loops; ///< Of all loops; set are `outer`'s.
};

/// The tiles of a result. Batches have as many each.
struct TileGrid {
  mlir::Value rows, columns, inBatch, all;
};

/// Counts the tiles, on the host.
TileGrid countTiles(mlir::OpBuilder &builder, const ProjectionKernel &kernel);

/// Sets where the tile with a number lies. What numbers that follow each other
/// read of the input and of the weights stays in the second-level cache.
void locateTile(mlir::OpBuilder &builder, const ProjectionKernel &kernel,
                const TileGrid &grid, mlir::Value number,
                BlockPosition &position);

/// Launches `kernel` with one block for each tile of the result, if it has an
/// element, and `workgroup` buffers in shared memory, which `body` is given.
void launchBlocks(
    mlir::OpBuilder &builder, const ProjectionKernel &kernel,
    mlir::TypeRange workgroup,
    llvm::function_ref<void(mlir::OpBuilder &, BlockPosition, mlir::ValueRange)>
        body);

/// Sets the loops of `group` in `loops` from the number `index` of their point.
void setLoops(mlir::OpBuilder &builder, mlir::Location loc,
              const ProjectionKernel &kernel, const LoopGroup &group,
              mlir::Value index, llvm::MutableArrayRef<mlir::Value> loops);

/// The indices of `operand` at `loops`.
llvm::SmallVector<mlir::Value> createIndices(mlir::OpBuilder &builder,
                                             mlir::Location loc,
                                             const MappedValue &operand,
                                             llvm::ArrayRef<mlir::Value> loops);

/// The element of `operand` at `loops`.
mlir::Value loadElement(mlir::OpBuilder &builder, mlir::Location loc,
                        const MappedValue &operand,
                        llvm::ArrayRef<mlir::Value> loops);
void storeElement(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::Value value, const MappedValue &operand,
                  llvm::ArrayRef<mlir::Value> loops);

/// What is in the destination of a contraction, as the sum starts from it.
mlir::Value loadDestination(mlir::OpBuilder &builder, mlir::Location loc,
                            const ProjectionKernel &kernel,
                            llvm::ArrayRef<mlir::Value> loops);

/// Biases and gating function (or epilogue) of one element: one value for each
/// result. What they need besides the sums, `load` loads.
llvm::SmallVector<mlir::Value>
createGating(mlir::OpBuilder &builder, mlir::Location loc,
             const ProjectionKernel &kernel, mlir::ValueRange sums,
             llvm::function_ref<mlir::Value(const MappedValue &)> load);

/// The destination of the `i`-th result.
MappedValue getDestination(const ProjectionKernel &kernel, unsigned i);

/// The kernel of threads that multiply and add numbers: any type and chip.
void launchSIMT(mlir::OpBuilder &builder, const ProjectionKernel &kernel);

/// Whether `launchMma` takes `kernel`; otherwise `why` says why not.
bool fitsMma(const ProjectionKernel &kernel, std::string &why);

/// The kernel of warps that multiply matrices of f16 or bf16, from sm_80 on.
void launchMma(mlir::OpBuilder &builder, const ProjectionKernel &kernel);

/// Whether `launchWgmma` takes `kernel`; otherwise `why` says why not.
bool fitsWgmma(const ProjectionKernel &kernel, std::string &why);

/// The kernel of warp groups that multiply matrices of f16, bf16 or f8 in
/// shared memory, on sm_90a. It has at most a block for each multiprocessor,
/// which go from tile to tile, or clusters of them that share one.
void launchWgmma(mlir::OpBuilder &builder, const ProjectionKernel &kernel,
                 int64_t multiprocessors);

} // namespace glu

#endif // GLU_LIB_LOWERTONVVM_PROJECTIONKERNEL_H
