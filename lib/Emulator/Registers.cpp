//===- Registers.cpp - How many registers threads may use -----------------===//
//
// PTX ISA manual, "Miscellaneous Instructions: setmaxnreg".
//
//===----------------------------------------------------------------------===//

#include "Registers.h"
#include "Block.h"
#include "Functions.h"

#include <algorithm>

using namespace glu;

/// What each thread has when the block begins: what the kernel says, or an
/// equal share of the multiprocessor's.
static uint32_t getInitialRegisters(Launch &launch) {
  constexpr uint32_t all = 65536, most = 255;
  uint32_t given = uint32_t(launch.getKernel().registers);
  uint32_t share = std::min(all / launch.countThreads(), most);
  return (given ? given : share) / 8 * 8;
}

static void setRegisters(uint32_t count, int32_t increases, int32_t site) {
  Launch &launch = *Launch::current;
  std::string name = increases ? "setmaxnreg.inc" : "setmaxnreg.dec";
  if (count < 24 || count > 256 || count % 8)
    launch.fail(name + " to " + std::to_string(count) +
                    " registers, which is not a multiple of 8 from 24 to 256",
                site);
  launch.warpgroupInstruction(increases ? "setmaxnreg.inc" : "setmaxnreg.dec",
                              nullptr);
  Thread &thread = launch.getThread();
  if (!thread.registers)
    thread.registers = getInitialRegisters(launch);
  uint32_t before = thread.registers;
  if (increases ? count < before : count > before)
    launch.fail(name + " to " + std::to_string(count) + " registers from " +
                    std::to_string(before),
                site);
  RegisterPool &pool = launch.getRegisterPool();
  if (increases) {
    while (pool.free < count - before) {
      pool.waiting.push_back(launch.getThreadNumber());
      launch.suspend("setmaxnreg.inc: there are not as many registers free", 0,
                     site);
    }
    pool.free -= count - before;
  } else {
    pool.free += before - count;
    for (uint32_t other : pool.waiting)
      launch.resume(other);
    pool.waiting.clear();
  }
  thread.registers = count;
}

void glu::visitRegisterFunctions(const FunctionVisitor &add) {
  add("glu_emulate_set_registers", setRegisters);
}
