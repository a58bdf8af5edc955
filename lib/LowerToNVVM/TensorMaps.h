//===- TensorMaps.h - Operands as TMA copies them ---------------*- C++ -*-===//
//
// The tensor memory accelerator of sm_90 copies boxes of a tensor that a map
// describes: base, sizes and strides. Transposed weights, halves of a
// concatenated one, every other row of an interleaved one, batches and experts
// are all only other strides.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_LOWERTONVVM_TENSORMAPS_H
#define GLU_LIB_LOWERTONVVM_TENSORMAPS_H

#include "ProjectionKernel.h"

namespace glu {

/// An operand as a matrix of two groups of loops, for each point of others that
/// it has (batches).
struct TensorMap {
  /// Bytes that are swizzled together; the inner size of all boxes.
  static constexpr int64_t spanBytes = 128;

  MappedValue operand;
  const LoopGroup *inner, *across; ///< Innermost, and the other one.
  unsigned innerDim, acrossDim;    ///< Where they are in the operand.
  unsigned elementBytes;
  llvm::SmallVector<unsigned> outer; ///< Loops.

  /// The map for `operand`, which has the loops of `first` and `second`, in
  /// whichever order; fails with a reason in `why` if there is none.
  static mlir::FailureOr<TensorMap>
  get(const ProjectionKernel &kernel, const MappedValue &operand,
      const LoopGroup &first, const LoopGroup &second, std::string &why);

  /// Elements in `spanBytes`.
  int64_t getSpan() const { return spanBytes / elementBytes; }

  /// A call of the runtime on the host, which makes the map for boxes of a span
  /// x `length` elements. Its result, a pointer, is used in kernels.
  mlir::Value create(mlir::OpBuilder &builder, const ProjectionKernel &kernel,
                     int64_t length) const;

  /// Coordinates of the box at `inside` and `across`, innermost first.
  llvm::SmallVector<mlir::Value>
  getCoordinates(mlir::OpBuilder &builder, mlir::Location loc,
                 mlir::Value inside, mlir::Value across,
                 llvm::ArrayRef<mlir::Value> loops) const;
};

} // namespace glu

#endif // GLU_LIB_LOWERTONVVM_TENSORMAPS_H
