//===- TensorMaps.h - Tensor maps, made once --------------------*- C++ -*-===//
//
// A tensor map is 128 opaque bytes that tell a GPU's copy engine how a tensor
// lies in memory and what a box of it is. Kernels take it by value.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RUNTIME_TENSORMAPS_H
#define GLU_RUNTIME_TENSORMAPS_H

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>

namespace glu {

/// What a map says, by the numbers of the driver's API; dimensions from the
/// innermost one, those beyond the rank of size 1. Elements beyond the edges
/// are zeros.
struct TensorMapRequest {
  void *base;
  int64_t type, rank, swizzle;
  int64_t sizes[5];   ///< Elements.
  int64_t strides[4]; ///< Bytes, of the dimensions but the innermost one.
  int64_t boxes[5];   ///< Elements.

  bool operator<(const TensorMapRequest &other) const;
};

struct alignas(64) TensorMap {
  char bytes[128];
};

/// The maps that a thread has asked for lately.
class TensorMapCache {
public:
  using Encode = bool (*)(const TensorMapRequest &request, TensorMap &map);
  /// Valid for many calls more. Zeros if `encode` says false.
  TensorMap *get(const TensorMapRequest &request, Encode encode);

private:
  /// Many more than a call of compiled code needs.
  static constexpr size_t most = 1024;
  std::map<TensorMapRequest, TensorMap> maps;
  std::list<std::map<TensorMapRequest, TensorMap>::iterator> oldestFirst;
  TensorMap none = {};
};

/// What compiled code calls, for a runtime that encodes so.
template <TensorMapCache::Encode encode>
void *getTensorMap(void *base, int64_t type, int64_t rank, int64_t swizzle,
                   int64_t size0, int64_t size1, int64_t size2, int64_t size3,
                   int64_t size4, int64_t stride1, int64_t stride2,
                   int64_t stride3, int64_t stride4, int64_t box0, int64_t box1,
                   int64_t box2, int64_t box3, int64_t box4) {
  static thread_local TensorMapCache cache;
  return cache.get({base,
                    type,
                    rank,
                    swizzle,
                    {size0, size1, size2, size3, size4},
                    {stride1, stride2, stride3, stride4},
                    {box0, box1, box2, box3, box4}},
                   encode);
}

} // namespace glu

#endif // GLU_RUNTIME_TENSORMAPS_H
