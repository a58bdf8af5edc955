// RUN: glu-opt %s --glu-prefetch --canonicalize --split-input-file | FileCheck %s

// While 40 tiles use a panel, 32 of them fetch the next one; each row of it is
// one line of memory, fetched in one step of 32.

// CHECK-LABEL: func @panels
//  CHECK-SAME:   (%[[X:.*]]: memref<240x100xf32>, %[[W:.*]]: memref<7x100x2x8xf32>
//       CHECK:   scf.for %[[N:.*]] = %c0 to %c7
//       CHECK:     %[[FOLLOWING:.*]] = affine.apply #{{.*}}()[%[[N]]]
//       CHECK:     %[[INSIDE:.*]] = arith.cmpi slt, %[[FOLLOWING]], %c7
//       CHECK:     %[[NEXT:.*]] = arith.select %[[INSIDE]], %[[FOLLOWING]], %c0
//       CHECK:     scf.for %[[M:.*]] = %c0 to %c40
//       CHECK:       %[[TILE:.*]] = arith.minui %[[M]], %c31
//       CHECK:       %[[START:.*]] = arith.muli %[[TILE]], %c100
//       CHECK:       scf.for %[[K:.*]] = %c0 to %c100
//       CHECK:         %[[SUM:.*]] = arith.addi %[[START]], %[[K]]
//   CHECK-DAG:         %[[ROW:.*]] = arith.shrui %[[SUM]], %c5
//   CHECK-DAG:         %[[REST:.*]] = arith.andi %[[SUM]], %c31
//       CHECK:         %[[FIRST:.*]] = arith.cmpi eq, %[[REST]], %c0
//       CHECK:         scf.if %[[FIRST]] {
//  CHECK-NEXT:           memref.prefetch %[[W]][%[[NEXT]], %[[ROW]], %c0, %c0], read, locality<2>, data
//  CHECK-NEXT:         }
//   CHECK-NOT:         memref.prefetch
func.func @panels(%x: memref<240x100xf32>, %w: memref<7x100x2x8xf32>, %y: memref<40x7x2x8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %c40 = arith.constant 40 : index
  %c100 = arith.constant 100 : index
  %zero = arith.constant 0.0 : f32
  %z = arith.constant dense<0.0> : vector<8xf32>
  scf.for %n = %c0 to %c7 step %c1 {
    scf.for %m = %c0 to %c40 step %c1 {
      %acc:2 = scf.for %k = %c0 to %c100 step %c1 iter_args(%g = %z, %v = %z) -> (vector<8xf32>, vector<8xf32>) {
        %row = affine.apply affine_map<()[m] -> (m * 6)>()[%m]
        %e = memref.load %x[%row, %k] : memref<240x100xf32>
        %b = vector.broadcast %e : f32 to vector<8xf32>
        %wg = vector.transfer_read %w[%n, %k, %c0, %c0], %zero {in_bounds = [true]} : memref<7x100x2x8xf32>, vector<8xf32>
        %wv = vector.transfer_read %w[%n, %k, %c1, %c0], %zero {in_bounds = [true]} : memref<7x100x2x8xf32>, vector<8xf32>
        %g1 = math.fma %b, %wg, %g : vector<8xf32>
        %v1 = math.fma %b, %wv, %v : vector<8xf32>
        scf.yield %g1, %v1 : vector<8xf32>, vector<8xf32>
      }
      vector.transfer_write %acc#0, %y[%m, %n, %c0, %c0] {in_bounds = [true]} : vector<8xf32>, memref<40x7x2x8xf32>
      vector.transfer_write %acc#1, %y[%m, %n, %c1, %c0] {in_bounds = [true]} : vector<8xf32>, memref<40x7x2x8xf32>
    }
  }
  return
}

// -----

// A block of unknown length, an outer reduction, two tiles that fetch half a
// panel each, and rows of two lines of memory.

// CHECK-LABEL: func @window
//       CHECK:   scf.for %[[N:.*]] = %c0 to %[[END:.*]] step
//       CHECK:     %[[NEXT:.*]] = arith.select
//       CHECK:     scf.for %{{.*}} = %c0 to %c2
//       CHECK:       scf.for %[[P:.*]] = %c0 to %c3
//       CHECK:         scf.for
//       CHECK:           %[[ROW:.*]] = arith.shrui %{{.*}}, %c1
//   CHECK-NOT:           scf.if
//       CHECK:           memref.prefetch %{{.*}}[%[[NEXT]], %[[P]], %[[ROW]], %c0]
//       CHECK:           memref.prefetch %{{.*}}[%[[NEXT]], %[[P]], %[[ROW]], %c16]
func.func @window(%w: memref<?x3x100x32xf32>, %y: memref<2x?x32xf32>, %x: memref<2x3x100xf32>) {
  %c2 = arith.constant 2 : index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c100 = arith.constant 100 : index
  %end = memref.dim %w, %c0 : memref<?x3x100x32xf32>
  %zero = arith.constant 0.0 : f32
  %z = arith.constant dense<0.0> : vector<32xf32>
  scf.for %n = %c0 to %end step %c1 {
    scf.for %m = %c0 to %c2 step %c1 {
      %acc = scf.for %p = %c0 to %c3 step %c1 iter_args(%a = %z) -> vector<32xf32> {
        %sum = scf.for %k = %c0 to %c100 step %c1 iter_args(%s = %a) -> vector<32xf32> {
          %e = memref.load %x[%m, %p, %k] : memref<2x3x100xf32>
          %b = vector.broadcast %e : f32 to vector<32xf32>
          %wk = vector.transfer_read %w[%n, %p, %k, %c0], %zero {in_bounds = [true]} : memref<?x3x100x32xf32>, vector<32xf32>
          %s1 = math.fma %b, %wk, %s : vector<32xf32>
          scf.yield %s1 : vector<32xf32>
        }
        scf.yield %sum : vector<32xf32>
      }
      vector.transfer_write %acc, %y[%m, %n, %c0] {in_bounds = [true]} : vector<32xf32>, memref<2x?x32xf32>
    }
  }
  return
}

// -----

// Nothing to fetch: no loop goes to another panel, where it lies is decided
// inside, or a line feeds so little that the chip is fast enough.

// CHECK-LABEL: func @one_panel
//   CHECK-NOT:   memref.prefetch
func.func @one_panel(%w: memref<100x8xf32>, %y: memref<40x8xf32>, %at: memref<100xindex>, %v: memref<7x100x8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %c40 = arith.constant 40 : index
  %c100 = arith.constant 100 : index
  %zero = arith.constant 0.0 : f32
  %z = arith.constant dense<0.0> : vector<8xf32>
  scf.for %m = %c0 to %c40 step %c1 {
    %acc = scf.for %k = %c0 to %c100 step %c1 iter_args(%a = %z) -> vector<8xf32> {
      %wk = vector.transfer_read %w[%k, %c0], %zero {in_bounds = [true]} : memref<100x8xf32>, vector<8xf32>
      %a1 = arith.addf %a, %wk : vector<8xf32>
      scf.yield %a1 : vector<8xf32>
    }
    vector.transfer_write %acc, %y[%m, %c0] {in_bounds = [true]} : vector<8xf32>, memref<40x8xf32>
  }
  scf.for %n = %c0 to %c7 step %c1 {
    %acc = scf.for %k = %c0 to %c100 step %c1 iter_args(%a = %z) -> vector<8xf32> {
      %i = memref.load %at[%k] : memref<100xindex>
      %j = affine.apply affine_map<()[i, k] -> (i + k)>()[%i, %k]
      %wk = vector.transfer_read %v[%n, %j, %c0], %zero {in_bounds = [true]} : memref<7x100x8xf32>, vector<8xf32>
      %a1 = arith.addf %a, %wk : vector<8xf32>
      scf.yield %a1 : vector<8xf32>
    }
    vector.transfer_write %acc, %y[%n, %c0] {in_bounds = [true]} : vector<8xf32>, memref<40x8xf32>
  }
  scf.for %n = %c0 to %c7 step %c1 {
    %acc = scf.for %k = %c0 to %c100 step %c1 iter_args(%a = %z) -> vector<8xf32> {
      %wk = vector.transfer_read %v[%n, %k, %c0], %zero {in_bounds = [true]} : memref<7x100x8xf32>, vector<8xf32>
      %a1 = arith.addf %a, %wk : vector<8xf32>
      scf.yield %a1 : vector<8xf32>
    }
    vector.transfer_write %acc, %y[%n, %c0] {in_bounds = [true]} : vector<8xf32>, memref<40x8xf32>
  }
  return
}

// -----

// Rows beyond measure, and places beyond what can be counted, are left alone.

// CHECK-LABEL: @beyond_measure
// CHECK-NOT: memref.prefetch
func.func @beyond_measure(%w: memref<7x100x4294967296xf32>, %y: memref<40x4294967296xf32>,
                          %v: memref<7x100x8xf32, strided<[9223372036854775807, 4611686018427387904, 1]>>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %c100 = arith.constant 100 : index
  %zero = arith.constant 0.0 : f32
  %z = arith.constant dense<0.0> : vector<4294967296xf32>
  %z8 = arith.constant dense<0.0> : vector<8xf32>
  scf.for %n = %c0 to %c7 step %c1 {
    %acc = scf.for %k = %c0 to %c100 step %c1 iter_args(%a = %z) -> vector<4294967296xf32> {
      %wk = vector.transfer_read %w[%n, %k, %c0], %zero {in_bounds = [true]} : memref<7x100x4294967296xf32>, vector<4294967296xf32>
      %a1 = arith.addf %a, %wk : vector<4294967296xf32>
      scf.yield %a1 : vector<4294967296xf32>
    }
    vector.transfer_write %acc, %y[%n, %c0] {in_bounds = [true]} : vector<4294967296xf32>, memref<40x4294967296xf32>
  }
  scf.for %n = %c0 to %c7 step %c1 {
    %acc = scf.for %k = %c0 to %c100 step %c1 iter_args(%a = %z8) -> vector<8xf32> {
      %wk = vector.transfer_read %v[%c7, %k, %n], %zero {in_bounds = [true]} : memref<7x100x8xf32, strided<[9223372036854775807, 4611686018427387904, 1]>>, vector<8xf32>
      %a1 = arith.addf %a, %wk : vector<8xf32>
      scf.yield %a1 : vector<8xf32>
    }
    vector.transfer_write %acc, %y[%n, %c0] {in_bounds = [true]} : vector<8xf32>, memref<40x4294967296xf32>
  }
  return
}

// -----

// A tile of several panels reads a line of each, which is too little work.

// CHECK-LABEL: func @streams
//   CHECK-NOT:   memref.prefetch
func.func @streams(%x: memref<100xf32>, %w: memref<8x100x16xf32>, %y: memref<8x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c8 = arith.constant 8 : index
  %c100 = arith.constant 100 : index
  %zero = arith.constant 0.0 : f32
  %z = arith.constant dense<0.0> : vector<8xf32>
  scf.for %n = %c0 to %c8 step %c2 {
    %m = affine.apply affine_map<()[n] -> (n + 1)>()[%n]
    %acc:8 = scf.for %k = %c0 to %c100 step %c1 iter_args(%a = %z, %b = %z, %c = %z, %d = %z, %e = %z, %f = %z, %g = %z, %h = %z)
        -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>) {
      %s = memref.load %x[%k] : memref<100xf32>
      %v = vector.broadcast %s : f32 to vector<8xf32>
      %u0 = vector.transfer_read %w[%n, %k, %c0], %zero {in_bounds = [true]} : memref<8x100x16xf32>, vector<8xf32>
      %u1 = vector.transfer_read %w[%m, %k, %c0], %zero {in_bounds = [true]} : memref<8x100x16xf32>, vector<8xf32>
      %a1 = math.fma %v, %u0, %a : vector<8xf32>
      %b1 = math.fma %v, %u1, %b : vector<8xf32>
      scf.yield %a1, %b1, %c, %d, %e, %f, %g, %h : vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>
    }
    vector.transfer_write %acc#0, %y[%n, %c0] {in_bounds = [true]} : vector<8xf32>, memref<8x16xf32>
    vector.transfer_write %acc#1, %y[%m, %c0] {in_bounds = [true]} : vector<8xf32>, memref<8x16xf32>
  }
  return
}
