//===- Library.cpp - Compiled code in this process ------------------------===//

#include "Library.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace glu::python;

static std::runtime_error makeError(const std::string &what) {
  return std::runtime_error("cannot load compiled code: " + what);
}

/// A path of the open file that was never asked for: the loader takes a path
/// that it knows for the library that it loaded from there, and file
/// descriptors come again.
static std::string getFreshPath(int file) {
  static std::atomic<unsigned> counter{0};
  std::string path = "/proc/self/fd/";
  for (unsigned number = counter++; number; number >>= 1)
    path += number & 1 ? "../fd/" : "./";
  return path + std::to_string(file);
}

/// An anonymous file; where the system forbids code in those, one on disk that
/// has no name any more.
static int createFile(bool onDisk) {
  if (!onDisk)
    return memfd_create("glu-kernel", MFD_CLOEXEC);
  std::error_code error;
  std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) {
    errno = error.value();
    return -1;
  }
  std::string path = folder / "glu-XXXXXX";
  int file = mkostemp(path.data(), O_CLOEXEC);
  if (file >= 0)
    unlink(path.c_str());
  return file;
}

/// Loads the copy of OpenMP's library that a wheel brings beside this module;
/// then whoever asks for one of that name has it.
static bool loadBundledOpenMP() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<void *>(&loadBundledOpenMP), &info) ||
      !info.dli_fname)
    return false;
  std::string path = info.dli_fname;
  path.erase(path.rfind('/') + 1);
  return dlopen((path + "libomp.so.5").c_str(), RTLD_NOW | RTLD_LOCAL);
}

static void *tryToLoad(std::string_view bytes, bool onDisk, std::string &why) {
  int file = createFile(onDisk);
  if (file < 0) {
    why = std::strerror(errno);
    return nullptr;
  }
  void *handle = nullptr;
  while (!bytes.empty()) {
    ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) {
      why = std::strerror(errno);
      break;
    }
    bytes.remove_prefix(size_t(written));
  }
  if (bytes.empty()) {
    handle = dlopen(getFreshPath(file).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle)
      why = dlerror();
  }
  close(file);
  return handle;
}

std::shared_ptr<Library> Library::load(std::string_view bytes) {
  std::string why, whyOnDisk;
  void *handle = tryToLoad(bytes, /*onDisk=*/false, why);
  if (!handle && why.find("libomp.so.5") != std::string::npos &&
      loadBundledOpenMP())
    handle = tryToLoad(bytes, /*onDisk=*/false, why);
  if (!handle)
    handle = tryToLoad(bytes, /*onDisk=*/true, whyOnDisk);
  if (!handle)
    throw makeError(why);
  return std::shared_ptr<Library>(new Library(handle));
}

Library::~Library() { dlclose(handle); }

void *Library::find(const char *symbol) const { return dlsym(handle, symbol); }

Kernel::Kernel(std::shared_ptr<Library> from, const std::string &name)
    : library(std::move(from)) {
  // What the compiler puts in front of functions it takes away again.
  std::string_view stem = name;
  while (stem.substr(0, 4) == "glu.")
    stem.remove_prefix(4);
  std::string symbol = "glu_call_" + std::string(stem);
  function = reinterpret_cast<const char *(*)(void *const *)>(
      library->find(symbol.c_str()));
  if (!function)
    throw makeError("it has no function '" + name + "'");
}
