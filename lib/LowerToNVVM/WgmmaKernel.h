//===- WgmmaKernel.h - Projections by matrix products of warp groups ------===//
//
// For f16, bf16 and f8 with sums in f32, on sm_90a. A block goes from tile to
// tile of the result. One of its warp groups, the producer, has TMA copy tiles
// of the input and the weights to a ring of stages in shared memory; the
// others, the consumers, have 64 rows of the result each and multiply from
// there, both products by the same part of the input. A stage has two barriers:
// it is full when TMA has written all bytes, empty when all warps that compute
// are done with it. So copies run ahead through the end of a tile, while its
// gating function is computed.
//
// In tiles of fewer than 64 rows, it is columns of the result that a consumer
// has 64 of: the instruction's rows are the weights'.
//
// Where tiles are too few for the chip, the blocks of a cluster share one: each
// sums up its part of the steps, and the first adds what the others bring to
// its shared memory.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_LOWERTONVVM_WGMMAKERNEL_H
#define GLU_LIB_LOWERTONVVM_WGMMAKERNEL_H

#include "KernelEmitter.h"
#include "TensorMaps.h"

namespace glu {

/// A tile of an operand in each stage.
struct StagedTile {
  TensorMap map;
  bool isInput;        ///< Its points are rows, not columns.
  bool alongSum;       ///< Whether the sum is innermost.
  int64_t length;      ///< Rows or columns.
  int64_t offset;      ///< In a stage, in bytes.
  mlir::Value pointer; ///< To the map.
};

/// A result. If it has a map, TMA copies boxes of it from shared memory.
struct Output {
  MappedValue destination;
  std::optional<TensorMap> map;
  int64_t number = 0;  ///< Of those that have one.
  mlir::Value pointer; ///< To the map.
};

class WgmmaKernel : KernelEmitter {
public:
  WgmmaKernel(mlir::OpBuilder &builder, const ProjectionKernel &kernel)
      : KernelEmitter(builder, kernel),
        swaps(kernel.schedule.getRows() < wgmmaRows),
        consumers((swaps ? kernel.schedule.getBlockColumns()
                         : kernel.schedule.getBlockRows()) /
                  wgmmaRows),
        width(swaps ? kernel.schedule.getRows() : kernel.schedule.getColumns()),
        elementBytes(getBytes(kernel.products[0].input)),
        span(TensorMap::spanBytes / elementBytes) {}

  /// Fails with a reason in `why` if TMA cannot copy the operands.
  mlir::LogicalResult plan(std::string &why);
  void launch(int64_t multiprocessors);

private:
  static constexpr int64_t warpSize = 32, groupSize = 128;
  static constexpr int64_t wgmmaRows = 64, wgmmaDepthBytes = 32;
  /// Columns of a box of a result, of f16 or bf16.
  static constexpr int64_t boxColumns = TensorMap::spanBytes / 2;
  /// Of a barrier; of a swizzled tile's alignment, eight rows of 128 bytes; of
  /// a box of a result.
  static constexpr int64_t barrierBytes = 8, atomBytes = 1024,
                           boxBytes = wgmmaRows * TensorMap::spanBytes;

  /// Of an element; of what fits() refuses, anything but zero.
  static int64_t getBytes(const MappedValue &operand) {
    mlir::Type type = mlir::getElementTypeOrSelf(operand.value);
    return type.isF16() || type.isBF16() ? 2 : 1;
  }

  mlir::Value integer(mlir::Type type, int64_t value) {
    return mlir::arith::ConstantOp::create(b, loc,
                                           b.getIntegerAttr(type, value));
  }
  mlir::Value i32(int64_t value) { return integer(b.getI32Type(), value); }
  mlir::Value i64(int64_t value) { return integer(b.getI64Type(), value); }
  template <typename Op>
  mlir::Value compute(mlir::Value lhs, mlir::Value rhs) {
    return Op::create(b, loc, lhs, rhs);
  }
  mlir::Value isZero(mlir::Value value) {
    return mlir::arith::CmpIOp::create(b, loc, mlir::arith::CmpIPredicate::eq,
                                       value, zero(value.getType()));
  }
  void ifTrue(mlir::Value condition, llvm::function_ref<void()> body) {
    auto branch = mlir::scf::IfOp::create(b, loc, condition, false);
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body();
  }

  bool fits(std::string &why);
  void chooseSplit(int64_t multiprocessors, std::optional<int64_t> steps);
  mlir::Value getShared(mlir::Value offset);
  mlir::Value getStage(mlir::Value step) {
    return compute<mlir::arith::RemUIOp>(step, i32(stages));
  }
  mlir::Value getFull(mlir::Value stage) { return getBarrier(stage, 0); }
  mlir::Value getEmpty(mlir::Value stage) { return getBarrier(stage, stages); }
  mlir::Value getBarrier(mlir::Value stage, int64_t first);
  void wait(mlir::Value barrier, mlir::Value step, bool forPrevious);

  void initialize();
  void forEachTile(llvm::function_ref<mlir::Value(mlir::Value)> body);
  void copyStage(mlir::Value step, mlir::Value sum);
  void produce();

  mlir::Value createDescriptor(const StagedTile &tile, mlir::Value offset);
  mlir::Value multiplyAdd(const Product &product,
                          llvm::ArrayRef<mlir::Value> descriptors,
                          bool transposesA, bool transposesB, mlir::Value sums);
  void synchronizeCluster();
  mlir::Value getSharedSum(int64_t product, int64_t i, mlir::Value from);
  void sendSums(llvm::ArrayRef<llvm::SmallVector<mlir::Value>> sums);
  void addSums(llvm::MutableArrayRef<llvm::SmallVector<mlir::Value>> sums);
  llvm::SmallVector<mlir::Value> computeStage(mlir::Value step,
                                              mlir::ValueRange sums);
  void releaseStage(mlir::Value step);
  mlir::Value fixSums(mlir::Value sums);
  mlir::Value consumeTile(mlir::Value step);
  void consume();

  mlir::Value packPair(mlir::Value low, mlir::Value high);
  void synchronizeGroup();
  mlir::Value getBox(mlir::Value offset, int64_t number);
  void awaitBoxes();
  mlir::Value getMatrixRow(int64_t j);
  void writeBox(int64_t number, int64_t j, llvm::ArrayRef<mlir::Value> values);
  void storeBoxes(int64_t column);
  void storeTile(llvm::ArrayRef<llvm::SmallVector<mlir::Value>> sums);

  /// Whether the boxes of a single result are in two buffers in turns, so that
  /// one is written while TMA reads the other.
  bool alternates() const { return outputBuffers > boxedOutputs; }
  /// Rows of a box of a result.
  int64_t getBoxRows() const { return swaps ? width : wgmmaRows; }
  /// The buffer for the box of `output` that begins at `column` of the tile.
  int64_t getNumber(const Output &output, int64_t column) const {
    return alternates() ? column / boxColumns % 2 : output.number;
  }
  /// Shared memory: stages, boxes of each consumer, sums of the cluster's other
  /// blocks, barriers.
  int64_t getSumsOffset() const {
    return stages * stageBytes + consumers * outputBuffers * boxBytes;
  }
  int64_t getSumsBytes() const {
    return (split - 1) * consumers * groupSize * kernel.products.size() *
           (width / 2) * sizeof(float);
  }
  int64_t getBarriersOffset() const { return getSumsOffset() + getSumsBytes(); }
  /// So many stages as there is room for.
  int64_t countStages() const;

  bool swaps; ///< Whether the instruction's rows are the result's columns.
  int64_t consumers;
  int64_t width;              ///< Columns of the instruction.
  int64_t elementBytes, span; ///< Of the operands; elements in spanBytes.
  int64_t stages = 0, stageBytes = 0, boxedOutputs = 0, outputBuffers = 0;
  llvm::SmallVector<StagedTile, 4> tiles; ///< Inputs, then weights.
  llvm::SmallVector<Output, 2> outputs;
  TileGrid grid;
  int64_t split = 1; ///< Blocks of a cluster.
  mlir::Value block, blocks, base;
  mlir::Value rank;                ///< Of the block in its cluster.
  mlir::Value firstStep, lastStep; ///< Of a tile's sum, for this block.
  mlir::Value warpGroup, thread;   ///< Thread in its warp group.
};
} // namespace glu

#endif // GLU_LIB_LOWERTONVVM_WGMMAKERNEL_H
