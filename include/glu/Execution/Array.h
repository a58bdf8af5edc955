//===- Array.h - Arrays of numbers on the host ------------------*- C++ -*-===//
//
// What is handed to compiled code and comes back: dense, row-major arrays.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_ARRAY_H
#define GLU_EXECUTION_ARRAY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>

namespace glu {

/// Element types of arrays. `Raw1` and `Raw2` are bytes of a type that the file
/// format cannot name; the argument that they are for says what they are.
enum class ElementType : uint8_t {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float8E4M3FN,
  Float8E5M2,
  Float16,
  BFloat16,
  Float32,
  Float64,
  Raw1,
  Raw2,
};

/// Bytes an element takes.
unsigned getByteWidth(ElementType type);
/// The name in messages, as MLIR writes it: "f32", "i8", "ui8", "i1", ...
llvm::StringRef getName(ElementType type);
/// Whether it is a float type (raw bytes are not).
bool isFloat(ElementType type);

/// "2x3xf32"; "f32" for rank 0; "?" for negative sizes.
std::string formatType(llvm::ArrayRef<int64_t> shape, ElementType type);

/// The number of elements, or nothing if it (or the number of bytes) does not
/// fit into 63 bits or a size is negative.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape,
                                     ElementType type);

/// A dense array in row-major order; rank 0 is a scalar. Its memory is aligned
/// to 64 bytes.
class Array {
public:
  Array() : Array(ElementType::Float32, {0}) {}
  /// All zero. The shape must be one that `countElements` takes.
  Array(ElementType type, llvm::ArrayRef<int64_t> shape);

  /// Like the constructor, but an error if there is no memory.
  static llvm::Expected<Array> allocate(ElementType type,
                                        llvm::ArrayRef<int64_t> shape);

  ElementType getType() const { return type; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getNumElements() const { return count; }
  int64_t getNumBytes() const { return count * getByteWidth(type); }
  char *getData() { return data.get(); }
  const char *getData() const { return data.get(); }

  /// Element `index` in row-major order. Integers beyond 2^53 lose bits.
  double get(int64_t index) const;
  /// Sets an element to the nearest value of the type; integers are clamped.
  void set(int64_t index, double value);

  /// The same bytes as elements of another type of the same width.
  void reinterpret(ElementType newType);
  Array clone() const;
  /// The same values in another type.
  Array convertTo(ElementType newType) const;

private:
  struct Free {
    void operator()(char *pointer) const { std::free(pointer); }
  };
  ElementType type;
  llvm::SmallVector<int64_t> shape;
  int64_t count;
  std::unique_ptr<char, Free> data;
};

} // namespace glu

#endif // GLU_EXECUTION_ARRAY_H
