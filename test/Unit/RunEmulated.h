//===- RunEmulated.h - Programs with kernels, in the emulator ---*- C++ -*-===//

#ifndef GLU_TEST_UNIT_RUNEMULATED_H
#define GLU_TEST_UNIT_RUNEMULATED_H

#include "glu/Execution/Array.h"
#include "glu/Execution/Signature.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/Pass/PassManager.h"

namespace glu {

/// Lowers the program `text` for a GPU and calls its public function with
/// arrays in the GPU's memory, threads in the order that `seed` stands for. The
/// first result; without one, what the last argument is then.
llvm::Expected<Array>
runEmulated(llvm::StringRef text, const GPUPipelineOptions &options,
            uint64_t seed,
            llvm::function_ref<llvm::SmallVector<Array>(const Signature &)>
                makeArguments,
            llvm::function_ref<void(mlir::PassManager &)> configure = {});

} // namespace glu

#endif // GLU_TEST_UNIT_RUNEMULATED_H
