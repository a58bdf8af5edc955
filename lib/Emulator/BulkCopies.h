//===- BulkCopies.h - Copies of boxes in the background ---------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_BULKCOPIES_H
#define GLU_LIB_EMULATOR_BULKCOPIES_H

namespace glu {

struct FunctionVisitor;
class Launch;

/// A thread may not end while its copies read shared memory.
void checkBulkGroupsAtEnd(Launch &launch);

void visitBulkCopyFunctions(const FunctionVisitor &add);

} // namespace glu

#endif // GLU_LIB_EMULATOR_BULKCOPIES_H
