//===- XLAHandler.h - Kernels that XLA's programs call ----------*- C++ -*-===//
//
// A custom call of XLA has inputs, one result, and the attributes `key`,
// `kernel`, `options` (strings) and `arguments` (integers). The key says all
// that the others say: calls of a key are kept for the life of the process, as
// the programs that refer to them. Where a key is not known, as in a program
// that was compiled by another process, the call is made anew from the others.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_XLAHANDLER_H
#define GLU_PYTHON_RUNTIME_XLAHANDLER_H

#include "Call.h"

#include <functional>
#include <string>

namespace glu::python {

/// What a custom call says of itself.
struct XLACallText {
  std::string key, kernel, options;
  std::vector<int64_t> arguments;
};

/// Makes a call; throws std::exception. Called without Python's lock, on any
/// thread.
using XLACallMaker = std::function<Call(const XLACallText &)>;

/// Says how calls of unknown keys are made.
void setXLACallMaker(XLACallMaker maker);
/// Keeps the call of a key, if there is none yet.
void addXLACall(const std::string &key, Call call);
/// The address of the function that XLA calls.
void *getXLAHandler();

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_XLAHANDLER_H
