// RUN: glu-opt %s --split-input-file --glu-expand-masked-floats | FileCheck %s

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
