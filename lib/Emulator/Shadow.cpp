//===- Shadow.cpp - Who touched shared memory last ------------------------===//

#include "Shadow.h"

using namespace glu;

Conflict SharedShadow::access(Cell &cell, Access access, Accessor accessor,
                              const Clock &clock) const {
  uint32_t self = accessor.number + 1;
  auto isUnordered = [&](const Stamp &stamp) {
    return stamp.number && (accessor.isAsync || stamp.number != self) &&
           !clock.covers(stamp.number - 1, stamp.time);
  };
  const Stamp writer = cell.writer;
  if (cell.isMbarrier)
    return {Conflict::Mbarrier, 0};
  if (cell.isPending)
    return {Conflict::Pending, writer.number - 1};
  if (access == Access::Read && !writer.number)
    return {Conflict::Unwritten, 0};
  if (isUnordered(writer))
    return {Conflict::Writer, writer.number - 1};
  if (accessor.isAsync && writer.number && writer.number - 1 < threads &&
      !isKnown(clock.fenced, writer.number - 1, writer.time))
    return {Conflict::ProxyFence, writer.number - 1};
  if (access == Access::Read) {
    // Its own older read, one that is in order by now, or the other.
    Stamp *place = &cell.readers[1];
    for (Stamp &reader : cell.readers)
      if (reader.number == self || !isUnordered(reader)) {
        place = &reader;
        break;
      }
    *place = {self, accessor.time};
    return {};
  }
  for (const Stamp &reader : cell.readers)
    if (isUnordered(reader))
      return {Conflict::Reader, reader.number - 1};
  cell.writer = {self, accessor.time};
  cell.readers[0] = cell.readers[1] = Stamp();
  cell.isPending = access == Access::AsyncWrite;
  return {};
}

Conflict SharedShadow::access(Access access, size_t offset, size_t bytes,
                              Accessor accessor, const Clock &clock) {
  Cell before, after;
  for (size_t i = offset; i < offset + bytes; ++i) {
    // Neighbours mostly have the same past.
    if (i > offset && cells[i] == before) {
      cells[i] = after;
      continue;
    }
    before = cells[i];
    if (Conflict conflict = this->access(cells[i], access, accessor, clock);
        conflict.kind != Conflict::None)
      return conflict;
    after = cells[i];
  }
  return {};
}

void SharedShadow::completeAsync(size_t offset, size_t bytes, uint32_t thread,
                                 const Clock &clock) {
  for (size_t i = offset; i < offset + bytes; ++i) {
    cells[i].writer = {thread + 1, clock.own};
    cells[i].isPending = false;
  }
}

void SharedShadow::setMbarrier(size_t offset, size_t bytes, bool isMbarrier) {
  for (size_t i = offset; i < offset + bytes; ++i)
    cells[i].isMbarrier = isMbarrier;
}
