//===- XLAHandler.h - Kernels that XLA's programs call ----------*- C++ -*-===//
//
// A custom call of XLA has inputs, one result, and the attributes `key`,
// `kernel` and `options`, strings. The key says all that the others say: calls
// of a key are kept for the life of the process, as the programs that refer to
// them. Where a key is not known, as in a program that was compiled by another
// process, the call is made anew from the others.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_XLAHANDLER_H
#define GLU_PYTHON_RUNTIME_XLAHANDLER_H

#include "ArrayView.h"
#include "Call.h"

#include <functional>
#include <string>

namespace glu::python {
namespace xla {
struct Buffers;
} // namespace xla

/// What a custom call says of itself.
struct XLACallText {
  std::string key, kernel, options;
};

/// A dense array.
struct XLABuffer {
  DType type;
  std::vector<int64_t> sizes;
};

/// A kernel's call and the buffers that it is for: the inputs and the result.
class XLACall {
public:
  /// Throws std::invalid_argument if `call` would leave the buffers.
  XLACall(Call call, std::vector<XLABuffer> buffers);

  /// Runs it on buffers of XLA's; throws std::invalid_argument if they have
  /// other types or sizes.
  void run(const xla::Buffers &inputs, const xla::Buffers &results) const;

private:
  Call call;
  std::vector<XLABuffer> buffers;
};

/// Makes a call; throws std::exception. Called without Python's lock, on any
/// thread.
using XLACallMaker = std::function<XLACall(const XLACallText &)>;

/// Says how calls of unknown keys are made.
void setXLACallMaker(XLACallMaker maker);
/// Keeps the call of a key, if there is none yet.
void addXLACall(const std::string &key, XLACall call);
/// The address of the function that XLA calls.
void *getXLAHandler();

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_XLAHANDLER_H
