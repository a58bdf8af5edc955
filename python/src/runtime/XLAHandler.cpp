//===- XLAHandler.cpp - Kernels that XLA's programs call ------------------===//

#include "XLAHandler.h"
#include "XLA.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

using namespace glu::python;

namespace {
struct Calls {
  std::shared_mutex mutex;
  /// Calls stay where they are: they run without the lock.
  std::unordered_map<std::string, std::unique_ptr<const XLACall>> byKey;
  XLACallMaker make;
};
} // namespace

/// Never destroyed: XLA's threads may outlive what ends with the process.
static Calls &getCalls() {
  static Calls &calls = *new Calls;
  return calls;
}

void glu::python::setXLACallMaker(XLACallMaker maker) {
  std::unique_lock lock(getCalls().mutex);
  getCalls().make = std::move(maker);
}

void glu::python::addXLACall(const std::string &key, XLACall call) {
  std::unique_lock lock(getCalls().mutex);
  getCalls().byKey.try_emplace(
      key, std::make_unique<const XLACall>(std::move(call)));
}

static const XLACall *find(const std::string &key) {
  std::shared_lock lock(getCalls().mutex);
  auto found = getCalls().byKey.find(key);
  return found == getCalls().byKey.end() ? nullptr : found->second.get();
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// Arrays that a call may have.
static constexpr size_t maxBuffers = 32;

static xla::Type getXLAType(DType type) {
  switch (type) {
  case DType::Float16:
    return xla::Type::Float16;
  case DType::BFloat16:
    return xla::Type::BFloat16;
  case DType::Float32:
    return xla::Type::Float32;
  case DType::Float64:
    return xla::Type::Float64;
  default:
    throw std::invalid_argument(std::string("kernels take no buffers of ") +
                                getName(type));
  }
}

/// "float32 of shape (4, 8)"
static std::string describe(xla::Type type, const int64_t *sizes, size_t rank) {
  std::string text = "type " + std::to_string(int(type));
  for (DType known :
       {DType::Float16, DType::BFloat16, DType::Float32, DType::Float64})
    if (getXLAType(known) == type)
      text = getName(known);
  text += " of shape (";
  for (size_t d = 0; d < rank; ++d)
    text += (d ? ", " : "") + std::to_string(sizes[d]);
  return text + (rank == 1 ? ",)" : ")");
}

XLACall::XLACall(Call made, std::vector<XLABuffer> forBuffers)
    : call(std::move(made)), buffers(std::move(forBuffers)) {
  if (buffers.size() > maxBuffers ||
      int(buffers.size()) != call.getNumSources())
    throw std::invalid_argument("the kernel has other arguments than the call");
  std::vector<int64_t> counts;
  for (const XLABuffer &buffer : buffers) {
    (void)getXLAType(buffer.type); // Throws.
    int64_t count = getByteWidth(buffer.type);
    for (int64_t size : buffer.sizes)
      if (size < 0 || __builtin_mul_overflow(count, size, &count))
        throw std::invalid_argument("a buffer has no such size");
    counts.push_back(count / getByteWidth(buffer.type));
  }
  if (!call.fitsInto(counts))
    throw std::invalid_argument("the kernel would leave its buffers");
}

void XLACall::run(const xla::Buffers &inputs,
                  const xla::Buffers &results) const {
  if (inputs.count + 1 != int64_t(buffers.size()) || results.count != 1)
    throw std::invalid_argument(
        "expected " + std::to_string(buffers.size() - 1) +
        " arguments and a result, got " + std::to_string(inputs.count) +
        " and " + std::to_string(results.count));
  void *data[maxBuffers];
  for (size_t i = 0; i < buffers.size(); ++i) {
    bool isResult = i + 1 == buffers.size();
    const xla::Buffer &have =
        isResult ? *results.buffers[0] : *inputs.buffers[i];
    const auto &[type, sizes] = buffers[i];
    if (have.type != getXLAType(type) || have.rank != int64_t(sizes.size()) ||
        !std::equal(sizes.begin(), sizes.end(), have.sizes))
      throw std::invalid_argument(
          (isResult ? "result" : "argument " + std::to_string(i)) +
          ": expected " +
          describe(getXLAType(type), sizes.data(), sizes.size()) + ", got " +
          describe(have.type, have.sizes, size_t(have.rank)));
    data[i] = have.data;
  }
  call.run(data);
}

//===----------------------------------------------------------------------===//
// What XLA calls
//===----------------------------------------------------------------------===//

/// The attribute of that name, a string; throws.
static std::string getString(const xla::CallFrame &frame,
                             std::string_view name) {
  const xla::Attributes &attributes = frame.attributes;
  for (int64_t i = 0; i < attributes.count; ++i) {
    const xla::Span &have = *attributes.names[i];
    if (std::string_view(have.data, have.size) != name ||
        attributes.types[i] != xla::attributeString)
      continue;
    const auto &span = *static_cast<const xla::Span *>(attributes.values[i]);
    return std::string(span.data, span.size);
  }
  throw std::invalid_argument("the call has no attribute '" +
                              std::string(name) + "'");
}

/// The call of `key`, made anew.
static const XLACall *restore(const xla::CallFrame &frame,
                              const std::string &key) {
  XLACallMaker make;
  {
    std::shared_lock lock(getCalls().mutex);
    make = getCalls().make;
  }
  if (!make)
    throw std::invalid_argument("nothing makes it in this process");
  addXLACall(key, make({key, getString(frame, "kernel"),
                        getString(frame, "options")}));
  return find(key);
}

static void run(const xla::CallFrame &frame, std::string &key) {
  key = getString(frame, "key");
  const XLACall *call = find(key);
  if (!call)
    call = restore(frame, key);
  call->run(frame.arguments, frame.results);
}

/// Fills in what XLA asks for. All that is used here is as it was in its
/// version 0.1: any later one will do.
static void describe(const xla::CallFrame &frame, xla::Metadata &metadata) {
  metadata.version = {sizeof(xla::Version), nullptr, xla::majorVersion, 1};
  if (frame.api && frame.api->version.major == xla::majorVersion)
    metadata.version.minor = frame.api->version.minor;
  metadata.traits = 0;
  if (metadata.size >= offsetof(xla::Metadata, stateType) + sizeof(int64_t))
    metadata.stateType = 0; // There is none.
}

static xla::Error *handle(xla::CallFrame *frame) {
  if (frame->extension && frame->extension->type == xla::extensionMetadata) {
    describe(*frame,
             *reinterpret_cast<xla::MetadataExtension *>(frame->extension)
                  ->metadata);
    return nullptr;
  }
  if (frame->stage != xla::stageExecute)
    return nullptr;
  std::string key, message;
  try {
    run(*frame, key);
    return nullptr;
  } catch (const std::exception &error) {
    message = "glu.jax: kernel " + key + ": " + error.what();
  }
  xla::ErrorArguments arguments = {sizeof(xla::ErrorArguments), nullptr,
                                   message.c_str(),
                                   xla::ErrorCode::InvalidArgument};
  return frame->api->createError(&arguments);
}

void *glu::python::getXLAHandler() { return reinterpret_cast<void *>(&handle); }
