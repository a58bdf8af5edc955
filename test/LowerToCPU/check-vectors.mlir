// RUN: glu-opt %s --glu-check-vectors --split-input-file --verify-diagnostics | FileCheck %s
// RUN: glu-opt %s --glu-general --split-input-file --verify-diagnostics

// CHECK-LABEL: func @small
func.func @small(%x: f32) -> vector<256x256xf32> {
  %v = vector.broadcast %x : f32 to vector<256x256xf32>
  return %v : vector<256x256xf32>
}

// -----

func.func @large(%x: f32) -> vector<65537xf32> {
  // expected-error @below {{has a vector of more than 65536 elements: 'vector<65537xf32>'}}
  %v = vector.broadcast %x : f32 to vector<65537xf32>
  return %v : vector<65537xf32>
}

// -----

// The number of elements is 0 if it is not counted with care.
// expected-error @below {{has a vector of more than 65536 elements}}
func.func @huge(%x: vector<4294967296x4294967296xf32>) {
  return
}
