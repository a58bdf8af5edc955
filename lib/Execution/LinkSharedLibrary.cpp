//===- LinkSharedLibrary.cpp - Objects to a shared library ----------------===//
//
// By lld, in this process. The libraries that the code needs are stood in for
// by stubs that have only a name and the functions in question: the result is
// the same on every machine, whatever is installed there.
//
//===----------------------------------------------------------------------===//

#include "EmitCode.h"
#include "RuntimeLibraries.h"
#include "glu/Execution/Artifact.h"

#include "lld/Common/Driver.h"
#include "llvm/InterfaceStub/ELFObjHandler.h"
#include "llvm/InterfaceStub/IFSStub.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
// Allocators of LLVM poison what they have not given away, where they are
// compiled with AddressSanitizer. Debian's lld is not: it takes memory from
// allocators of ours without saying so.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0";
}
#endif
#endif

using namespace glu;
using llvm::createStringError;
using llvm::Error;
using llvm::StringRef;

namespace {
/// A folder of its own for the linker's inputs; gone with the object.
class TemporaryFolder {
public:
  ~TemporaryFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  Error create() {
    if (auto error = llvm::sys::fs::createUniqueDirectory("glu", path)) {
      path.clear();
      return createStringError("cannot make a temporary folder: " +
                               error.message());
    }
    return Error::success();
  }
  std::string getFile(const llvm::Twine &name) const {
    return (path + "/" + name).str();
  }

private:
  llvm::SmallString<64> path;
};
} // namespace

/// Writes a library called `name` that has `functions`, for the architecture of
/// `object`.
static Error writeStub(StringRef path, StringRef name,
                       const std::set<std::string> &functions,
                       StringRef object) {
  auto file = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(object, "object"));
  if (!file)
    return file.takeError();
  llvm::ifs::IFSStub stub;
  stub.SoName = name.str();
  stub.Target.Arch =
      llvm::cast<llvm::object::ELFObjectFileBase>(**file).getEMachine();
  stub.Target.Endianness = llvm::ifs::IFSEndiannessType::Little;
  stub.Target.BitWidth = llvm::ifs::IFSBitWidthType::IFS64;
  for (const std::string &function : functions) {
    llvm::ifs::IFSSymbol &symbol = stub.Symbols.emplace_back(function);
    symbol.Type = llvm::ifs::IFSSymbolType::Func;
  }
  return llvm::ifs::writeBinaryStub(path, stub);
}

/// Runs lld; the error is its first message.
static Error runLinker(llvm::ArrayRef<std::string> arguments) {
  // lld keeps its state in globals.
  static std::mutex mutex;
  static bool broken = false;
  std::lock_guard<std::mutex> lock(mutex);
  if (broken)
    return createStringError("the linker crashed earlier in this process and "
                             "cannot run again");
  std::vector<const char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  lld::Result result = lld::lldMain(pointers, llvm::nulls(), stream,
                                    {{lld::Gnu, &lld::elf::link}});
  broken = !result.canRunAgain;
  if (result.retCode == 0)
    return Error::success();
  StringRef message = StringRef(messages).split('\n').first;
  message = message.substr(message.find("error: "));
  message.consume_front("error: ");
  return createStringError(message.empty() ? "the linker failed"
                                           : "cannot link: " + message);
}

Error glu::linkSharedLibrary(llvm::ArrayRef<StringRef> objects,
                             StringRef path) {
  if (objects.empty())
    return createStringError("cannot link: there is no object");
  auto libraries = findRuntimeLibraries(objects);
  if (!libraries)
    return libraries.takeError();
  TemporaryFolder folder;
  if (Error error = folder.create())
    return error;

  std::vector<std::string> arguments = {"ld.lld",
                                        "-shared",
                                        "--no-undefined",
                                        "--gc-sections",
                                        "--hash-style=gnu",
                                        "--build-id=none",
                                        "--threads=1",
                                        "-znow",
                                        "-znoexecstack",
                                        "-soname",
                                        llvm::sys::path::filename(path).str(),
                                        "-o",
                                        path.str()};
  for (auto [i, object] : llvm::enumerate(objects)) {
    std::string file = folder.getFile(llvm::Twine(i) + ".o");
    if (Error error = writeFile(file, object))
      return error;
    arguments.push_back(std::move(file));
  }
  const std::pair<StringRef, const std::set<std::string> *> stubs[] = {
      {"libomp.so.5", &libraries->openmp},
      {"libm.so.6", &libraries->math},
      {"libc.so.6", &libraries->c}};
  for (auto [name, functions] : stubs) {
    if (functions->empty())
      continue;
    std::string file = folder.getFile(name);
    if (Error error = writeStub(file, name, *functions, objects.front()))
      return error;
    arguments.push_back(std::move(file));
  }
  return runLinker(arguments);
}
