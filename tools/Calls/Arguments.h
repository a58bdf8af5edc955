//===- Arguments.h - What a function is called with -------------*- C++ -*-===//

#ifndef GLU_TOOLS_CALLS_ARGUMENTS_H
#define GLU_TOOLS_CALLS_ARGUMENTS_H

#include "CallOptions.h"

#include "glu/Execution/Signature.h"

/// Reads the arguments that are given and makes up the others, if it may.
llvm::Expected<llvm::SmallVector<glu::Array>>
getArguments(const CallOptions &options, const glu::Signature &signature,
             bool mayInvent);

#endif // GLU_TOOLS_CALLS_ARGUMENTS_H
