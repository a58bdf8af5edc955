// bf16 that branches pass on, for chips with and without instructions for it.

// RUN: glu-compile %s -o %t.so --target-cpu=x86-64-v2,x86-64-v3,x86-64-v4
// RUN: glu-compile %s -o %t.s --target-cpu=x86-64-v3 && FileCheck %s <%t.s
// CHECK-NOT: __truncsfbf2

func.func @f(%x: memref<8xbf16>, %y: memref<8xbf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %z = arith.constant 0.0 : bf16
  scf.for %i = %c0 to %c8 step %c1 {
    %c = arith.cmpi slt, %i, %n : index
    %v = scf.if %c -> bf16 {
      %l = memref.load %x[%i] : memref<8xbf16>
      scf.yield %l : bf16
    } else {
      scf.yield %z : bf16
    }
    memref.store %v, %y[%i] : memref<8xbf16>
  }
  return
}
