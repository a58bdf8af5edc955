//===- Reshape.h - Indices through reshapes ---------------------*- C++ -*-===//

#ifndef GLU_LIB_RAISE_RESHAPE_H
#define GLU_LIB_RAISE_RESHAPE_H

#include "glu/Raise/Access.h"

namespace glu {

/// The indices of the expanded dimensions `sizes` at `index` of the collapsed
/// one. Nothing if they are not linear; `split`, if given, may say how the
/// domain must be refined for that.
std::optional<llvm::SmallVector<LinearIndex>>
delinearize(const LinearIndex &index, llvm::ArrayRef<int64_t> sizes,
            const Domain &domain, std::optional<DimSplit> *split);

/// The index of the collapsed dimension at `indices` of the expanded ones.
/// Nothing if an inner size is dynamic.
std::optional<LinearIndex> linearize(llvm::ArrayRef<LinearIndex> indices,
                                     llvm::ArrayRef<int64_t> sizes);

} // namespace glu

#endif // GLU_LIB_RAISE_RESHAPE_H
