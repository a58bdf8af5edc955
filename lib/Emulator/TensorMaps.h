//===- TensorMaps.h - Boxes of tensors in global memory ---------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_TENSORMAPS_H
#define GLU_LIB_EMULATOR_TENSORMAPS_H

#include "glu/Runtime/TensorMaps.h"

#include <string>

namespace glu {

/// What the emulator keeps in the 128 bytes.
struct DecodedTensorMap {
  uint32_t magic;
  uint8_t elementBytes, rank, swizzle;
  uint64_t base;
  uint32_t lastIndices[5]; ///< Sizes less one.
  uint64_t strides[4];
  uint16_t boxes[5];

  uint64_t getBoxBytes() const;
};

/// Why the driver would not make such a map, or nothing.
std::string checkTensorMap(const TensorMapRequest &request);
TensorMap encodeTensorMap(const TensorMapRequest &request);
/// False if it is no map.
bool decodeTensorMap(const void *map, DecodedTensorMap &decoded);

/// The part of a row of a box that is inside of the tensor.
struct BoxRun {
  char *global;
  uint64_t inBox; ///< Bytes from the begin of the box, rows behind each other.
  uint64_t bytes;
};

/// Calls `visit` for each run of the box at `coordinates`.
template <typename Visit>
void forEachRun(const DecodedTensorMap &map, const int32_t *coordinates,
                Visit visit) {
  uint64_t rows = 1;
  for (unsigned d = 1; d < map.rank; ++d)
    rows *= map.boxes[d];
  int64_t size = int64_t(map.lastIndices[0]) + 1, begin = coordinates[0],
          end = begin + map.boxes[0];
  int64_t first = begin < 0 ? 0 : begin, last = end < size ? end : size;
  if (first >= last)
    return;
  for (uint64_t row = 0; row < rows; ++row) {
    uint64_t rest = row, offset = 0;
    bool isInside = true;
    for (unsigned d = 1; d < map.rank; ++d) {
      int64_t index = coordinates[d] + int64_t(rest % map.boxes[d]);
      rest /= map.boxes[d];
      isInside &= index >= 0 && index <= int64_t(map.lastIndices[d]);
      offset += uint64_t(index) * map.strides[d - 1];
    }
    if (isInside)
      visit(BoxRun{reinterpret_cast<char *>(map.base + offset +
                                            uint64_t(first) * map.elementBytes),
                   (row * map.boxes[0] + uint64_t(first - begin)) *
                       map.elementBytes,
                   uint64_t(last - first) * map.elementBytes});
  }
}

} // namespace glu

#endif // GLU_LIB_EMULATOR_TENSORMAPS_H
