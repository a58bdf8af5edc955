//===- TensorMaps.cpp - Boxes of tensors in global memory -----------------===//
//
// What a map may say: CUDA driver API manual, cuTensorMapEncodeTiled.
//
//===----------------------------------------------------------------------===//

#include "TensorMaps.h"

#include <cstring>

using namespace glu;

static constexpr uint32_t mapMagic = 0x3d70616d; // No pointer, no zeros.

/// Bytes of an element, by the driver's number of its type; 0 if it has none.
static unsigned getElementBytes(int64_t type) {
  static const uint8_t bytes[] = {1, 2, 4, 4, 8, 8, 2, 4, 8, 2, 4, 4, 4};
  return type >= 0 && type < int64_t(sizeof(bytes)) ? bytes[type] : 0;
}

uint64_t DecodedTensorMap::getBoxBytes() const {
  uint64_t bytes = elementBytes;
  for (unsigned d = 0; d < rank; ++d)
    bytes *= boxes[d];
  return bytes;
}

std::string glu::checkTensorMap(const TensorMapRequest &request) {
  int64_t elementBytes = getElementBytes(request.type);
  if (!elementBytes)
    return "there is no element type " + std::to_string(request.type);
  if (request.rank < 1 || request.rank > 5)
    return "its rank is not 1 to 5";
  if (request.swizzle < 0 || request.swizzle > 3)
    return "there is no swizzle " + std::to_string(request.swizzle);
  if (!request.base || reinterpret_cast<uintptr_t>(request.base) % 16)
    return "the tensor's address is not a multiple of 16";
  for (int64_t d = 0; d < request.rank; ++d) {
    std::string dimension = " of dimension " + std::to_string(d);
    if (request.sizes[d] < 1 || request.sizes[d] > int64_t(1) << 32)
      return "the size" + dimension + " is not 1 to 2^32";
    if (request.boxes[d] < 1 || request.boxes[d] > 256)
      return "the box" + dimension + " is not 1 to 256";
    if (d == 0)
      continue;
    int64_t stride = request.strides[d - 1];
    if (stride < 0 || stride % 16 || stride >= int64_t(1) << 40)
      return "the stride" + dimension + " is not a multiple of 16 below 2^40";
  }
  int64_t row = request.boxes[0] * elementBytes;
  if (row % 16)
    return "the box's rows are no multiples of 16 bytes";
  if (request.swizzle && row > 16 << request.swizzle)
    return "the box's rows are longer than the swizzle";
  return "";
}

TensorMap glu::encodeTensorMap(const TensorMapRequest &request) {
  DecodedTensorMap decoded = {};
  decoded.magic = mapMagic;
  decoded.elementBytes = getElementBytes(request.type);
  decoded.rank = uint8_t(request.rank);
  decoded.swizzle = uint8_t(request.swizzle);
  decoded.base = reinterpret_cast<uintptr_t>(request.base);
  for (unsigned d = 0; d < 5; ++d) {
    decoded.lastIndices[d] = uint32_t(request.sizes[d] - 1);
    decoded.boxes[d] = uint16_t(request.boxes[d]);
    if (d > 0)
      decoded.strides[d - 1] = request.strides[d - 1];
  }
  TensorMap map = {};
  static_assert(sizeof(decoded) <= sizeof(map), "it fits");
  std::memcpy(&map, &decoded, sizeof(decoded));
  return map;
}

bool glu::decodeTensorMap(const void *map, DecodedTensorMap &decoded) {
  std::memcpy(&decoded, map, sizeof(decoded));
  return decoded.magic == mapMagic;
}
