//===- Fingerprint.h - Which machine compiled code is for -------*- C++ -*-===//

#ifndef GLU_PYTHON_RUNTIME_FINGERPRINT_H
#define GLU_PYTHON_RUNTIME_FINGERPRINT_H

#include <string>

namespace glu::python {

/// A text that is the same on machines that run the same code: the processor's
/// model and its instruction set extensions, as far as the system allows them.
std::string getMachineFingerprint();

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_FINGERPRINT_H
