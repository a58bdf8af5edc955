//===- GLUDifferential.cpp - Random gated units against float64 -----------===//
//
// Tries cases of consecutive seeds in several processes: one that crashes or
// hangs is a failure like another.
//
//===----------------------------------------------------------------------===//

#include "Generator.h"
#include "Stages.h"

#include "glu/Pipelines/Pipelines.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace glu::differential;
using llvm::outs;

namespace {
struct Options {
  uint64_t cases = 100, seed = 1;
  unsigned jobs = 1, optLevel = 0, timeout = 60, maxFailures = 10;
  std::optional<uint64_t> print;
};

/// What the processes share.
struct Shared {
  std::atomic<uint64_t> next, failures;
  std::atomic<uint64_t> counts[6];
};
} // namespace

static void report(uint64_t seed, const Failure &failure) {
  outs() << "FAILED: case " << seed << ", stage '" << failure.stage
         << "': " << failure.message << "\n"
         << "again: GLUDifferential --cases=1 --seed=" << seed << "\n"
         << generate(seed).text;
  if (!failure.text.empty())
    outs() << "// What the stage was given:\n" << failure.text;
  outs().flush();
}

/// Tries cases until there are no more; `current` is the one it is at.
static void work(const Options &options, Shared &shared,
                 std::atomic<uint64_t> &current) {
  mlir::DialectRegistry registry;
  glu::registerAllDialects(registry);
  std::unique_ptr<mlir::MLIRContext> context;
  for (unsigned count = 0;; ++count) {
    uint64_t seed = shared.next++;
    if (seed >= options.seed + options.cases ||
        shared.failures >= options.maxFailures)
      return;
    if (count % 64 == 0) // A context never forgets.
      context = std::make_unique<mlir::MLIRContext>(
          registry, mlir::MLIRContext::Threading::DISABLED);
    current = seed;
    alarm(options.timeout);
    Statistics s;
    if (auto failure =
            tryCase(*context, generate(seed), seed, options.optLevel, s)) {
      ++shared.failures;
      report(seed, *failure);
    }
    alarm(0);
    uint64_t counts[] = {s.cases, s.raised, s.fused,
                         s.named, s.packed, s.tiled};
    for (auto [total, count] : llvm::zip(shared.counts, counts))
      total += count;
  }
}

/// Keeps `jobs` processes at work, replacing those that die.
static void supervise(const Options &options, Shared &shared,
                      std::atomic<uint64_t> *current) {
  auto start = [&](unsigned job) {
    outs().flush();
    pid_t child = fork();
    if (child == 0) {
      work(options, shared, current[job]);
      outs().flush();
      _exit(0);
    }
    return child;
  };
  llvm::SmallVector<pid_t> children;
  for (unsigned job = 0; job < options.jobs; ++job)
    children.push_back(start(job));
  int status = 0;
  while (pid_t child = wait(&status)) {
    if (child < 0)
      return;
    auto *job = llvm::find(children, child);
    if (job == children.end() || (WIFEXITED(status) && !WEXITSTATUS(status)))
      continue;
    uint64_t seed = current[job - children.begin()];
    bool isHang = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    report(seed, {"unknown", isHang ? "takes too long" : "crashes", {}});
    if (++shared.failures < options.maxFailures)
      *job = start(unsigned(job - children.begin()));
  }
}

/// Parses `--NAME=NUMBER`.
static bool parse(llvm::StringRef argument, Options &options) {
  auto [name, text] = argument.split('=');
  uint64_t number = 0;
  if (text.getAsInteger(10, number))
    return false;
  if (name == "--cases")
    options.cases = number;
  else if (name == "--seed")
    options.seed = number;
  else if (name == "--jobs")
    options.jobs = unsigned(std::clamp<uint64_t>(number, 1, 256));
  else if (name == "--opt-level")
    options.optLevel = unsigned(std::min<uint64_t>(number, 3));
  else if (name == "--timeout")
    options.timeout = unsigned(number);
  else if (name == "--max-failures")
    options.maxFailures = unsigned(number);
  else if (name == "--print")
    options.print = number;
  else
    return false;
  return true;
}

template <typename T>
static T *shareMemory(size_t count) {
  void *memory = mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) T[count];
}

int main(int argc, char **argv) {
  Options options;
  for (llvm::StringRef argument : llvm::ArrayRef(argv, argc).drop_front())
    if (!parse(argument, options)) {
      llvm::errs()
          << "usage: GLUDifferential [--cases=N] [--seed=FIRST] [--jobs=N] "
             "[--opt-level=0..3] [--timeout=SECONDS] [--max-failures=N] "
             "[--print=SEED]\n";
      return 2;
    }
  if (options.print) {
    outs() << generate(*options.print).text;
    return 0;
  }
  auto *shared = shareMemory<Shared>(1);
  auto *current = shareMemory<std::atomic<uint64_t>>(options.jobs);
  if (!shared || !current)
    return 2;
  shared->next = options.seed;
  supervise(options, *shared, current);

  auto &counts = shared->counts;
  outs() << "cases " << counts[0] << "\n";
  llvm::StringRef names[] = {"raised", "fused", "named", "packed", "scheduled"};
  for (auto [i, name] : llvm::enumerate(names))
    outs() << name << " " << counts[i + 1] << "\n";
  outs() << "failures " << shared->failures << "\n";
  if (shared->failures)
    return 1;
  // Or the test tests nothing.
  if (counts[0] >= 50 &&
      (counts[1] * 2 < counts[0] || counts[2] * 2 < counts[0] ||
       counts[4] * 2 < counts[0])) {
    outs() << "FAILED: too few cases are raised, fused or packed\n";
    return 1;
  }
  return 0;
}
