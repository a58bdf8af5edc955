//===- XLAHandler.cpp - Kernels that XLA's programs call ------------------===//

#include "XLAHandler.h"
#include "XLA.h"

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
  std::unordered_map<std::string, std::unique_ptr<const Call>> byKey;
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

void glu::python::addXLACall(const std::string &key, Call call) {
  std::unique_lock lock(getCalls().mutex);
  getCalls().byKey.try_emplace(key,
                               std::make_unique<const Call>(std::move(call)));
}

static const Call *find(const std::string &key) {
  std::shared_lock lock(getCalls().mutex);
  auto found = getCalls().byKey.find(key);
  return found == getCalls().byKey.end() ? nullptr : found->second.get();
}

/// The value of an attribute of that name and type; throws.
template <typename T>
static const T &getAttribute(const xla::Attributes &attributes,
                             std::string_view name, int type) {
  for (int64_t i = 0; i < attributes.count; ++i) {
    const xla::Span &have = *attributes.names[i];
    if (std::string_view(have.data, have.size) == name &&
        attributes.types[i] == type)
      return *static_cast<const T *>(attributes.values[i]);
  }
  throw std::invalid_argument("the call has no attribute '" +
                              std::string(name) + "'");
}

static std::string getString(const xla::CallFrame &frame, const char *name) {
  const auto &span =
      getAttribute<xla::Span>(frame.attributes, name, xla::attributeString);
  return std::string(span.data, span.size);
}

/// The call of `key`, made anew.
static const Call *restore(const xla::CallFrame &frame,
                           const std::string &key) {
  const auto &array = getAttribute<xla::Array>(frame.attributes, "arguments",
                                               xla::attributeArray);
  if (array.type != xla::typeInt64)
    throw std::invalid_argument("attribute 'arguments' is not of integers");
  const auto *numbers = static_cast<const int64_t *>(array.data);
  XLACallMaker make;
  {
    std::shared_lock lock(getCalls().mutex);
    make = getCalls().make;
  }
  if (!make)
    throw std::invalid_argument("nothing makes it in this process");
  addXLACall(key, make({key,
                        getString(frame, "kernel"),
                        getString(frame, "options"),
                        {numbers, numbers + array.size}}));
  return find(key);
}

static void run(const xla::CallFrame &frame, std::string &key) {
  key = getString(frame, "key");
  const Call *call = find(key);
  if (!call)
    call = restore(frame, key);
  constexpr int64_t maxArrays = 32;
  int64_t inputs = frame.arguments.count;
  if (frame.results.count != 1 || inputs + 1 != call->getNumSources() ||
      inputs >= maxArrays)
    throw std::invalid_argument("the call has other arguments than its kernel");
  void *data[maxArrays];
  for (int64_t i = 0; i < inputs; ++i)
    data[i] = frame.arguments.buffers[i]->data;
  data[inputs] = frame.results.buffers[0]->data;
  call->run(data);
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
