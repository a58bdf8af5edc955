// The whole way of a feed-forward whose sizes are whole tiles: what is
// allocated is a panel of each weight, the gated unit and the result, and
// nothing is copied. Tiles stay in registers.

// RUN: glu-opt %S/../LowerToCPU/Inputs/ffn.mlir --glu-to-cpu="target-cpu=x86-64-v3 threads=1" \
// RUN:   --mlir-print-ir-before=glu-expand-copies --mlir-print-ir-module-scope --mlir-disable-threading -o /dev/null 2>&1 | FileCheck %s

// CHECK: func.func @ffn
// CHECK-NOT: memref.copy
// CHECK-COUNT-4: memref.alloc()
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.copy

// RUN: glu-opt %S/../LowerToCPU/Inputs/ffn.mlir --glu-to-cpu="target-cpu=x86-64-v3 threads=2" \
// RUN:   --mlir-print-ir-before=glu-expand-copies --mlir-print-ir-module-scope --mlir-disable-threading -o /dev/null 2>&1 | FileCheck %s --check-prefix=PANELS
// PANELS: func.func @ffn
// PANELS: memref.alloc() {{.*}} : memref<8x6x16x8xf32>
// PANELS: scf.forall
// PANELS-NEXT: memref.alloc() {{.*}} : memref<1x64x2x8xf32>
// PANELS: memref.dealloc
// PANELS: memref.alloc() {{.*}} : memref<8x6x4x16xf32>
// PANELS: scf.forall
// PANELS-NEXT: memref.alloc() {{.*}} : memref<1x128x16xf32>
// PANELS-NOT: memref.alloc(
// PANELS-NOT: memref.copy

// RUN: glu-opt %S/../LowerToCPU/Inputs/ffn.mlir --glu-to-cpu="target-cpu=x86-64-v3 threads=2" | FileCheck %s --check-prefix=THREADS
// Whatever thread calls it.
// THREADS: omp.parallel num_threads(%{{.*}} : i32)
