//===- Report.cpp - What glu-run prints -----------------------------------===//

#include "Report.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;

bool Report::isRight() const {
  auto right = [](const Check &check) { return check.isRight(); };
  return all_of(expected, right) && all_of(verified, right);
}

static void printChecks(ArrayRef<Check> checks, StringRef against) {
  for (const Check &check : checks) {
    outs() << "result " << check.index << ": " << check.type << ", ";
    if (!check.sameShape)
      outs() << "WRONG: expected " << check.expectedType << "\n";
    else {
      outs() << "error " << format("%.3g", check.difference.error)
             << " against " << against << ", tolerance "
             << format("%.3g", check.tolerance);
      if (check.isRight())
        outs() << ": right\n";
      else
        outs() << ": WRONG, element " << check.difference.index << " is "
               << format("%.9g", check.difference.got) << ", expected "
               << format("%.9g", check.difference.want) << "\n";
    }
  }
}

static double getRate(double amount, double seconds) {
  return seconds > 0 ? amount / seconds * 1e-9 : 0;
}

static void printText(const Report &report, const Options &options) {
  printChecks(report.expected, "--expect");
  printChecks(report.verified, "float64");
  if (report.expected.empty() && report.verified.empty())
    for (auto [i, type] : enumerate(report.outputs))
      outs() << "result " << i << ": " << type << "\n";
  if (!report.timing)
    return;
  const Timing &timing = *report.timing;
  double rate = getRate(report.flops, timing.medianSeconds);
  outs() << format(
                "median %.6g ms, minimum %.6g ms of %u runs, %u thread%s%s\n",
                timing.medianSeconds * 1e3, timing.minSeconds * 1e3,
                timing.runs, options.threads, options.threads > 1 ? "s" : "",
                report.packed ? ", weights packed before" : "")
         << format("%.4g GFLOP/s, %.1f%% of the peak of %.4g measured now, "
                   "%.3g GB/s of arguments and results\n",
                   rate, 100 * rate / timing.peakGFlops, timing.peakGFlops,
                   getRate(report.bytes, timing.medianSeconds));
}

/// JSON has no infinity and no NaN.
static json::Value number(double value) {
  return std::isfinite(value) ? json::Value(value) : json::Value(nullptr);
}

static json::Array getChecks(ArrayRef<Check> checks) {
  json::Array array;
  for (const Check &check : checks)
    array.push_back(
        json::Object{{"result", int64_t(check.index)},
                     {"type", check.type},
                     {"error", check.sameShape ? number(check.difference.error)
                                               : json::Value(nullptr)},
                     {"tolerance", check.tolerance},
                     {"right", check.isRight()}});
  return array;
}

static void printJSON(const Report &report, const Options &options) {
  json::Object object{
      {"entry", report.entry},
      {"target", options.isGPU() ? options.chip : options.targetCPU},
      {"threads", int64_t(options.threads)},
      {"results", json::Array(report.outputs)}};
  if (!report.expected.empty() || !report.verified.empty())
    object["right"] = report.isRight();
  if (!report.expected.empty())
    object["expect"] = getChecks(report.expected);
  if (!report.verified.empty()) {
    object["verify"] = getChecks(report.verified);
    double error = 0;
    for (const Check &check : report.verified)
      error = std::fmax(error, check.difference.error);
    object["error"] = number(error);
  }
  if (report.timing) {
    const Timing &timing = *report.timing;
    object["median_s"] = timing.medianSeconds;
    object["min_s"] = timing.minSeconds;
    object["runs"] = int64_t(timing.runs);
    object["flops"] = report.flops;
    object["bytes"] = report.bytes;
    object["gflops"] = getRate(report.flops, timing.medianSeconds);
    object["gbytes_per_s"] = getRate(report.bytes, timing.medianSeconds);
    object["peak_gflops"] = timing.peakGFlops;
    object["prepacked"] = report.packed;
  }
  outs() << formatv("{0:2}", json::Value(std::move(object))) << "\n";
}

void print(const Report &report, const Options &options) {
  if (options.json)
    printJSON(report, options);
  else
    printText(report, options);
}
