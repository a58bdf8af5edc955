//===- Library.h - Compiled code in this process ----------------*- C++ -*-===//

#ifndef GLU_PYTHON_RUNTIME_LIBRARY_H
#define GLU_PYTHON_RUNTIME_LIBRARY_H

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace glu::python {

/// A shared library that the compiler made, loaded from memory.
class Library {
public:
  /// Loads the bytes of an ELF library; they must be ones that were checked, as
  /// loading runs what is in them. Throws std::runtime_error.
  static std::shared_ptr<Library> load(std::string_view bytes);
  ~Library();

  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;

  /// A function's address, or null.
  void *find(const char *symbol) const;

private:
  explicit Library(void *handle) : handle(handle) {}
  void *handle;
};

/// A function of a library.
class Kernel {
public:
  /// The function that the compiler's @name became; throws std::runtime_error
  /// if there is none.
  Kernel(std::shared_ptr<Library> library, const std::string &name);

  /// Element i of `arguments` points to the i-th argument, a number or a memref
  /// descriptor; where there are results, element 0 to where they go. Throws
  /// std::invalid_argument if an assertion of the program fails. Needs no lock
  /// of Python's.
  void call(void *const *arguments) const {
    if (const char *failure = function(arguments))
      throw std::invalid_argument(failure);
  }

private:
  std::shared_ptr<Library> library;
  const char *(*function)(void *const *);
};

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_LIBRARY_H
