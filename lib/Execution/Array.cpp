//===- Array.cpp - Arrays of numbers on the host --------------------------===//

#include "glu/Execution/Array.h"
#include "glu/Execution/SoftFloat.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

using namespace glu;

namespace {
struct TypeInfo {
  const char *name;
  unsigned bytes;
  bool isFloat;
};
} // namespace

static TypeInfo getInfo(ElementType type) {
  static constexpr TypeInfo infos[] = {
      {"i1", 1, false},
      {"i8", 1, false},
      {"i16", 2, false},
      {"i32", 4, false},
      {"i64", 8, false},
      {"ui8", 1, false},
      {"ui16", 2, false},
      {"ui32", 4, false},
      {"ui64", 8, false},
      {"f8E4M3FN", 1, true},
      {"f8E5M2", 1, true},
      {"f16", 2, true},
      {"bf16", 2, true},
      {"f32", 4, true},
      {"f64", 8, true},
      {"raw bytes", 1, false},
      {"raw two-byte elements", 2, false},
  };
  return infos[unsigned(type)];
}

unsigned glu::getByteWidth(ElementType type) { return getInfo(type).bytes; }
llvm::StringRef glu::getName(ElementType type) { return getInfo(type).name; }
bool glu::isFloat(ElementType type) { return getInfo(type).isFloat; }

std::string glu::formatType(llvm::ArrayRef<int64_t> shape, ElementType type) {
  std::string text;
  for (int64_t size : shape)
    text += (size < 0 ? "?" : std::to_string(size)) + "x";
  return text + getName(type).str();
}

std::optional<int64_t> glu::countElements(llvm::ArrayRef<int64_t> shape,
                                          ElementType type) {
  int64_t count = 1, width = getByteWidth(type);
  // Sizes other than zero must fit on their own, or strides overflow.
  int64_t nonzero = width;
  for (int64_t size : shape) {
    if (size < 0)
      return std::nullopt;
    count *= size == 0 ? 0 : 1;
    if (size && __builtin_mul_overflow(nonzero, size, &nonzero))
      return std::nullopt;
  }
  return count ? nonzero / width : 0;
}

llvm::Expected<Array> Array::allocate(ElementType type,
                                      llvm::ArrayRef<int64_t> shape) {
  Array array;
  std::optional<int64_t> count = countElements(shape, type);
  // One more line, so that full vectors may be read at the end.
  constexpr size_t line = 64;
  if (count) {
    size_t bytes =
        (size_t(*count) * getByteWidth(type) + 2 * line - 1) / line * line;
    array.data.reset(static_cast<char *>(std::aligned_alloc(line, bytes)));
    if (array.data)
      std::memset(array.data.get(), 0, bytes);
  }
  if (!count || !array.data)
    return llvm::createStringError("there is not enough memory for " +
                                   formatType(shape, type));
  array.type = type;
  array.shape.assign(shape.begin(), shape.end());
  array.count = *count;
  return std::move(array);
}

Array::Array(ElementType type, llvm::ArrayRef<int64_t> shape)
    : type(type), shape(shape), count(countElements(shape, type).value_or(0)) {
  if (count == 0)
    return;
  if (llvm::Expected<Array> array = allocate(type, shape))
    data = std::move(array->data);
  else
    llvm::report_fatal_error(array.takeError());
}

template <typename T>
static T load(const char *data, int64_t index) {
  T value;
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
static void store(char *data, int64_t index, T value) {
  std::memcpy(data + index * sizeof(T), &value, sizeof(T));
}

template <typename T>
static void storeInteger(char *data, int64_t index, double value) {
  using Limits = std::numeric_limits<T>;
  double rounded = std::isnan(value) ? 0 : std::nearbyint(value);
  T result = rounded <= double(Limits::min())   ? Limits::min()
             : rounded >= double(Limits::max()) ? Limits::max()
                                                : T(rounded);
  store<T>(data, index, result);
}

static const llvm::fltSemantics &getSemantics(ElementType type) {
  return type == ElementType::Float8E5M2 ? llvm::APFloat::Float8E5M2()
                                         : llvm::APFloat::Float8E4M3FN();
}

double Array::get(int64_t index) const {
  const char *bytes = data.get();
  switch (type) {
  case ElementType::Bool:
    return load<uint8_t>(bytes, index) != 0;
  case ElementType::Int8:
    return load<int8_t>(bytes, index);
  case ElementType::Int16:
    return load<int16_t>(bytes, index);
  case ElementType::Int32:
    return load<int32_t>(bytes, index);
  case ElementType::Int64:
    return double(load<int64_t>(bytes, index));
  case ElementType::UInt8:
  case ElementType::Raw1:
    return load<uint8_t>(bytes, index);
  case ElementType::UInt16:
  case ElementType::Raw2:
    return load<uint16_t>(bytes, index);
  case ElementType::UInt32:
    return load<uint32_t>(bytes, index);
  case ElementType::UInt64:
    return double(load<uint64_t>(bytes, index));
  case ElementType::Float8E4M3FN:
  case ElementType::Float8E5M2:
    return llvm::APFloat(getSemantics(type),
                         llvm::APInt(8, load<uint8_t>(bytes, index)))
        .convertToDouble();
  case ElementType::Float16:
    return fromHalf(load<uint16_t>(bytes, index));
  case ElementType::BFloat16:
    return fromBFloat(load<uint16_t>(bytes, index));
  case ElementType::Float32:
    return load<float>(bytes, index);
  case ElementType::Float64:
    return load<double>(bytes, index);
  }
  llvm_unreachable("all element types are handled");
}

void Array::set(int64_t index, double value) {
  char *bytes = data.get();
  switch (type) {
  case ElementType::Bool:
    return store<uint8_t>(bytes, index, value != 0);
  case ElementType::Int8:
    return storeInteger<int8_t>(bytes, index, value);
  case ElementType::Int16:
    return storeInteger<int16_t>(bytes, index, value);
  case ElementType::Int32:
    return storeInteger<int32_t>(bytes, index, value);
  case ElementType::Int64:
    return storeInteger<int64_t>(bytes, index, value);
  case ElementType::UInt8:
  case ElementType::Raw1:
    return storeInteger<uint8_t>(bytes, index, value);
  case ElementType::UInt16:
  case ElementType::Raw2:
    return storeInteger<uint16_t>(bytes, index, value);
  case ElementType::UInt32:
    return storeInteger<uint32_t>(bytes, index, value);
  case ElementType::UInt64:
    return storeInteger<uint64_t>(bytes, index, value);
  case ElementType::Float8E4M3FN:
  case ElementType::Float8E5M2: {
    llvm::APFloat narrow(value);
    bool lossy;
    narrow.convert(getSemantics(type), llvm::APFloat::rmNearestTiesToEven,
                   &lossy);
    return store<uint8_t>(bytes, index,
                          uint8_t(narrow.bitcastToAPInt().getZExtValue()));
  }
  case ElementType::Float16:
    return store<uint16_t>(bytes, index, toHalf(value));
  case ElementType::BFloat16:
    return store<uint16_t>(bytes, index, toBFloat(value));
  case ElementType::Float32:
    return store<float>(bytes, index, float(value));
  case ElementType::Float64:
    return store<double>(bytes, index, value);
  }
  llvm_unreachable("all element types are handled");
}

void Array::reinterpret(ElementType newType) {
  assert(getByteWidth(newType) == getByteWidth(type) && "width changes");
  type = newType;
}

Array Array::clone() const {
  Array copy(type, shape);
  if (count)
    std::memcpy(copy.getData(), getData(), getNumBytes());
  return copy;
}

Array Array::convertTo(ElementType newType) const {
  if (newType == type)
    return clone();
  Array result(newType, shape);
  for (int64_t i = 0; i < count; ++i)
    result.set(i, get(i));
  return result;
}
