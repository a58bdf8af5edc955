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

func.func @types(%s: vector<16xf32>, %x: vector<16xf32>) -> vector<16xf32> {
  // expected-error @below {{expects ('vector<16xf32>', 'vector<32xbf16>', 'vector<32xbf16>') -> 'vector<16xf32>' for 'llvm.x86.avx512bf16.dpbf16ps.512'}}
  %y = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%s, %x) : (vector<16xf32>, vector<16xf32>) -> vector<16xf32>
  return %y : vector<16xf32>
}
