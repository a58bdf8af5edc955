// RUN: glu-opt %s --glu-approximate-math --split-input-file | FileCheck %s

// A gate is recognised by what is not left: exp, erf, tanh; and by how many
// divisions there are.

// CHECK-LABEL: @silu
// CHECK-SAME: %[[X:.*]]: vector<8xf32>
// CHECK-NOT: math.exp
// CHECK: %[[Y:.*]] = math.absf %[[X]]
// CHECK-NOT: arith.select {{.*}} vector<8xi32>
// CHECK: %[[Q:.*]] = arith.divf
// CHECK: %[[POSITIVE:.*]] = arith.select
// CHECK-NEXT: %[[R:.*]] = math.fma %[[Q]], %{{.*}}, %[[POSITIVE]]
// CHECK-NEXT: return %[[R]]
func.func @silu(%x: vector<8xf32>) -> vector<8xf32> {
  %one = arith.constant dense<1.0> : vector<8xf32>
  %n = arith.negf %x : vector<8xf32>
  %e = math.exp %n : vector<8xf32>
  %d = arith.addf %e, %one : vector<8xf32>
  %y = arith.divf %x, %d : vector<8xf32>
  return %y : vector<8xf32>
}

// -----

// Another spelling, with a value branch in the middle of the product and -x as
// a product: still one division, and one product with the value.

// CHECK-LABEL: @silu_times_value
// CHECK-SAME: %[[X:.*]]: vector<4x8xf32>, %[[V:.*]]: vector<4x8xf32>
// CHECK-NOT: math.exp
// CHECK: math.absf %[[X]]
// CHECK: arith.divf
// CHECK: %[[S:.*]] = math.fma
// CHECK-NEXT: %[[R:.*]] = arith.mulf %[[S]], %[[V]]
// CHECK-NEXT: return %[[R]]
func.func @silu_times_value(%x: vector<4x8xf32>, %v: vector<4x8xf32>)
    -> vector<4x8xf32> {
  %one = arith.constant dense<1.0> : vector<4x8xf32>
  %minus = arith.constant dense<-1.0> : vector<4x8xf32>
  %n = arith.mulf %minus, %x : vector<4x8xf32>
  %e = math.exp %n : vector<4x8xf32>
  %d = arith.addf %one, %e : vector<4x8xf32>
  %s = arith.divf %one, %d : vector<4x8xf32>
  %sv = arith.mulf %s, %v : vector<4x8xf32>
  %y = arith.mulf %x, %sv : vector<4x8xf32>
  return %y : vector<4x8xf32>
}

// -----

// A sigmoid that is used elsewhere too is there, and silu besides.

// CHECK-LABEL: @sigmoid_and_silu
// CHECK-NOT: math.exp
// CHECK: %[[SIGMOID:.*]] = arith.divf
// CHECK: %[[Q:.*]] = arith.divf
// CHECK: %[[SILU:.*]] = math.fma %[[Q]]
// CHECK: return %[[SIGMOID]], %[[SILU]]
func.func @sigmoid_and_silu(%x: f32) -> (f32, f32) {
  %one = arith.constant 1.0 : f32
  %n = arith.negf %x : f32
  %e = math.exp %n : f32
  %d = arith.addf %one, %e : f32
  %s = arith.divf %one, %d : f32
  %y = arith.mulf %s, %x : f32
  return %s, %y : f32, f32
}

// -----

// exp(x) / (1 + exp(x)) is a sigmoid.

// CHECK-LABEL: @sigmoid_by_exp
// CHECK-NOT: math.exp
// CHECK: %[[S:.*]] = arith.divf
// CHECK-NEXT: return %[[S]]
func.func @sigmoid_by_exp(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %e = math.exp %x : f32
  %d = arith.addf %one, %e : f32
  %s = arith.divf %e, %d : f32
  return %s : f32
}

// -----

// GELU in f16 is computed in f32 and rounded once.

// CHECK-LABEL: @gelu
// CHECK-SAME: %[[X:.*]]: vector<8xf16>
// CHECK-NOT: math.erf
// CHECK: arith.extf %[[X]]
// CHECK-NOT: arith.extf
// CHECK: arith.divf
// CHECK: %[[T:.*]] = arith.truncf
// CHECK-NOT: arith.truncf
// CHECK: return %[[T]]
func.func @gelu(%x: vector<8xf16>) -> vector<8xf16> {
  %one = arith.constant dense<1.0> : vector<8xf16>
  %half = arith.constant dense<0.5> : vector<8xf16>
  %root = arith.constant dense<1.41421354> : vector<8xf16>
  %z = arith.divf %x, %root : vector<8xf16>
  %f = math.erf %z : vector<8xf16>
  %p = arith.addf %f, %one : vector<8xf16>
  %h = arith.mulf %p, %half : vector<8xf16>
  %y = arith.mulf %x, %h : vector<8xf16>
  return %y : vector<8xf16>
}

// -----

// The cubic of GELU factored in another way.

// CHECK-LABEL: @gelu_tanh
// CHECK-NOT: math.tanh
// CHECK-NOT: math.copysign
// CHECK: arith.divf
// CHECK-NOT: arith.divf
// CHECK: return
func.func @gelu_tanh(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %scale = arith.constant 0.797884583 : f32
  %cubic = arith.constant 4.471500e-02 : f32
  %square = arith.mulf %x, %x : f32
  %inner = math.fma %square, %cubic, %one : f32
  %sx = arith.mulf %scale, %x : f32
  %u = arith.mulf %sx, %inner : f32
  %t = math.tanh %u : f32
  %p = arith.addf %one, %t : f32
  %xp = arith.mulf %p, %x : f32
  %y = arith.mulf %half, %xp : f32
  return %y : f32
}

// -----

// What only looks like silu: another x, and 2 + exp.

// CHECK-LABEL: @not_silu
// CHECK-SAME: %[[X:.*]]: f32, %[[Y:.*]]: f32
// CHECK-NOT: math.exp
// CHECK: %[[S:.*]] = arith.divf
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[S]], %[[Y]]
// CHECK: %[[D:.*]] = arith.addf
// CHECK-NEXT: %[[Q:.*]] = arith.divf %[[X]], %[[D]]
// CHECK-NEXT: return %[[P]], %[[Q]]
func.func @not_silu(%x: f32, %y: f32) -> (f32, f32) {
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %n = arith.negf %x : f32
  %e = math.exp %n : f32
  %d = arith.addf %one, %e : f32
  %p = arith.divf %y, %d : f32
  %e2 = math.exp %n : f32
  %d2 = arith.addf %two, %e2 : f32
  %q = arith.divf %x, %d2 : f32
  return %p, %q : f32, f32
}

// -----

// CHECK-LABEL: @softplus
// CHECK-NOT: math.exp
// CHECK-NOT: math.log
// CHECK: return
func.func @softplus(%x: vector<16xf32>) -> vector<16xf32> {
  %one = arith.constant dense<1.0> : vector<16xf32>
  %e = math.exp %x : vector<16xf32>
  %d = arith.addf %one, %e : vector<16xf32>
  %y = math.log %d : vector<16xf32>
  return %y : vector<16xf32>
}

// -----

// Left alone: f64, and tensors, which become scalars first.

// CHECK-LABEL: @untouched
// CHECK: math.exp {{.*}} : f64
// CHECK: math.tanh {{.*}} : tensor<4xf32>
func.func @untouched(%x: f64, %t: tensor<4xf32>) -> (f64, tensor<4xf32>) {
  %e = math.exp %x : f64
  %h = math.tanh %t : tensor<4xf32>
  return %e, %h : f64, tensor<4xf32>
}

// -----

// Scalable vectors, and those of rank 0.

// CHECK-LABEL: @shapes
// CHECK-NOT: math.tanh
// CHECK: return
func.func @shapes(%x: vector<[4]xf32>, %y: vector<f32>)
    -> (vector<[4]xf32>, vector<f32>) {
  %a = math.tanh %x : vector<[4]xf32>
  %b = math.tanh %y : vector<f32>
  return %a, %b : vector<[4]xf32>, vector<f32>
}

// -----

// A sum that doubles itself is no polynomial that anyone meant; it must not
// take time.

// CHECK-LABEL: @deep
// CHECK: return
func.func @deep(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %a = arith.addf %x, %x : f32
  %b = arith.addf %a, %a : f32
  %c = arith.addf %b, %b : f32
  %d = arith.addf %c, %c : f32
  %e = arith.addf %d, %d : f32
  %f = arith.addf %e, %e : f32
  %g = arith.addf %f, %f : f32
  %h = arith.addf %g, %g : f32
  %i = arith.addf %h, %h : f32
  %j = math.exp %i : f32
  %k = arith.addf %j, %one : f32
  %l = arith.divf %x, %k : f32
  return %l : f32
}

// -----

// A dead operation with a region: what is in it is visited after it.

// CHECK-LABEL: @dead
// CHECK: scf.if
// CHECK-NOT: math.exp
// CHECK: return
func.func @dead(%c: i1, %x: f32) {
  %y = scf.if %c -> f32 {
    %e = math.exp %x : f32
    scf.yield %e : f32
  } else {
    scf.yield %x : f32
  }
  return
}
