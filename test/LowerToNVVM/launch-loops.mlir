// RUN: glu-opt %s --glu-launch-loops --split-input-file --verify-diagnostics | FileCheck %s

// A thread for each point, in blocks of 256.
// CHECK-LABEL: func.func @parallel
// CHECK: %[[TOTAL:.*]] = arith.muli
// CHECK: %[[BLOCKS:.*]] = arith.ceildivui %[[TOTAL]]
// CHECK: scf.if
// CHECK: gpu.launch blocks({{.*}}) in (%{{.*}} = %[[BLOCKS]], {{.*}}) threads
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %{{.*}}, %[[TOTAL]]
// CHECK: scf.if %[[INSIDE]]
// CHECK: %[[V:.*]] = memref.load %arg0
// CHECK: memref.store %[[V]], %arg1
// CHECK-NOT: scf.parallel
func.func @parallel(%x: memref<?x64xf32>, %y: memref<?x64xf32>, %m: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%m, %c64) step (%c1, %c1) {
    %v = memref.load %x[%i, %j] : memref<?x64xf32>
    memref.store %v, %y[%i, %j] : memref<?x64xf32>
  }
  return
}

// -----

// A sum of everything is one thread's; so is a single store.
// CHECK-LABEL: func.func @single
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c1{{.*}}) threads({{.*}}) in (%{{.*}} = %c1
// CHECK: scf.for
// CHECK: gpu.terminator
// CHECK: gpu.launch
// CHECK-NEXT: memref.store
func.func @single(%x: memref<64xf32>, %y: memref<f32>, %z: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  scf.for %i = %c0 to %c64 step %c1 {
    %v = memref.load %x[%i] : memref<64xf32>
    %s = memref.load %y[] : memref<f32>
    %t = arith.addf %v, %s : f32
    memref.store %t, %y[] : memref<f32>
  }
  memref.store %z, %x[%c0] : memref<64xf32>
  return
}

// -----

// What the host decides by is copied to it.
// CHECK-LABEL: func.func @host
// CHECK: %[[H:.*]] = memref.alloca() : memref<1xi32>
// CHECK: gpu.memcpy %[[H]]
// CHECK: %[[V:.*]] = memref.load %[[H]]
// CHECK: arith.cmpi sgt, %[[V]]
// CHECK: scf.for
// CHECK: gpu.launch
func.func @host(%x: memref<64xi32>, %y: memref<64xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0 : i32
  %v = memref.load %x[%c3] : memref<64xi32>
  %p = arith.cmpi sgt, %v, %zero : i32
  %times = arith.select %p, %c3, %c1 : index
  scf.for %i = %c0 to %times step %c1 {
    scf.parallel (%j) = (%c0) to (%c3) step (%c1) {
      memref.store %v, %y[%j] : memref<64xi32>
    }
  }
  return
}

// -----

func.func @reduction(%x: memref<64xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{parallel loops with results have no GPU code}}
  %s = scf.parallel (%i) = (%c0) to (%c64) step (%c1) init (%zero) -> f32 {
    %v = memref.load %x[%i] : memref<64xf32>
    scf.reduce(%v : f32) {
    ^bb0(%a: f32, %b: f32):
      %t = arith.addf %a, %b : f32
      scf.reduce.return %t : f32
    }
  }
  return %s : f32
}
