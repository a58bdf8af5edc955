// RUN: glu-opt %s --split-input-file --glu-move-floats-as-integers | FileCheck %s

// CHECK-LABEL: llvm.func @load
// CHECK-SAME:    %[[P:.*]]: !llvm.ptr, %[[MASK:.*]]: vector<8xi1>, %[[OTHER:.*]]: vector<8xbf16>
llvm.func @load(%p: !llvm.ptr, %mask: vector<8xi1>, %other: vector<8xbf16>)
    -> vector<8xbf16> {
  // CHECK: %[[BITS:.*]] = llvm.bitcast %[[OTHER]] : vector<8xbf16> to vector<8xi16>
  // CHECK: %[[LOADED:.*]] = llvm.intr.masked.load %[[P]], %[[MASK]], %[[BITS]] {alignment = 2 : i32}
  // CHECK: %[[V:.*]] = llvm.bitcast %[[LOADED]] : vector<8xi16> to vector<8xbf16>
  // CHECK: llvm.return %[[V]]
  %v = llvm.intr.masked.load %p, %mask, %other {alignment = 2 : i32}
    : (!llvm.ptr, vector<8xi1>, vector<8xbf16>) -> vector<8xbf16>
  llvm.return %v : vector<8xbf16>
}

// -----

// CHECK-LABEL: llvm.func @store
llvm.func @store(%p: !llvm.ptr, %mask: vector<4xi1>, %v: vector<4xf16>) {
  // CHECK: %[[BITS:.*]] = llvm.bitcast %{{.*}} : vector<4xf16> to vector<4xi16>
  // CHECK: llvm.intr.masked.store %[[BITS]],
  llvm.intr.masked.store %v, %p, %mask {alignment = 2 : i32}
    : vector<4xf16>, vector<4xi1> into !llvm.ptr
  llvm.return
}

// -----

// CHECK-LABEL: llvm.func @gather
llvm.func @gather(%p: vector<4x!llvm.ptr>, %mask: vector<4xi1>,
                  %other: vector<4xbf16>) -> vector<4xbf16> {
  // CHECK: llvm.intr.masked.gather {{.*}} -> vector<4xi16>
  %v = llvm.intr.masked.gather %p, %mask, %other {alignment = 2 : i32}
    : (vector<4x!llvm.ptr>, vector<4xi1>, vector<4xbf16>) -> vector<4xbf16>
  llvm.return %v : vector<4xbf16>
}

// -----

// CHECK-LABEL: llvm.func @branch
// CHECK-SAME:    %[[P:.*]]: !llvm.ptr, %[[Z:.*]]: bf16, %[[C:.*]]: i1
llvm.func @branch(%p: !llvm.ptr, %z: bf16, %c: i1) -> bf16 {
  // CHECK: %[[L:.*]] = llvm.load %[[P]] : !llvm.ptr -> i16
  // CHECK: %[[F:.*]] = llvm.bitcast %[[L]] : i16 to bf16
  %l = llvm.load %p : !llvm.ptr -> bf16
  // CHECK-DAG: %[[B:.*]] = llvm.bitcast %[[F]] : bf16 to i16
  // CHECK-DAG: %[[BZ:.*]] = llvm.bitcast %[[Z]] : bf16 to i16
  // CHECK: llvm.cond_br %[[C]], ^bb1(%[[B]] : i16), ^bb1(%[[BZ]] : i16)
  llvm.cond_br %c, ^bb1(%l : bf16), ^bb1(%z : bf16)
// CHECK: ^bb1(%[[A:.*]]: i16):
// CHECK-NEXT: %[[V:.*]] = llvm.bitcast %[[A]] : i16 to bf16
^bb1(%a: bf16):
  // CHECK: llvm.select %[[C]], %{{.*}}, %{{.*}} : i1, i16
  %s = llvm.select %c, %a, %z : i1, bf16
  // CHECK: llvm.store %{{.*}}, %[[P]] : i16, !llvm.ptr
  llvm.store %s, %p : bf16, !llvm.ptr
  // CHECK: llvm.return %[[V]] : bf16
  llvm.return %a : bf16
}

// -----

// In the regions of threads too.
// CHECK-LABEL: llvm.func @threads
llvm.func @threads(%p: !llvm.ptr, %c: i1) {
  omp.parallel {
    %l = llvm.load %p : !llvm.ptr -> f16
    // CHECK: llvm.cond_br %{{.*}}, ^bb1(%{{.*}} : i16), ^bb2
    llvm.cond_br %c, ^bb1(%l : f16), ^bb2
  // CHECK: ^bb1(%{{.*}}: i16):
  ^bb1(%a: f16):
    llvm.store %a, %p : f16, !llvm.ptr
    llvm.br ^bb2
  ^bb2:
    omp.terminator
  }
  llvm.return
}

// -----

// Others stay as they are.
// CHECK-LABEL: llvm.func @wide
llvm.func @wide(%p: !llvm.ptr, %mask: vector<4xi1>, %other: vector<4xf32>)
    -> vector<4xf32> {
  // CHECK-NOT: bitcast
  // CHECK: llvm.intr.masked.load {{.*}} -> vector<4xf32>
  %v = llvm.intr.masked.load %p, %mask, %other {alignment = 4 : i32}
    : (!llvm.ptr, vector<4xi1>, vector<4xf32>) -> vector<4xf32>
  llvm.return %v : vector<4xf32>
}
