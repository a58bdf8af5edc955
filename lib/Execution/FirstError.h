//===- FirstError.h - The first diagnostic as an error ----------*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_FIRSTERROR_H
#define GLU_LIB_EXECUTION_FIRSTERROR_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"

#include <string>

namespace glu {

/// Collects the first error diagnostic of a context while it lives; what is not
/// an error goes to others.
class FirstError {
public:
  explicit FirstError(mlir::MLIRContext *context)
      : handler(context, [this](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Error)
            return mlir::failure();
          if (message.empty()) {
            llvm::raw_string_ostream stream(message);
            stream << diagnostic.getLocation() << ": " << diagnostic.str();
          }
          return mlir::success();
        }) {}

  /// The diagnostic, or `otherwise` if there was none.
  llvm::Error take(const llvm::Twine &otherwise) {
    return message.empty() ? llvm::createStringError(otherwise)
                           : llvm::createStringError(message);
  }

private:
  std::string message;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace glu

#endif // GLU_LIB_EXECUTION_FIRSTERROR_H
