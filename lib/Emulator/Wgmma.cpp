//===- Wgmma.cpp - Products of a warpgroup's matrices ---------------------===//
//
// PTX ISA manual, "Asynchronous Warpgroup Level Matrix Instructions: wgmma".
//
//===----------------------------------------------------------------------===//

#include "Wgmma.h"
#include "Block.h"
#include "Descriptors.h"
#include "Functions.h"

#include <algorithm>

using namespace glu;

static constexpr const char *name = "wgmma.mma_async";
static constexpr uint32_t rowCount = 64, chunkBytes = 16, depthBytes = 32;

namespace {
/// One of the two matrices in shared memory.
struct Operand {
  MatrixDescriptor descriptor;
  Element element;
  bool isKMajor;
  uint32_t outerSize; ///< Rows or columns of the product.

  Operand(const ProductShape &shape, bool isB)
      : descriptor(isB ? shape.b : shape.a),
        element(isB ? shape.elementB : shape.elementA),
        isKMajor(!shape.has(isB ? ProductShape::TransposedB
                                : ProductShape::TransposedA)),
        outerSize(isB ? shape.columns : rowCount) {}

  unsigned bytes() const { return getBytes(element); }
  uint32_t depth() const { return depthBytes / bytes(); }
  /// Calls `visit` with the address of each chunk, and the numbers of its first
  /// element among rows or columns and along K.
  template <typename Visit>
  void forEachChunk(Visit visit) const {
    uint32_t inChunk = chunkBytes / bytes(),
             inner = isKMajor ? depth() : outerSize,
             outer = isKMajor ? outerSize : depth();
    for (uint32_t o = 0; o < outer; ++o)
      for (uint32_t i = 0; i < inner; i += inChunk)
        visit(descriptor.getChunk(isKMajor, i, o, bytes()), isKMajor ? o : i,
              isKMajor ? i : o);
  }
  /// Elements by K, then by row or column.
  std::vector<float> load(const SharedMemory &shared, uint32_t rank) const {
    std::vector<float> values(depth() * outerSize);
    forEachChunk([&](uint32_t address, uint32_t outer, uint32_t k) {
      const char *chunk = shared.getPointer(rank, address);
      for (uint32_t i = 0; i < chunkBytes / bytes(); ++i)
        values[isKMajor ? (k + i) * outerSize + outer
                        : k * outerSize + outer + i] =
            fromBytes(element, chunk + i * bytes());
    });
    return values;
  }
};

/// What a thread brings.
struct Call {
  ProductShape shape;
  uint32_t accumulator;
  int32_t site;
};
} // namespace

/// Register i of lane l of warp w: PTX ISA manual, "Register Fragments for
/// wgmma.mma_async.m64nNk16".
static uint32_t getRow(uint32_t thread, uint32_t i) {
  return thread / warpSize * 16 + thread % warpSize / 4 + (i & 2 ? 8 : 0);
}
static uint32_t getColumn(uint32_t thread, uint32_t i) {
  return i / 4 * 8 + thread % 4 * 2 + (i & 1);
}

static void multiply(Launch &launch, const Product &product) {
  const ProductShape &shape = product.shape;
  Operand a(shape, false), b(shape, true);
  uint32_t rank = launch.getRank(product.firstThread), columns = b.outerSize;
  std::vector<float> valuesA = a.load(launch.getShared(), rank),
                     valuesB = b.load(launch.getShared(), rank);
  std::vector<double> sums(size_t(rowCount) * columns);
  for (uint32_t k = 0; k < a.depth(); ++k)
    for (uint32_t row = 0; row < rowCount; ++row) {
      double factor = valuesA[k * rowCount + row];
      const float *line = valuesB.data() + size_t(k) * columns;
      double *target = sums.data() + size_t(row) * columns;
      for (uint32_t column = 0; column < columns; ++column)
        target[column] += factor * line[column];
    }
  bool isNegated =
      shape.has(ProductShape::NegatedA) != shape.has(ProductShape::NegatedB);
  for (uint32_t thread = 0; thread < warpgroupSize; ++thread) {
    Accumulator &accumulator =
        launch.getThread(product.firstThread + thread)
            .accumulators.all[product.accumulators[thread]];
    for (uint32_t i = 0; i < accumulator.values.size(); ++i) {
      double sum =
          sums[size_t(getRow(thread, i)) * columns + getColumn(thread, i)];
      float &value = accumulator.values[i];
      // Rounded once; how hardware rounds on the way, the manual leaves open.
      value = float((shape.has(ProductShape::WithoutInput) ? 0.0 : value) +
                    (isNegated ? -sum : sum));
    }
  }
}

static void doNext(Launch &launch, Warpgroup &warpgroup) {
  multiply(launch, warpgroup.inFlight.front());
  warpgroup.inFlight.pop_front();
  ++warpgroup.done;
}

/// What all warps know: of a warp, what one of its lanes does.
static Clock getClockOfAll(Launch &launch, uint32_t first) {
  Clock all;
  for (uint32_t warp = 0; warp < warpgroupSize; warp += warpSize) {
    Times known, fenced;
    for (uint32_t thread = first + warp; thread < first + warp + warpSize;
         ++thread) {
      const Clock &clock = launch.getClock(thread);
      // Its own accesses as well.
      known = join(join(known, clock.known), thread, clock.own);
      fenced = join(fenced, clock.fenced);
    }
    all.known = warp ? meet(all.known, known) : known;
    all.fenced = warp ? meet(all.fenced, fenced) : fenced;
  }
  return all;
}

static void checkOperand(Launch &launch, const Operand &operand, bool isB,
                         Accessor accessor, const Clock &clock, int32_t site) {
  std::string matrix = isB ? " B" : " A";
  std::string wrong = operand.descriptor.check();
  if (!wrong.empty())
    launch.fail(name + (": the descriptor of" + matrix) + " " + wrong, site);
  const SharedMemory &shared = launch.getShared();
  operand.forEachChunk([&](uint32_t address, uint32_t, uint32_t) {
    char *chunk = shared.getPointer(launch.getRank(), address);
    if (!shared.contains(chunk, chunkBytes))
      launch.fail(name + (": the descriptor of" + matrix) + " reads address " +
                      std::to_string(address) +
                      ", which is not in the block's shared memory",
                  site);
    launch.accessAsync(Launch::Kind::Read, chunk, chunkBytes, accessor, clock,
                       isB ? " by wgmma of B" : " by wgmma of A", site);
  });
}

static void start(Launch &launch, uint32_t first, uint32_t) {
  const auto &call = *static_cast<const Call *>(launch.getThread().operands[0]);
  auto product = Product();
  product.shape = call.shape;
  product.firstThread = first;
  for (uint32_t i = 0; i < warpgroupSize; ++i) {
    const auto &other =
        *static_cast<const Call *>(launch.getLane(first, i).operands[0]);
    if (!(other.shape == call.shape))
      launch.fail(std::string(name) + ": the warpgroup's threads have other "
                                      "descriptors or shapes",
                  call.site);
    product.accumulators[i] = other.accumulator;
  }
  Warpgroup &warpgroup = launch.getWarpgroup();
  if (!warpgroup.unit)
    warpgroup.unit =
        launch.createUnit("wgmma of the warpgroup from thread " +
                          std::to_string(first % launch.countThreads()) +
                          " (no wgmma.wait_group between)");
  Accessor accessor = {warpgroup.unit, launch.getThread().accumulators.products,
                       /*isAsync=*/true};
  const Clock clock = getClockOfAll(launch, first);
  for (bool isB : {false, true})
    checkOperand(launch, Operand(call.shape, isB), isB, accessor, clock,
                 call.site);
  uint32_t number = accessor.time;
  warpgroup.inFlight.push_back(product);
  launch.getAsyncWork().start([&launch, &warpgroup, number] {
    while (warpgroup.done < number)
      doNext(launch, warpgroup);
  });
}

static void multiplyAsync(uint64_t a, uint64_t b, float *registers,
                          int32_t columns, int32_t elementA, int32_t elementB,
                          int32_t options, int32_t site) {
  Launch &launch = *Launch::current;
  ProductShape shape = {
      a, b, columns, Element(elementA), Element(elementB), options};
  Call call = {shape,
               takeAccumulator(launch, registers, columns / 2,
                               !shape.has(ProductShape::WithoutInput), site),
               site};
  launch.getThread().operands[0] = &call;
  launch.warpgroupInstruction(name, start);
}

static void fence() {
  Launch &launch = *Launch::current;
  launch.warpInstruction("wgmma.fence", ~0u, /*orders=*/false, nullptr);
  Accumulators &accumulators = launch.getThread().accumulators;
  accumulators.hasFence = true;
  for (Accumulator &accumulator : accumulators.all)
    accumulator.isRead = false;
}

static void commit() {
  Launch &launch = *Launch::current;
  launch.warpInstruction("wgmma.commit_group", ~0u, /*orders=*/false, nullptr);
  Accumulators &accumulators = launch.getThread().accumulators;
  accumulators.groups.push_back(accumulators.products);
}

static void waitForGroups(int32_t left) {
  Launch &launch = *Launch::current;
  launch.warpInstruction("wgmma.wait_group", ~0u, /*orders=*/false, nullptr);
  Accumulators &accumulators = launch.getThread().accumulators;
  accumulators.hasFence = false;
  std::vector<uint32_t> &groups = accumulators.groups;
  if (groups.size() <= size_t(left))
    return;
  accumulators.waited = groups[groups.size() - 1 - left];
  groups.erase(groups.begin(), groups.end() - left);
  Warpgroup &warpgroup = launch.getWarpgroup();
  while (warpgroup.done < accumulators.waited)
    doNext(launch, warpgroup);
  Clock &clock = launch.getClock();
  clock.known = join(clock.known, warpgroup.unit, accumulators.waited);
}

void glu::checkProductsAtEnd(Launch &launch) {
  const Accumulators &accumulators = launch.getThread().accumulators;
  if (accumulators.waited < accumulators.products)
    launch.fail("the thread ends, but has not waited for its wgmma");
}

void glu::visitWgmmaFunctions(const FunctionVisitor &add) {
  add("glu_emulate_wgmma", multiplyAsync);
  add("glu_emulate_wgmma_fence", fence);
  add("glu_emulate_wgmma_commit", commit);
  add("glu_emulate_wgmma_wait", waitForGroups);
  visitAccumulatorFunctions(add);
}
