//===- Clock.cpp - What a thread knows of the others ----------------------===//

#include "Clock.h"

#include <algorithm>

using namespace glu;

/// Whether nothing of `b` is news to `a`.
static bool contains(const std::vector<uint32_t> &a,
                     const std::vector<uint32_t> &b) {
  size_t common = std::min(a.size(), b.size());
  bool isLess = false;
  for (size_t i = 0; i < common; ++i)
    isLess |= a[i] < b[i];
  return !isLess && b.size() <= a.size();
}

Times glu::join(const Times &a, const Times &b) {
  // Lists are shared where they can be: most joins then are of two equal ones.
  if (a == b || !b)
    return a;
  if (!a || contains(*b, *a))
    return b;
  if (contains(*a, *b))
    return a;
  const Times &longer = a->size() < b->size() ? b : a,
              &other = a->size() < b->size() ? a : b;
  auto joined = std::make_shared<std::vector<uint32_t>>(*longer);
  for (size_t i = 0; i < other->size(); ++i)
    (*joined)[i] = std::max((*joined)[i], (*other)[i]);
  return joined;
}

Times glu::meet(const Times &a, const Times &b) {
  if (a == b || !a || !b)
    return a && b ? a : nullptr;
  auto met =
      std::make_shared<std::vector<uint32_t>>(std::min(a->size(), b->size()));
  for (size_t i = 0; i < met->size(); ++i)
    (*met)[i] = std::min((*a)[i], (*b)[i]);
  return met;
}

Times glu::join(const Times &times, uint32_t number, uint32_t time) {
  if (time == 0 || isKnown(times, number, time))
    return times;
  auto joined = times ? std::make_shared<std::vector<uint32_t>>(*times)
                      : std::make_shared<std::vector<uint32_t>>();
  if (joined->size() <= number)
    joined->resize(number + 1);
  (*joined)[number] = time;
  return joined;
}

void glu::joinClocks(std::vector<Clock> &clocks,
                     const std::vector<uint32_t> &members) {
  Times known, fenced;
  size_t size = 0;
  for (uint32_t thread : members) {
    known = join(known, clocks[thread].known);
    fenced = join(fenced, clocks[thread].fenced);
    size = std::max<size_t>(size, thread + 1);
  }
  auto joined = known ? std::make_shared<std::vector<uint32_t>>(*known)
                      : std::make_shared<std::vector<uint32_t>>();
  joined->resize(std::max(joined->size(), size));
  for (uint32_t thread : members)
    (*joined)[thread] = std::max((*joined)[thread], clocks[thread].own);
  for (uint32_t thread : members) {
    clocks[thread].known = joined;
    clocks[thread].fenced = fenced;
    ++clocks[thread].own;
  }
}
