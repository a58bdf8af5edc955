// RUN: glu-opt %s --glu-vectorize="target-cpu=x86-64-v3" --canonicalize --cse --split-input-file | FileCheck %s

// Both accumulators in one loop, row by row: one broadcast feeds two fma.

// CHECK-LABEL: @dual
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: %[[X0:.+]] = tensor.extract %arg0[%c0, %[[K:.+]]]
// CHECK: %[[B0:.+]] = vector.broadcast %[[X0]]
// CHECK: %[[G:.+]] = vector.transfer_read %arg1[%[[K]], %c0]
// CHECK: %[[V:.+]] = vector.transfer_read %arg2[%[[K]], %c0]
// CHECK: math.fma %[[B0]], %[[G]]
// CHECK: math.fma %[[B0]], %[[V]]
// CHECK: %[[X1:.+]] = tensor.extract %arg0[%c1, %[[K]]]
// CHECK: %[[B1:.+]] = vector.broadcast %[[X1]]
// CHECK: math.fma %[[B1]], %[[G]]
// CHECK: math.fma %[[B1]], %[[V]]
// CHECK-NOT: vector.transfer_read
// CHECK: arith.mulf {{.*}} : vector<8xf32>
// CHECK: arith.mulf {{.*}} : vector<8xf32>
// CHECK-COUNT-2: vector.transfer_write
// CHECK-NOT: vector.transfer_write
func.func @dual(%x: tensor<2x32xf32>, %g: tensor<32x8xf32>, %v: tensor<32x8xf32>, %o: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x8xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x8xf32>) -> tensor<2x8xf32>
  %s:2 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %g, %v : tensor<2x32xf32>, tensor<32x8xf32>, tensor<32x8xf32>) outs(%z, %z : tensor<2x8xf32>, tensor<2x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %p: f32, %q: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %p, %0 : f32
    %2 = arith.mulf %a, %c : f32
    %3 = arith.addf %q, %2 : f32
    linalg.yield %1, %3 : f32, f32
  } -> (tensor<2x8xf32>, tensor<2x8xf32>)
  %y = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
    ins(%s#0, %s#1 : tensor<2x8xf32>, tensor<2x8xf32>) outs(%o : tensor<2x8xf32>) {
  ^bb0(%a: f32, %b: f32, %p: f32):
    %0 = arith.mulf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

// Narrow weights are widened once per row of the panel, not once per row of x.

// CHECK-LABEL: @bf16
// CHECK: scf.for
// CHECK-COUNT-1: arith.extf {{.*}} : vector<8xbf16> to vector<8xf32>
// CHECK-NOT: arith.extf
// CHECK: scf.yield
func.func @bf16(%x: tensor<2x32xf32>, %w: tensor<32x8xbf16>, %o: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<2x32xf32>, tensor<32x8xbf16>) outs(%o : tensor<2x8xf32>) {
  ^bb0(%a: f32, %b: bf16, %p: f32):
    %c = arith.extf %b : bf16 to f32
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %p, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

// Not register tiles: left alone.

// CHECK-LABEL: @large
// CHECK: linalg.generic
// CHECK: linalg.generic
func.func @large(%x: tensor<128x128xf32>, %d: tensor<2x?xf32>) -> (tensor<128x128xf32>, tensor<2x?xf32>) {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]} outs(%x : tensor<128x128xf32>) {
  ^bb0(%a: f32):
    %0 = arith.mulf %a, %a : f32
    linalg.yield %0 : f32
  } -> tensor<128x128xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]} outs(%d : tensor<2x?xf32>) {
  ^bb0(%a: f32):
    %0 = arith.mulf %a, %a : f32
    linalg.yield %0 : f32
  } -> tensor<2x?xf32>
  return %y, %z : tensor<128x128xf32>, tensor<2x?xf32>
}

// -----

// A body that reads indices has no vector form here.

// CHECK-LABEL: @indices
// CHECK: linalg.index
func.func @indices(%x: tensor<2x8xi64>) -> tensor<2x8xi64> {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]} outs(%x : tensor<2x8xi64>) {
  ^bb0(%a: i64):
    %i = linalg.index 0 : index
    %0 = arith.index_cast %i : index to i64
    linalg.yield %0 : i64
  } -> tensor<2x8xi64>
  return %y : tensor<2x8xi64>
}

// -----

// The elements of a diagonal are not one apart.

// CHECK-LABEL: @diagonal
// CHECK: linalg.generic
func.func @diagonal(%x: tensor<8x8xf32>, %o: tensor<8xf32>) -> tensor<8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i, i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%x : tensor<8x8xf32>) outs(%o : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// All lanes write one element.

// CHECK-LABEL: @last_wins
// CHECK: linalg.generic
func.func @last_wins(%x: tensor<8x8xf32>, %o: tensor<8xf32>) -> tensor<8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<8x8xf32>) outs(%o : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// A vector of i1 lies in memory as bits, a tensor of them as bytes: lanes are
// read one by one, and not written at all.

// CHECK-LABEL: @masked
// CHECK-COUNT-4: tensor.extract %arg0[%c0, %{{.*}}] : tensor<2x4xi1>
// CHECK: vector.from_elements {{.*}} : vector<4xi1>
// CHECK: arith.select {{.*}} : vector<4xi1>, vector<4xf32>
// CHECK: linalg.generic
func.func @masked(%mask: tensor<2x4xi1>, %x: tensor<2x4xf32>, %o: tensor<2x4xf32>, %p: tensor<2x4xi1>) -> (tensor<2x4xf32>, tensor<2x4xi1>) {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
    ins(%mask, %x : tensor<2x4xi1>, tensor<2x4xf32>) outs(%o : tensor<2x4xf32>) {
  ^bb0(%a: i1, %b: f32, %c: f32):
    %0 = arith.select %a, %b, %c : f32
    linalg.yield %0 : f32
  } -> tensor<2x4xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
    ins(%y : tensor<2x4xf32>) outs(%p : tensor<2x4xi1>) {
  ^bb0(%a: f32, %b: i1):
    %0 = arith.cmpf ogt, %a, %a : f32
    linalg.yield %0 : i1
  } -> tensor<2x4xi1>
  return %y, %z : tensor<2x4xf32>, tensor<2x4xi1>
}

// -----

// No register tile: with a vector for each row this would be 51 times the code.

// CHECK-LABEL: @more_rows_than_registers
// CHECK: scf.for %[[I:.+]] = %c0 to %c3
// CHECK: scf.for %[[J:.+]] = %c0 to %c17
// CHECK: vector.transfer_read {{.*}} : tensor<1x1x13xf32>, vector<13xf32>
// CHECK-NOT: vector.transfer_read
// CHECK: math.exp {{.*}} : vector<13xf32>
// CHECK-NOT: math.exp
func.func @more_rows_than_registers(%x: tensor<3x17x13xf32>, %o: tensor<3x17x13xf32>) -> tensor<3x17x13xf32> {
  %y = linalg.exp ins(%x : tensor<3x17x13xf32>) outs(%o : tensor<3x17x13xf32>) -> tensor<3x17x13xf32>
  return %y : tensor<3x17x13xf32>
}

// -----

// A tile of an AVX-512 chip: each row stays in its registers.

// CHECK-LABEL: @as_many_rows_as_registers
// CHECK-NOT: scf.for
// CHECK-COUNT-14: math.exp {{.*}} : vector<16xf32>
func.func @as_many_rows_as_registers(%x: tensor<14x16xf32>, %o: tensor<14x16xf32>) -> tensor<14x16xf32> {
  %y = linalg.exp ins(%x : tensor<14x16xf32>) outs(%o : tensor<14x16xf32>) -> tensor<14x16xf32>
  return %y : tensor<14x16xf32>
}

// -----

// Sums of four panels that do not fit in sixteen registers: eight steps with
// those of one, eight with those of the next. The last turn is shorter.

// CHECK-LABEL: @turns
// CHECK: %{{.+}}:24 = scf.for %[[K:.+]] = %c0 to %c37 step %c8 iter_args
// CHECK: %[[END:.+]] = affine.min {{.*}}(%[[K]])
// CHECK: scf.for %[[I:.+]] = %[[K]] to %[[END]] step %c1 {{.*}}vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: vector.transfer_read %arg1[%c0, %[[I]], %c0]
// CHECK-COUNT-6: math.fma
// CHECK: scf.for %[[J:.+]] = %[[K]] to %[[END]] step %c1
// CHECK: vector.transfer_read %arg1[%c1, %[[J]], %c0]
// CHECK-COUNT-6: math.fma
// CHECK-COUNT-2: scf.for %{{.+}} = %[[K]] to %[[END]] step %c1
// CHECK-NOT: scf.for
func.func @turns(%x: tensor<6x37xf32>, %w: tensor<4x37x8xf32>, %o: tensor<4x6x8xf32>) -> tensor<4x6x8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(p, m, n, k) -> (m, k)>, affine_map<(p, m, n, k) -> (p, k, n)>, affine_map<(p, m, n, k) -> (p, m, n)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<6x37xf32>, tensor<4x37x8xf32>) outs(%o : tensor<4x6x8xf32>) {
  ^bb0(%a: f32, %b: f32, %p: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %p, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4x6x8xf32>
  return %y : tensor<4x6x8xf32>
}
