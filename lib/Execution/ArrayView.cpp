//===- ArrayView.cpp - Arrays that belong to somebody else ----------------===//

#include "glu/Execution/ArrayView.h"

#include <cassert>
#include <cstring>

using namespace glu;

bool ArrayView::isDense() const {
  if (strides.empty() || llvm::is_contained(shape, 0))
    return true;
  int64_t expected = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    if (shape[d] != 1 && strides[d] != expected)
      return false;
    expected *= shape[d];
  }
  return true;
}

/// Copies what is below dimension `d`. `width`: bytes of an element.
static void copyBelow(size_t d, const ArrayView &from, const char *source,
                      llvm::ArrayRef<int64_t> sourceStrides, char *target,
                      llvm::ArrayRef<int64_t> targetStrides, int64_t width) {
  if (d == from.shape.size()) {
    std::memcpy(target, source, width);
    return;
  }
  bool isLast = d + 1 == from.shape.size();
  if (isLast && sourceStrides[d] == 1 && targetStrides[d] == 1) {
    std::memcpy(target, source, from.shape[d] * width);
    return;
  }
  for (int64_t i = 0; i < from.shape[d]; ++i)
    copyBelow(d + 1, from, source + i * sourceStrides[d] * width, sourceStrides,
              target + i * targetStrides[d] * width, targetStrides, width);
}

static llvm::SmallVector<int64_t> getStrides(const ArrayView &view) {
  if (!view.strides.empty())
    return llvm::SmallVector<int64_t>(view.strides);
  llvm::SmallVector<int64_t> strides(view.shape.size(), 1);
  for (size_t d = view.shape.size(); d-- > 1;)
    strides[d - 1] = strides[d] * view.shape[d];
  return strides;
}

void glu::copyElements(const ArrayView &from, const ArrayView &to) {
  assert(from.type == to.type && from.shape == to.shape && "unlike arrays");
  if (llvm::is_contained(from.shape, 0))
    return;
  copyBelow(0, from, from.data, getStrides(from), to.data, getStrides(to),
            getByteWidth(from.type));
}
