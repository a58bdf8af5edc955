//===- TensorMaps.cpp - Tensor maps, made once ----------------------------===//

#include "glu/Runtime/TensorMaps.h"

#include <cstring>

using namespace glu;

bool TensorMapRequest::operator<(const TensorMapRequest &other) const {
  static_assert(sizeof(TensorMapRequest) == 18 * 8, "there is no padding");
  return std::memcmp(this, &other, sizeof(other)) < 0;
}

TensorMap *TensorMapCache::get(const TensorMapRequest &request, Encode encode) {
  if (auto found = maps.find(request); found != maps.end())
    return &found->second;
  TensorMap map;
  if (!encode(request, map))
    return &none;
  if (maps.size() == most) {
    maps.erase(oldestFirst.front());
    oldestFirst.pop_front();
  }
  oldestFirst.push_back(maps.emplace(request, map).first);
  return &oldestFirst.back()->second;
}
