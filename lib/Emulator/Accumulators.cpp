//===- Accumulators.cpp - Registers that wgmma writes ---------------------===//
//
// PTX ISA manual, "Asynchronous Warpgroup Level Matrix Instructions".
//
//===----------------------------------------------------------------------===//

#include "Accumulators.h"
#include "Block.h"
#include "Functions.h"

#include <algorithm>
#include <cstring>

using namespace glu;

// Sign and exponent of a quiet NaN, then 9 bits of version, 6 of the
// accumulator's number, 7 of the register's. Version 0 is the CPU's own NaN,
// the last one would be all ones, which is what nobody has written.
static constexpr uint32_t nameBits = 0xffc00000u, registerBits = 0x7f,
                          numberShift = 7, versionShift = 13,
                          versionCount = 510;

static uint32_t getBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static uint32_t getNumber(uint32_t name) {
  return name >> numberShift & (Accumulators::count - 1);
}

/// Whether a product of the thread has such a name, now or earlier.
static bool isName(const Accumulators &accumulators, float value) {
  uint32_t bits = getBits(value), version = (bits & ~nameBits) >> versionShift;
  return (bits & nameBits) == nameBits && version > 0 &&
         version <= std::min(accumulators.versions, versionCount) &&
         getNumber(bits) < accumulators.all.size();
}

static bool isInFlight(const Accumulators &accumulators,
                       const Accumulator &accumulator) {
  return accumulator.lastProduct > accumulators.waited;
}

/// The number in a register, which must be there.
static float read(Launch &launch, float value, int32_t site) {
  Accumulators &accumulators = launch.getThread().accumulators;
  if (!isName(accumulators, value))
    return value;
  uint32_t bits = getBits(value), number = bits & registerBits;
  Accumulator &accumulator = accumulators.all[getNumber(bits)];
  if (accumulator.name != (bits & ~registerBits))
    launch.fail("an accumulator is used that a later wgmma has taken over",
                site);
  if (isInFlight(accumulators, accumulator))
    launch.fail("an accumulator is used that wgmma is still writing: no "
                "wgmma.wait_group between",
                site);
  accumulator.isRead = true;
  return accumulator.values[number];
}

static void rename(Accumulators &accumulators, Accumulator &accumulator) {
  uint32_t version = accumulators.versions++ % versionCount + 1;
  uint32_t number = uint32_t(&accumulator - accumulators.all.data());
  accumulator.name = nameBits | version << versionShift | number << numberShift;
}

/// Whether the registers are those of one accumulator, as its last product left
/// them.
static Accumulator *findWhole(Accumulators &accumulators,
                              const float *registers, uint32_t size) {
  if (!isName(accumulators, registers[0]))
    return nullptr;
  Accumulator &accumulator = accumulators.all[getNumber(getBits(registers[0]))];
  if (accumulator.values.size() != size)
    return nullptr;
  for (uint32_t i = 0; i < size; ++i)
    if (getBits(registers[i]) != (accumulator.name | i))
      return nullptr;
  return &accumulator;
}

static constexpr const char *noFence =
    "wgmma.mma_async on registers that were accessed since the last "
    "wgmma.fence";

uint32_t glu::takeAccumulator(Launch &launch, float *registers, uint32_t size,
                              bool isRead, int32_t site) {
  Accumulators &accumulators = launch.getThread().accumulators;
  Accumulator *accumulator = findWhole(accumulators, registers, size);
  if (accumulator) {
    // Of products of one shape, one after another, the order is kept.
    if (accumulator->isRead)
      launch.fail(noFence, site);
  } else {
    if (!accumulators.hasFence)
      launch.fail(noFence, site);
    for (uint32_t i = 0; i < size; ++i)
      registers[i] = isRead ? read(launch, registers[i], site) : 0;
    if (accumulators.all.size() < Accumulators::count)
      accumulators.all.resize(accumulators.all.size() + 1);
    accumulator = &accumulators.all[accumulators.next++ % Accumulators::count];
    if (isInFlight(accumulators, *accumulator))
      launch.fail("wgmma.mma_async: more accumulators than the emulator has",
                  site);
    accumulator->values.assign(registers, registers + size);
  }
  accumulator->isRead = false;
  accumulator->lastProduct = ++accumulators.products;
  rename(accumulators, *accumulator);
  for (uint32_t i = 0; i < size; ++i) {
    uint32_t bits = accumulator->name | i;
    std::memcpy(registers + i, &bits, sizeof(bits));
  }
  return uint32_t(accumulator - accumulators.all.data());
}

static float readAccumulator(float value, int32_t site) {
  return read(*Launch::current, value, site);
}

void glu::visitAccumulatorFunctions(const FunctionVisitor &add) {
  add("glu_emulate_accumulator", readAccumulator);
}
