//===- Npy.h - NumPy's file format ------------------------------*- C++ -*-===//
//
// Reads and writes `.npy` files, format versions 1 to 3, of plain element
// types. The format is described in NumPy's `numpy.lib.format`.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_NPY_H
#define GLU_EXECUTION_NPY_H

#include "glu/Execution/Array.h"

namespace glu {

/// The array in `contents`, a whole file: bool, integers, f16, f32 and f64, in
/// either byte order and in C or Fortran order; `|V1` and `|V2` (as ml_dtypes
/// writes its types) become raw elements. Errors say what is wrong with the
/// file without naming it; no input is trusted.
llvm::Expected<Array> parseNpy(llvm::StringRef contents);

/// The array in the file `path`; errors name the file.
llvm::Expected<Array> readNpy(llvm::StringRef path);

/// The file that holds `array`. bf16 is written as `|V2` and f8 as `|V1`.
std::string formatNpy(const Array &array);

/// Writes `array` to the file `path`; errors name the file.
llvm::Error writeNpy(llvm::StringRef path, const Array &array);

} // namespace glu

#endif // GLU_EXECUTION_NPY_H
