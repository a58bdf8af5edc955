//===- XLA.h - The structures that XLA passes to its callees ----*- C++ -*-===//
//
// The part that is used here of XLA's foreign function interface, version 0 of
// its C ABI: https://openxla.org/xla/custom_call. Every structure begins with
// its size, which grows where a version adds members at its end.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_XLA_H
#define GLU_PYTHON_RUNTIME_XLA_H

#include <cstddef>
#include <cstdint>

namespace glu::python::xla {

struct Error; ///< XLA's own.

enum class ErrorCode : int { InvalidArgument = 3 };

/// A list of further structures.
struct Extension {
  size_t size;
  int type;
  Extension *next;
};
constexpr int extensionMetadata = 1;

struct Version {
  size_t size;
  Extension *extension;
  int major, minor;
};
constexpr int majorVersion = 0;

struct ErrorArguments {
  size_t size;
  Extension *extension;
  const char *message;
  ErrorCode code;
};

/// XLA's functions.
struct API {
  size_t size;
  Extension *extension;
  Version version;
  const void *internal;
  Error *(*createError)(ErrorArguments *);
};

/// What XLA asks for when a callee is registered.
struct Metadata {
  size_t size;
  Version version;
  uint32_t traits;
  int64_t stateType;
};
struct MetadataExtension {
  Extension base;
  Metadata *metadata;
};

/// Element types of buffers.
enum class Type : int {
  Float16 = 10,
  Float32 = 11,
  Float64 = 12,
  BFloat16 = 16
};

struct Buffer {
  size_t size;
  Extension *extension;
  Type type;
  void *data;
  int64_t rank;
  int64_t *sizes;
};
constexpr int argumentBuffer = 1;

/// Arguments, or results.
struct Buffers {
  size_t size;
  Extension *extension;
  int64_t count;
  int *types;
  Buffer **buffers;
};

struct Span {
  const char *data;
  size_t size;
};
constexpr int attributeString = 4;

/// Attributes, sorted by name.
struct Attributes {
  size_t size;
  Extension *extension;
  int64_t count;
  int *types;
  Span **names;
  void **values;
};

struct CallFrame {
  size_t size;
  Extension *extension;
  const API *api;
  void *context;
  int stage;
  Buffers arguments;
  Buffers results;
  Attributes attributes;
};
constexpr int stageExecute = 3;

} // namespace glu::python::xla

#endif // GLU_PYTHON_RUNTIME_XLA_H
