// RUN: glu-opt %s --glu-expand-dots --split-input-file --verify-diagnostics | FileCheck %s

// The last element of a group first; what is no dot product stays.

// CHECK-LABEL: @bf16
// CHECK-SAME: %[[S:.+]]: vector<16xf32>, %[[X:.+]]: vector<32xbf16>, %[[W:.+]]: vector<32xbf16>
// CHECK-DAG: %[[XH:.+]] = vector.shuffle %[[X]], %[[X]] [1, 3, 5, {{.*}}, 31]
// CHECK-DAG: %[[WH:.+]] = vector.shuffle %[[W]], %[[W]] [1, 3, 5, {{.*}}, 31]
// CHECK-DAG: %[[XF:.+]] = arith.extf %[[XH]] : vector<16xbf16> to vector<16xf32>
// CHECK-DAG: %[[WF:.+]] = arith.extf %[[WH]] : vector<16xbf16> to vector<16xf32>
// CHECK: %[[T:.+]] = math.fma %[[XF]], %[[WF]], %[[S]]
// CHECK: vector.shuffle %[[X]], %[[X]] [0, 2, 4, {{.*}}, 30]
// CHECK: %[[Y:.+]] = math.fma %{{.+}}, %{{.+}}, %[[T]]
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.rcp14.ps.512"
func.func @bf16(%s: vector<16xf32>, %x: vector<32xbf16>, %w: vector<32xbf16>, %m: i16) -> vector<16xf32> {
  %y = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%s, %x, %w) : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
  %z = llvm.call_intrinsic "llvm.x86.avx512.rcp14.ps.512"(%y, %s, %m) : (vector<16xf32>, vector<16xf32>, i16) -> vector<16xf32>
  return %z : vector<16xf32>
}

// -----

// Bytes: inputs of x86 have no sign.

// CHECK-LABEL: @vnni
// CHECK-SAME: %[[S:.+]]: vector<8xi32>, %[[X:.+]]: vector<32xi8>, %[[W:.+]]: vector<32xi8>
// CHECK-DAG: %[[X3:.+]] = vector.shuffle %[[X]], %[[X]] [3, 7, 11, 15, 19, 23, 27, 31]
// CHECK-DAG: %[[W3:.+]] = vector.shuffle %[[W]], %[[W]] [3, 7, 11, 15, 19, 23, 27, 31]
// CHECK-DAG: %[[XE:.+]] = arith.extui %[[X3]] : vector<8xi8> to vector<8xi32>
// CHECK-DAG: %[[WE:.+]] = arith.extsi %[[W3]] : vector<8xi8> to vector<8xi32>
// CHECK: %[[P:.+]] = arith.muli %[[XE]], %[[WE]]
// CHECK: arith.addi %[[S]], %[[P]]
// CHECK-COUNT-3: arith.muli
// CHECK-NOT: arith.muli
func.func @vnni(%s: vector<8xi32>, %x: vector<32xi8>, %w: vector<32xi8>) -> vector<8xi32> {
  %y = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"(%s, %x, %w) : (vector<8xi32>, vector<32xi8>, vector<32xi8>) -> vector<8xi32>
  return %y : vector<8xi32>
}

// Pairs of 16 bits, which are not added to anything.

// CHECK-LABEL: @pairs
// CHECK: %[[Z:.+]] = arith.constant dense<0> : vector<8xi32>
// CHECK: vector.shuffle %arg0, %arg0 [1, 3, 5, 7, 9, 11, 13, 15] : vector<16xi16>, vector<16xi16>
// CHECK: arith.addi %[[Z]],
// CHECK: arith.muli
// CHECK-NOT: arith.muli
func.func @pairs(%x: vector<16xi16>, %w: vector<16xi16>) -> vector<8xi32> {
  %y = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%x, %w) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
  return %y : vector<8xi32>
}

// CHECK-LABEL: @sdot
// CHECK-NOT: arith.extui
// CHECK-COUNT-4: arith.muli {{.*}} vector<4xi32>
// CHECK: return
func.func @sdot(%s: vector<4xi32>, %x: vector<16xi8>, %w: vector<16xi8>) -> vector<4xi32> {
  %y = llvm.call_intrinsic "llvm.aarch64.neon.sdot.v4i32.v16i8"(%s, %x, %w) : (vector<4xi32>, vector<16xi8>, vector<16xi8>) -> vector<4xi32>
  return %y : vector<4xi32>
}

// -----

func.func @types(%s: vector<16xf32>, %x: vector<16xf32>) -> vector<16xf32> {
  // expected-error @below {{expects ('vector<16xf32>', 'vector<32xbf16>', 'vector<32xbf16>') -> 'vector<16xf32>' for 'llvm.x86.avx512bf16.dpbf16ps.512'}}
  %y = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%s, %x) : (vector<16xf32>, vector<16xf32>) -> vector<16xf32>
  return %y : vector<16xf32>
}
