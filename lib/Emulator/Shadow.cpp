//===- Shadow.cpp - Who touched shared memory last ------------------------===//

#include "Shadow.h"

#include <algorithm>

using namespace glu;

void glu::joinClocks(std::vector<Clock> &clocks,
                     const std::vector<uint32_t> &members) {
  auto joined =
      std::make_shared<std::vector<uint32_t>>(*clocks[members.front()].known);
  const std::vector<uint32_t> *last = clocks[members.front()].known.get();
  for (uint32_t thread : members) {
    const std::vector<uint32_t> *known = clocks[thread].known.get();
    if (known == last)
      continue;
    for (size_t i = 0; i < known->size(); ++i)
      (*joined)[i] = std::max((*joined)[i], (*known)[i]);
    last = known;
  }
  for (uint32_t thread : members)
    (*joined)[thread] = std::max((*joined)[thread], clocks[thread].own);
  for (uint32_t thread : members) {
    clocks[thread].known = joined;
    ++clocks[thread].own;
  }
}

static std::string describe(uint32_t thread) {
  return "thread " + std::to_string(thread - 1);
}

std::string SharedShadow::access(Access access, size_t offset, size_t bytes,
                                 uint32_t thread, const Clock &clock) {
  uint32_t self = thread + 1;
  auto isUnordered = [&](const Stamp &stamp) {
    return stamp.thread && stamp.thread != self &&
           !clock.covers(stamp.thread - 1, stamp.time);
  };
  for (size_t i = offset; i < offset + bytes; ++i) {
    Cell &cell = cells[i];
    if (cell.isPending)
      return "of bytes that an asynchronous copy of " +
             describe(cell.writer.thread) +
             " is still writing: nobody waited for it";
    if (access == Access::Read) {
      if (!cell.writer.thread)
        return "of bytes that nobody has written";
      if (isUnordered(cell.writer))
        return "races with a write of " + describe(cell.writer.thread) +
               ": no barrier between";
      // Its own older read, one that is in order by now, or the other.
      Stamp *place = &cell.readers[1];
      for (Stamp &reader : cell.readers)
        if (!isUnordered(reader)) {
          place = &reader;
          break;
        }
      *place = {self, clock.own};
      continue;
    }
    if (isUnordered(cell.writer))
      return "races with a write of " + describe(cell.writer.thread) +
             ": no barrier between";
    for (const Stamp &reader : cell.readers)
      if (isUnordered(reader))
        return "races with a read of " + describe(reader.thread) +
               ": no barrier between";
    cell.writer = {self, clock.own};
    cell.readers[0] = cell.readers[1] = Stamp();
    cell.isPending = access == Access::AsyncWrite;
  }
  return "";
}

void SharedShadow::completeAsync(size_t offset, size_t bytes, uint32_t thread,
                                 const Clock &clock) {
  for (size_t i = offset; i < offset + bytes; ++i) {
    cells[i].writer = {thread + 1, clock.own};
    cells[i].isPending = false;
  }
}
