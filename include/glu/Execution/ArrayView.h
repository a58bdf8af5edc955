//===- ArrayView.h - Arrays that belong to somebody else --------*- C++ -*-===//
//
// Elements in memory that is not ours, wherever they lie.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_ARRAYVIEW_H
#define GLU_EXECUTION_ARRAYVIEW_H

#include "glu/Execution/Array.h"

namespace glu {

/// An array in memory that somebody else owns.
struct ArrayView {
  ArrayView(ElementType type, void *data, llvm::ArrayRef<int64_t> shape,
            llvm::ArrayRef<int64_t> strides = {})
      : type(type), data(static_cast<char *>(data)), shape(shape),
        strides(strides) {}
  /*implicit*/ ArrayView(Array &array)
      : ArrayView(array.getType(), array.getData(), array.getShape()) {}

  /// Whether the elements lie in row-major order without gaps.
  bool isDense() const;

  ElementType type;
  /// The first element, of index (0, ..., 0).
  char *data;
  llvm::ArrayRef<int64_t> shape;
  /// Elements from one index to the next, per dimension; may be negative or
  /// zero. None: dense.
  llvm::ArrayRef<int64_t> strides;
};

/// Copies all elements; type and shape must be equal, and the memory apart.
void copyElements(const ArrayView &from, const ArrayView &to);

} // namespace glu

#endif // GLU_EXECUTION_ARRAYVIEW_H
