//===- Driver.cpp - CUDA's driver, found at run time ----------------------===//

#include "Driver.h"

#include <dlfcn.h>

#include <string>

using namespace glu;

static thread_local std::string pendingError, takenError;

void glu::recordError(const char *message) {
  if (pendingError.empty())
    pendingError = message;
}

bool glu::hasError() { return !pendingError.empty(); }

const char *glu::takeError() {
  if (pendingError.empty())
    return nullptr;
  takenError.swap(pendingError);
  pendingError.clear();
  return takenError.c_str();
}

bool glu::check(const Driver &driver, CUresult result, const char *function,
                const char *detail) {
  if (result == 0)
    return true;
  const char *name = nullptr, *text = nullptr;
  driver.cuGetErrorName(result, &name);
  driver.cuGetErrorString(result, &text);
  std::string message = std::string(function) + " failed: " +
                        (name ? name : "error " + std::to_string(result));
  if (text)
    message += std::string(" (") + text + ")";
  if (*detail)
    message += std::string(": ") + detail;
  recordError(message.c_str());
  return false;
}

namespace {
/// The library with its first GPU, or why there is none.
struct LoadedDriver {
  LoadedDriver();
  Driver driver;
  CUhandle context = nullptr;
  std::string error;
};
} // namespace

LoadedDriver::LoadedDriver() {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    error =
        "there is no CUDA driver on this machine: " + std::string(dlerror());
    return;
  }
#define GLU_LOAD(member, name, parameters)                                     \
  driver.member =                                                              \
      reinterpret_cast<CUresult(*) parameters>(dlsym(library, name));          \
  if (!driver.member && error.empty())                                         \
    error = "the CUDA driver has no function " name ": it is too old";
  GLU_DRIVER_FUNCTIONS(GLU_LOAD)
#undef GLU_LOAD
#define GLU_LOAD(member, name, parameters)                                     \
  driver.member =                                                              \
      reinterpret_cast<CUresult(*) parameters>(dlsym(library, name));
  GLU_NEWER_DRIVER_FUNCTIONS(GLU_LOAD)
#undef GLU_LOAD
  if (!error.empty())
    return;
  int device = 0;
  bool works = check(driver, driver.cuInit(0), "cuInit") &&
               check(driver, driver.cuDeviceGet(&device, 0), "cuDeviceGet") &&
               check(driver, driver.cuDevicePrimaryCtxRetain(&context, device),
                     "cuDevicePrimaryCtxRetain");
  if (!works)
    error = takeError();
}

const Driver *glu::getDriver() {
  if (hasError())
    return nullptr;
  static LoadedDriver loaded;
  if (!loaded.error.empty()) {
    recordError(loaded.error.c_str());
    return nullptr;
  }
  // A caller's own context stays.
  const Driver &driver = loaded.driver;
  CUhandle current = nullptr;
  if (!check(driver, driver.cuCtxGetCurrent(&current), "cuCtxGetCurrent"))
    return nullptr;
  if (!current &&
      !check(driver, driver.cuCtxSetCurrent(loaded.context), "cuCtxSetCurrent"))
    return nullptr;
  return &driver;
}
