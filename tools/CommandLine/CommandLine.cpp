//===- CommandLine.cpp - Options of the tools -----------------------------===//

#include "CommandLine.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>

using namespace llvm;

void CommandLine::addText(StringRef name, std::string &target,
                          StringRef expected) {
  add(name, [&target, expected](StringRef value) {
    target = value.str();
    return value.empty() ? expected : "";
  });
}

void CommandLine::addList(StringRef name, SmallVectorImpl<std::string> &target,
                          StringRef expected) {
  add(name, [&target, expected](StringRef value) {
    target.push_back(value.str());
    return value.empty() ? expected : "";
  });
}

Error CommandLine::parse(ArrayRef<const char *> arguments, std::string &file) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    StringRef argument = arguments[i];
    if (!argument.starts_with("-") || argument == "-") {
      if (!file.empty())
        return createStringError("more than one input file: '" + file +
                                 "' and '" + argument + "'");
      file = argument.str();
      continue;
    }
    auto [name, value] = argument.split('=');
    if (auto flag = flags.find(name); flag != flags.end()) {
      if (argument.contains('='))
        return createStringError(name + " takes no value");
      *flag->second = true;
      continue;
    }
    auto parser = parsers.find(name);
    if (parser == parsers.end())
      return createStringError("unknown option '" + argument + "'; see --help");
    // '--entry main' is as good as '--entry=main'.
    if (!argument.contains('=') && i + 1 < arguments.size())
      value = arguments[++i];
    if (StringRef expected = parser->second(value); !expected.empty())
      return createStringError(name + ": expected " + expected + ", got '" +
                               value + "'");
  }
  return Error::success();
}

void reportFatalErrors(const char *program, int exitCode) {
  static struct {
    const char *program;
    int exitCode;
  } data;
  data = {program, exitCode};
  install_fatal_error_handler(
      [](void *, const char *reason, bool) {
        // Of several lines, the first says what.
        errs() << data.program
               << ": error: LLVM: " << StringRef(reason).split('\n').first
               << "\n";
        sys::Process::Exit(data.exitCode, /*NoCleanup=*/true);
      },
      nullptr);
  // A trap of x86, in code that was compiled or folded; others return a number.
  std::signal(SIGFPE, [](int) {
    errs()
        << data.program
        << ": error: an integer is divided by zero, or the least one by -1\n";
    sys::Process::Exit(data.exitCode, /*NoCleanup=*/true);
  });
}
