// RUN: glu-opt %s --glu-return-failures --split-input-file --verify-diagnostics | FileCheck %s
// RUN: glu-opt %s --split-input-file --glu-return-failures=check-allocations --verify-diagnostics | FileCheck %s --check-prefix=MEMORY

llvm.func @puts(!llvm.ptr)
llvm.func @abort()
llvm.mlir.global private constant @text(dense<[111, 110, 101, 0]> : tensor<4xi8>) : !llvm.array<4 x i8>

// CHECK: llvm.mlir.global private constant @glu_failure{{.*}}("an assertion of the program failed: one\00")

// CHECK-LABEL: llvm.func @fails(
// CHECK-SAME:    %[[OK:.*]]: i1, %[[SLOT:.*]]: !llvm.ptr) -> i64
// CHECK:         llvm.cond_br %[[OK]], ^[[GOOD:.*]], ^[[BAD:.*]]
// CHECK:       ^[[BAD]]:
// CHECK:         %[[TEXT:.*]] = llvm.mlir.addressof @glu_failure
// CHECK-NEXT:    llvm.store %[[TEXT]], %[[SLOT]] atomic monotonic
// CHECK-NEXT:    %[[NOTHING:.*]] = llvm.mlir.poison : i64
// CHECK-NEXT:    llvm.return %[[NOTHING]]
// CHECK-NOT:     abort
llvm.func @fails(%ok: i1) -> i64 {
  llvm.cond_br %ok, ^good, ^bad
^good:
  %0 = llvm.mlir.constant(7 : i64) : i64
  llvm.return %0 : i64
^bad:
  %1 = llvm.mlir.addressof @text : !llvm.ptr
  %2 = llvm.getelementptr %1[0] : (!llvm.ptr) -> !llvm.ptr, !llvm.array<4 x i8>
  llvm.call @puts(%2) : (!llvm.ptr) -> ()
  llvm.call @abort() : () -> ()
  llvm.unreachable
}

// Who calls it looks whether it failed, and returns too.
// CHECK-LABEL: llvm.func @calls(
// CHECK-SAME:    %[[OK:.*]]: i1, %[[SLOT:.*]]: !llvm.ptr) -> i64
// CHECK:         %[[RESULT:.*]] = llvm.call @fails(%[[OK]], %[[SLOT]])
// CHECK-NEXT:    %[[FAILURE:.*]] = llvm.load %[[SLOT]] atomic monotonic
// CHECK-NEXT:    %[[NONE:.*]] = llvm.mlir.zero
// CHECK-NEXT:    %[[FAILED:.*]] = llvm.icmp "ne" %[[FAILURE]], %[[NONE]]
// CHECK-NEXT:    llvm.cond_br %[[FAILED]], ^[[EARLY:.*]], ^[[REST:.*]]
// CHECK:       ^[[REST]]:
// CHECK-NEXT:    llvm.return %[[RESULT]]
// CHECK:       ^[[EARLY]]:
// CHECK-NEXT:    llvm.mlir.poison : i64
// CHECK-NEXT:    llvm.return
llvm.func @calls(%ok: i1) -> i64 {
  %0 = llvm.call @fails(%ok) : (i1) -> i64
  llvm.return %0 : i64
}

// Wrappers all look alike to those who call them; other functions stay.
// CHECK-LABEL: llvm.func @_mlir_ciface_never(%{{.*}}: f32, %{{.*}}: !llvm.ptr) -> f32
llvm.func @_mlir_ciface_never(%x: f32) -> f32 {
  llvm.return %x : f32
}
// CHECK-LABEL: llvm.func @never(%{{.*}}: f32) -> f32
llvm.func @never(%x: f32) -> f32 {
  llvm.return %x : f32
}

// What is called by its address keeps its type.
// CHECK-LABEL: llvm.func @addressed()
// CHECK:         llvm.call @abort
llvm.func @addressed() {
  %1 = llvm.mlir.addressof @text : !llvm.ptr
  llvm.call @puts(%1) : (!llvm.ptr) -> ()
  llvm.call @abort() : () -> ()
  llvm.unreachable
}
// CHECK-LABEL: llvm.func @takes_address() -> !llvm.ptr
llvm.func @takes_address() -> !llvm.ptr {
  %0 = llvm.mlir.addressof @addressed : !llvm.ptr
  llvm.return %0 : !llvm.ptr
}

// As does what is called from outside of functions.
// CHECK-LABEL: omp.declare_reduction
// CHECK:         llvm.call @reduces(%{{.*}}) : (f32) -> f32
omp.declare_reduction @add : f32 init {
^bb0(%x: f32):
  omp.yield(%x : f32)
} combiner {
^bb0(%x: f32, %y: f32):
  %0 = llvm.call @reduces(%x) : (f32) -> f32
  omp.yield(%0 : f32)
}
// CHECK-LABEL: llvm.func @reduces(%{{.*}}: f32) -> f32
llvm.func @reduces(%x: f32) -> f32 {
  %1 = llvm.mlir.addressof @text : !llvm.ptr
  llvm.call @puts(%1) : (!llvm.ptr) -> ()
  llvm.call @abort() : () -> ()
  llvm.unreachable
}

// A turn of a parallel loop ends; the function, after all threads are done.
// CHECK-LABEL: llvm.func @parallel(
// CHECK-SAME:    %[[SLOT:[a-z0-9]+]]: !llvm.ptr)
// CHECK:         omp.loop_nest
// CHECK:         llvm.store %{{.*}}, %[[SLOT]] atomic monotonic
// CHECK-NEXT:    omp.yield
// CHECK:         llvm.call @fails(%{{.*}}, %[[SLOT]])
// CHECK-NEXT:    llvm.load %[[SLOT]]
// CHECK:         omp.yield
// CHECK:         omp.yield
// CHECK:         omp.terminator
// CHECK-NEXT:  }
// CHECK-NEXT:    llvm.load %[[SLOT]]
// CHECK:         llvm.return
// CHECK:         llvm.return
llvm.func @parallel(%n: i64, %ok: i1) {
  %one = llvm.mlir.constant(1 : i64) : i64
  omp.parallel {
    omp.wsloop {
      omp.loop_nest (%i) : i64 = (%one) to (%n) step (%one) {
        llvm.cond_br %ok, ^good, ^bad
      ^bad:
        %1 = llvm.mlir.addressof @text : !llvm.ptr
        llvm.call @puts(%1) : (!llvm.ptr) -> ()
        llvm.call @abort() : () -> ()
        llvm.unreachable
      ^good:
        %0 = llvm.call @fails(%ok) : (i1) -> i64
        omp.yield
      }
    }
    omp.terminator
  }
  llvm.return
}

// -----

// Memory that is not there, if asked for.
llvm.func @malloc(i64) -> !llvm.ptr
// CHECK-LABEL: llvm.func @allocates(
// CHECK-SAME:    %[[N:.*]]: i64)
// CHECK-NOT:     llvm.cond_br
// MEMORY-LABEL: llvm.func @allocates(
// MEMORY-SAME:    %[[N:.*]]: i64, %[[SLOT:.*]]: !llvm.ptr)
// MEMORY:         %[[P:.*]] = llvm.call @malloc(%[[N]])
// MEMORY-NEXT:    %[[NONE:.*]] = llvm.mlir.zero : !llvm.ptr
// MEMORY-NEXT:    %[[IS_NONE:.*]] = llvm.icmp "eq" %[[P]], %[[NONE]]
// MEMORY-NEXT:    llvm.cond_br %[[IS_NONE]], ^[[EARLY:.*]], ^[[REST:.*]]
// MEMORY-NEXT:  ^[[REST]]:
// MEMORY-NEXT:    llvm.return %[[P]]
// MEMORY-NEXT:  ^[[EARLY]]:
// MEMORY-NEXT:    %[[TEXT:.*]] = llvm.mlir.addressof @glu_failure
// MEMORY-NEXT:    llvm.store %[[TEXT]], %[[SLOT]] atomic
// MEMORY-NEXT:    %[[POISON:.*]] = llvm.mlir.poison
// MEMORY-NEXT:    llvm.return %[[POISON]]
llvm.func @allocates(%n: i64) -> !llvm.ptr {
  %p = llvm.call @malloc(%n) : (i64) -> !llvm.ptr
  llvm.return %p : !llvm.ptr
}

// -----

// expected-error @below {{is used otherwise than by calls}}
llvm.func @_mlir_ciface_f() {
  llvm.return
}
llvm.func @g() -> !llvm.ptr {
  %0 = llvm.mlir.addressof @_mlir_ciface_f : !llvm.ptr
  llvm.return %0 : !llvm.ptr
}
