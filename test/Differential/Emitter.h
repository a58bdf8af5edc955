//===- Emitter.h - Writes random IR as text ---------------------*- C++ -*-===//
//
// The text of one function, operation by operation, and the dice that decide
// what is written. Text, not operations: a case that fails can be read, kept
// and given to the tools.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TEST_DIFFERENTIAL_EMITTER_H
#define GLU_TEST_DIFFERENTIAL_EMITTER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <random>
#include <string>

namespace glu::differential {

/// A size: what it is in this case, and the index value that holds it where
/// the type has `?`.
struct Dim {
  int64_t size = 1;
  std::string value; ///< Empty: static.

  bool isDynamic() const { return !value.empty(); }
};
using Dims = llvm::SmallVector<Dim, 4>;

/// A tensor in the text.
struct Tensor {
  std::string name; ///< "%12"
  Dims dims;
  std::string element; ///< "f32"

  unsigned rank() const { return unsigned(dims.size()); }
  /// "tensor<4x?xf32>"
  std::string type() const;
};

/// "tensor<4x?xf32>"
std::string tensorType(llvm::ArrayRef<Dim> dims, llvm::StringRef element);
/// "affine_map<(d0, d1) -> (d1, 0)>": `results` in that order, -1 for the
/// constant 0.
std::string mapOf(unsigned numDims, llvm::ArrayRef<int> results);
/// 0 .. n-1
llvm::SmallVector<int> iota(unsigned n);

/// An operand of `linalg.generic` and how it is read.
struct Operand {
  Tensor tensor;
  std::string map;
};

class Emitter {
public:
  explicit Emitter(uint64_t seed) : dice(seed) {}

  /// A number below n.
  unsigned pick(unsigned n) { return unsigned(dice() % n); }
  /// Whether it happens this time.
  bool chance(unsigned percent) { return pick(100) < percent; }
  /// One of them.
  template <typename T>
  T choose(std::initializer_list<T> options) {
    return options.begin()[pick(unsigned(options.size()))];
  }

  /// A new name.
  std::string fresh() { return "%" + std::to_string(next++); }
  void line(std::string text) { body += "  " + text + "\n"; }
  /// `%n = TEXT`; returns `%n`.
  std::string op(std::string text);
  /// `%n = TEXT` of a tensor.
  Tensor op(std::string text, llvm::ArrayRef<Dim> dims,
            llvm::StringRef element);

  /// A size that arguments have; `dynamic` gives it a value as soon as one
  /// does.
  Dim size(int64_t size, bool dynamic);
  /// A size of a result: static, or the value that `text` computes.
  Dim derived(int64_t size, bool dynamic,
              llvm::function_ref<std::string()> text);
  std::string index(int64_t value);

  /// A new argument of the function.
  Tensor argument(llvm::ArrayRef<Dim> dims, llvm::StringRef element);
  Tensor empty(llvm::ArrayRef<Dim> dims, llvm::StringRef element);
  /// All elements equal, in one of the ways that front ends write it.
  Tensor splat(double value, llvm::ArrayRef<Dim> dims, llvm::StringRef element);
  /// A `linalg.generic`; `block` lists its statements, ending with the yield.
  Tensor generic(llvm::ArrayRef<Operand> inputs, Tensor init,
                 llvm::StringRef initMap, llvm::StringRef iterators,
                 llvm::StringRef block);
  /// A named operation with ins and outs: `NAME ins(...) outs(...)`.
  Tensor named(std::string name, llvm::ArrayRef<Tensor> inputs, Tensor init,
               std::string suffix = "");
  Tensor transpose(Tensor tensor, llvm::ArrayRef<int> permutation);
  /// Repeats `tensor`, whose dimensions are those of the result but `added`.
  Tensor broadcast(Tensor tensor, llvm::ArrayRef<Dim> dims, unsigned added);
  /// Columns `offset, offset + stride, ...` of dimension `dim`.
  Tensor slice(Tensor tensor, unsigned dim, Dim offset, Dim size,
               int64_t stride);
  /// Both halves of a static dimension, or its even and odd elements, by way of
  /// a dimension of size two.
  std::pair<Tensor, Tensor> unzip(Tensor tensor, unsigned dim,
                                  bool interleaved);
  /// The first two dimensions as one, and back.
  Tensor collapse(Tensor tensor);
  Tensor expand(Tensor tensor, Dim first, Dim second);
  /// Another element type: a float conversion of all elements.
  Tensor convert(Tensor tensor, llvm::StringRef element);

  /// The sizes of the arguments.
  llvm::ArrayRef<llvm::SmallVector<int64_t>> shapes() const {
    return argumentShapes;
  }
  /// The module with `@f`, which returns `results`.
  std::string finish(llvm::ArrayRef<Tensor> results) const;

private:
  std::mt19937_64 dice;
  unsigned next = 0, arguments = 0;
  std::string signature, body;
  llvm::SmallVector<llvm::SmallVector<int64_t>> argumentShapes;
  llvm::SmallVector<std::string> measured; ///< Sizes that have a value.
};

/// Bits of a float type.
unsigned bitsOf(llvm::StringRef element);
/// `VALUE` as a float literal.
std::string literal(double value);
/// "arith.extf" or "arith.truncf".
std::string conversion(llvm::StringRef from, llvm::StringRef to);

} // namespace glu::differential

#endif // GLU_TEST_DIFFERENTIAL_EMITTER_H
