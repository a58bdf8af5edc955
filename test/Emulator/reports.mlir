// Kernels of a program's own, with what is wrong in them.

// RUN: not glu-run %s --target=nvvm --emulate --entry=race --verify 2>&1 | FileCheck %s --check-prefix=RACE
// RACE: glu-run: error: kernel 'race_kernel', block (0, 0, 0), thread {{[0-9]+}}: a {{read|write}} of shared memory at byte {{[0-9]+}} {{.*}}, at {{.*}}reports.mlir:[[@LINE+12]]
func.func @race(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c63 = arith.constant 63 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%i, %j, %k) in (%di = %c1, %dj = %c1, %dk = %c1)
             threads(%t, %m, %o) in (%dl = %c64, %dm = %c1, %do = %c1)
             workgroup(%s : memref<64xf32, #gpu.address_space<workgroup>>) {
    %v = memref.load %x[%t] : memref<64xf32>
    memref.store %v, %s[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    // No barrier.
    %r = arith.subi %c63, %t : index
    %w = memref.load %s[%r] : memref<64xf32, #gpu.address_space<workgroup>>
    memref.store %w, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// RUN: not glu-run %s --target=nvvm --emulate --entry=bounds --verify 2>&1 | FileCheck %s --check-prefix=BOUNDS
// BOUNDS: thread 64: a write of 4 bytes outside of every buffer, at {{.*}}reports.mlir:[[@LINE+7]]
func.func @bounds(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c65 = arith.constant 65 : index
  %f = arith.constant 1.0 : f32
  gpu.launch blocks(%i, %j, %k) in (%di = %c1, %dj = %c1, %dk = %c1)
             threads(%t, %m, %o) in (%dl = %c65, %dm = %c1, %do = %c1) {
    memref.store %f, %x[%t] : memref<64xf32>
    gpu.terminator
  }
  return
}

// RUN: not glu-run %s --target=nvvm --emulate --entry=deadlock --verify 2>&1 | FileCheck %s --check-prefix=DEADLOCK
// DEADLOCK: kernel 'deadlock_kernel', block (0, 0, 0): deadlock; 32 threads from 0 wait at barrier 0 (which expects 64); 32 have ended
func.func @deadlock(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%i, %j, %k) in (%di = %c1, %dj = %c1, %dk = %c1)
             threads(%t, %m, %o) in (%dl = %c64, %dm = %c1, %do = %c1) {
    %low = arith.cmpi ult, %t, %c32 : index
    scf.if %low {
      gpu.barrier
    }
    gpu.terminator
  }
  return
}

// RUN: not glu-run %s --target=nvvm --emulate --entry=assertion --verify 2>&1 | FileCheck %s --check-prefix=ASSERT
// ASSERT: thread 3: a trap: an assertion of the program failed
func.func @assertion(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  gpu.launch blocks(%i, %j, %k) in (%di = %c1, %dj = %c1, %dk = %c1)
             threads(%t, %m, %o) in (%dl = %c4, %dm = %c1, %do = %c1) {
    %p = arith.cmpi ne, %t, %c3 : index
    cf.assert %p, "not three"
    gpu.terminator
  }
  return
}
