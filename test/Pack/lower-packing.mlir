// RUN: glu-opt %s --glu-lower-packing="target-cpu=x86-64-v4" --canonicalize --cse -allow-unregistered-dialect | FileCheck %s
// RUN: glu-opt %s --glu-lower-packing="target-cpu=x86-64-v3" --canonicalize --cse -allow-unregistered-dialect | FileCheck %s --check-prefix=AVX2
// RUN: not glu-opt %s -allow-unregistered-dialect --glu-lower-packing="target-cpu=abacus" 2>&1 | FileCheck %s --check-prefix=CHIP
// CHIP: glu-lower-packing: no chip is called 'abacus'

// Columns lie beside each other: rows of several panels are copied, line by
// line of the source, and threads share the panels.
// CHECK-LABEL: @rows
// CHECK: scf.forall (%[[FIRST:.*]]) = (0) to (64) step (16)
// CHECK-NOT: vector.transfer
// CHECK: scf.for %[[K:.*]] = %c0 to %c32 step %c1
// CHECK: scf.for %[[J:.*]] = %c0 to
// CHECK: %[[N:.*]] = affine.apply
// CHECK: %[[ROW:.*]] = vector.transfer_read %arg0[%[[K]], %[[N]]], {{.*}} {in_bounds = [true]} : tensor<32x1024xf32>, vector<16xf32>
// CHECK: vector.transfer_write %[[ROW]], %{{.*}}[%[[J]], %[[K]], %c0] {in_bounds = [true]}
// CHECK-NOT: vector.transfer
// CHECK: tensor.parallel_insert_slice
func.func @rows(%w: tensor<32x1024xf32>) -> tensor<64x32x16xf32> {
  %e = tensor.empty() : tensor<64x32x16xf32>
  %p = linalg.pack %w outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [16]
    into %e : tensor<32x1024xf32> -> tensor<64x32x16xf32>
  return %p : tensor<64x32x16xf32>
}

// What the last panel has too much is read as padding, in a loop of its own.
// CHECK-LABEL: @ragged_rows
// CHECK: %[[PAD:.*]] = arith.constant 5 : i8
// CHECK: scf.for
// CHECK: vector.transfer_read %arg0{{.*}}, %[[PAD]] {in_bounds = [true]} : tensor<4x7xi8>, vector<4xi8>
// CHECK: scf.for
// CHECK: vector.transfer_read %arg0{{.*}}, %[[PAD]] : tensor<4x7xi8>, vector<4xi8>
// CHECK: vector.transfer_write {{.*}} {in_bounds = [true]}
func.func @ragged_rows(%w: tensor<4x7xi8>) -> tensor<2x4x4xi8> {
  %pad = arith.constant 5 : i8
  %e = tensor.empty() : tensor<2x4x4xi8>
  %p = linalg.pack %w padding_value(%pad : i8) outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [4]
    into %e : tensor<4x7xi8> -> tensor<2x4x4xi8>
  return %p : tensor<2x4x4xi8>
}

// Groups of two rows are interleaved.
// CHECK-LABEL: @row_groups
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1], [2, 3]] : tensor<8x16x32x2xbf16> into tensor<8x16x64xbf16>
// CHECK: %[[R0:.*]] = vector.transfer_read {{.*}} vector<32xbf16>
// CHECK: %[[R1:.*]] = vector.transfer_read {{.*}} vector<32xbf16>
// CHECK: vector.interleave %[[R0]], %[[R1]]
// CHECK: vector.transfer_write {{.*}} vector<64xbf16>
// CHECK: tensor.expand_shape
func.func @row_groups(%w: tensor<32x256xbf16>) -> tensor<8x16x32x2xbf16> {
  %e = tensor.empty() : tensor<8x16x32x2xbf16>
  %p = linalg.pack %w outer_dims_perm = [1, 0] inner_dims_pos = [1, 0] inner_tiles = [32, 2]
    into %e : tensor<32x256xbf16> -> tensor<8x16x32x2xbf16>
  return %p : tensor<8x16x32x2xbf16>
}

// The sum lies beside each other: squares are transposed in registers. Along a
// panel they are as wide as a register, whose rows are lines of the source.
// CHECK-LABEL: @squares
// CHECK: scf.forall (%[[PANEL:.*]]) in (4)
// CHECK: scf.for %[[COLUMN:.*]] = %c0 to %c32 step %c16
// CHECK: scf.for %[[K:.*]] = %c0 to %c32 step %c16
// CHECK-COUNT-16: vector.transfer_read %arg0{{.*}} {in_bounds = [true]} : tensor<128x32xf32>, vector<16xf32>
// CHECK-NOT: vector.transfer_read
// CHECK-COUNT-64: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-16: vector.transfer_write {{.*}} {in_bounds = [true]} : vector<16xf32>
// CHECK-NOT: vector.transfer
// CHECK: tensor.parallel_insert_slice
// AVX2-LABEL: @squares
// AVX2-COUNT-8: vector.transfer_read %arg0{{.*}} vector<8xf32>
// AVX2-COUNT-24: vector.shuffle
// AVX2-COUNT-8: vector.transfer_write
// AVX2: tensor.parallel_insert_slice
func.func @squares(%w: tensor<128x32xf32>) -> tensor<4x32x32xf32> {
  %e = tensor.empty() : tensor<4x32x32xf32>
  %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [32]
    into %e : tensor<128x32xf32> -> tensor<4x32x32xf32>
  return %p : tensor<4x32x32xf32>
}

// Groups of four bytes are words.
// CHECK-LABEL: @word_squares
// CHECK: vector.transfer_read {{.*}} vector<64xi8>
// CHECK: vector.bitcast {{.*}} : vector<64xi8> to vector<16xi32>
// CHECK-COUNT-64: vector.shuffle
// CHECK: vector.bitcast {{.*}} : vector<16xi32> to vector<64xi8>
// CHECK: vector.transfer_write {{.*}} : vector<64xi8>, tensor<1x16x64xi8>
func.func @word_squares(%w: tensor<64x64xi8>) -> tensor<4x16x16x4xi8> {
  %e = tensor.empty() : tensor<4x16x16x4xi8>
  %p = linalg.pack %w inner_dims_pos = [0, 1] inner_tiles = [16, 4]
    into %e : tensor<64x64xi8> -> tensor<4x16x16x4xi8>
  return %p : tensor<4x16x16x4xi8>
}

// Beyond the end of the sum a row is masked, beyond the last column it is
// padding. Rows that the result has not are written first, and overwritten.
// CHECK-LABEL: @ragged_squares
// CHECK: %[[NOTHING:.*]] = arith.constant dense<0.000000e+00> : vector<16xf32>
// CHECK: scf.forall
// CHECK: vector.transfer_read %arg0[{{.*}}], %{{[a-z0-9_]*}} : tensor<?x?xf32>
// CHECK: %[[LAST:.*]] = arith.minsi
// CHECK: vector.transfer_write %{{.*}}, %{{.*}}[%{{.*}}, %[[LAST]], %c0] {in_bounds = [true]}
// CHECK: %[[THERE:.*]] = arith.cmpi slt, %[[AT:.*]], %dim : index
// CHECK: %[[N:.*]] = arith.minsi %[[AT]], 
// CHECK: vector.transfer_read %arg0[%[[N]], %{{.*}}], %{{.*}} {in_bounds = [true]}
// CHECK: arith.select %[[THERE]], %{{.*}}, %[[NOTHING]] : vector<16xf32>
func.func @ragged_squares(%w: tensor<?x?xf32>, %e: tensor<?x?x16xf32>) -> tensor<?x?x16xf32> {
  %zero = arith.constant 0.0 : f32
  %p = linalg.pack %w padding_value(%zero : f32) inner_dims_pos = [0] inner_tiles = [16]
    into %e : tensor<?x?xf32> -> tensor<?x?x16xf32>
  return %p : tensor<?x?x16xf32>
}

// Experts: a task is a panel of one of them.
// CHECK-LABEL: @experts
// CHECK: scf.forall (%[[E:.*]], %[[P:.*]]) in (3, 2)
// CHECK: vector.transfer_read %arg0[%[[E]], %{{.*}}, %{{.*}}]
func.func @experts(%w: tensor<3x64x32xf32>) -> tensor<3x2x32x32xf32> {
  %e = tensor.empty() : tensor<3x2x32x32xf32>
  %p = linalg.pack %w inner_dims_pos = [1] inner_tiles = [32]
    into %e : tensor<3x64x32xf32> -> tensor<3x2x32x32xf32>
  return %p : tensor<3x2x32x32xf32>
}

// In a task of something else there are loops, for tasks do not nest.
// CHECK-LABEL: @in_a_task
// CHECK: scf.forall
// CHECK-NOT: scf.forall (
// CHECK: vector.shuffle
// CHECK: "use"
func.func @in_a_task(%w: tensor<64x32xf32>) {
  scf.forall (%i) in (8) {
    %e = tensor.empty() : tensor<4x32x16xf32>
    %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16]
      into %e : tensor<64x32xf32> -> tensor<4x32x16xf32>
    "use"(%p) : (tensor<4x32x16xf32>) -> ()
  }
  return
}

// Upstream's for the rest: blocks of two dimensions ...
// CHECK-LABEL: @blocks
// CHECK-NOT: linalg.pack
// CHECK: tensor.pad
// CHECK: tensor.expand_shape
// CHECK: linalg.transpose {{.*}} permutation = [2, 0, 3, 1]
func.func @blocks(%w: tensor<4x7xf32>) -> tensor<2x1x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x1x4x4xf32>
  %p = linalg.pack %w padding_value(%zero : f32) outer_dims_perm = [1, 0] inner_dims_pos = [1, 0] inner_tiles = [4, 4]
    into %e : tensor<4x7xf32> -> tensor<2x1x4x4xf32>
  return %p : tensor<2x1x4x4xf32>
}

// ... and elements that lie apart.
// CHECK-LABEL: @apart
// CHECK-NOT: vector.transfer
// CHECK: linalg.transpose
func.func @apart(%w: tensor<32x64xf32>) -> tensor<2x32x16xf32> {
  %s = tensor.extract_slice %w[0, 0] [32, 32] [1, 2] : tensor<32x64xf32> to tensor<32x32xf32>
  %e = tensor.empty() : tensor<2x32x16xf32>
  %p = linalg.pack %s outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [16]
    into %e : tensor<32x32xf32> -> tensor<2x32x16xf32>
  return %p : tensor<2x32x16xf32>
}

// A transposition is a panel of all columns, by squares of 64 columns at a time
// and of those that remain; what overruns the last dimension is overwritten.
// CHECK-LABEL: @transposition
// CHECK-NOT: linalg.transpose
// CHECK: scf.for %[[T:.*]] = %c0 to %c48 step %c16
// CHECK-NEXT: scf.for %[[C:.*]] = %c0 to %c64 step %c16
// CHECK-NEXT: vector.transfer_read %arg0[%[[C]], %[[T]]]
// CHECK-COUNT-15: vector.transfer_read
// CHECK-COUNT-64: vector.shuffle
// CHECK-COUNT-16: vector.transfer_write
// CHECK: scf.for %[[T:.*]] = %c0 to %c48 step %c16
// CHECK-NEXT: scf.for %[[C:.*]] = %c0 to %c48 step %c16
// CHECK: tensor.collapse_shape {{.*}} : tensor<1x50x112xf32> into tensor<50x112xf32>
func.func @transposition(%x: tensor<112x50xf32>, %e: tensor<50x112xf32>) -> tensor<50x112xf32> {
  %t = linalg.transpose ins(%x : tensor<112x50xf32>) outs(%e : tensor<50x112xf32>) permutation = [1, 0]
  return %t : tensor<50x112xf32>
}

// Of images with channels first, each line is a task.
// CHECK-LABEL: @channels_first
// CHECK: scf.forall (%[[B:.*]], %[[H:.*]]) in (%{{.*}}, %{{.*}})
// CHECK: vector.transfer_read %arg0[%[[B]], %c0, %[[H]], %{{.*}}]
func.func @channels_first(%x: tensor<?x16x?x?xbf16>, %e: tensor<?x?x?x16xbf16>) -> tensor<?x?x?x16xbf16> {
  %t = linalg.transpose ins(%x : tensor<?x16x?x?xbf16>) outs(%e : tensor<?x?x?x16xbf16>) permutation = [0, 2, 3, 1]
  return %t : tensor<?x?x?x16xbf16>
}

// Few elements, rows that stay rows, and columns that make no squares or are
// none: loops over elements.
// CHECK-LABEL: @plain_transpositions
// CHECK-COUNT-6: linalg.transpose
func.func @plain_transpositions(%a: tensor<32x32xf32>, %ea: tensor<32x32xf32>,
    %b: tensor<64x32x32xf32>, %eb: tensor<32x64x32xf32>, %c: tensor<127x64xf32>, %ec: tensor<64x127xf32>,
    %d: tensor<?x64xf32>, %ed: tensor<64x?xf32>, %n: tensor<0x?xf32>, %en: tensor<?x0xf32>,
    %z: tensor<64x0x?xf32>, %ez: tensor<?x0x64xf32>)
    -> (tensor<32x32xf32>, tensor<32x64x32xf32>, tensor<64x127xf32>, tensor<64x?xf32>, tensor<?x0xf32>, tensor<?x0x64xf32>) {
  %ta = linalg.transpose ins(%a : tensor<32x32xf32>) outs(%ea : tensor<32x32xf32>) permutation = [1, 0]
  %tb = linalg.transpose ins(%b : tensor<64x32x32xf32>) outs(%eb : tensor<32x64x32xf32>) permutation = [1, 0, 2]
  %tc = linalg.transpose ins(%c : tensor<127x64xf32>) outs(%ec : tensor<64x127xf32>) permutation = [1, 0]
  %td = linalg.transpose ins(%d : tensor<?x64xf32>) outs(%ed : tensor<64x?xf32>) permutation = [1, 0]
  %tn = linalg.transpose ins(%n : tensor<0x?xf32>) outs(%en : tensor<?x0xf32>) permutation = [1, 0]
  %tz = linalg.transpose ins(%z : tensor<64x0x?xf32>) outs(%ez : tensor<?x0x64xf32>) permutation = [2, 1, 0]
  return %ta, %tb, %tc, %td, %tn, %tz : tensor<32x32xf32>, tensor<32x64x32xf32>, tensor<64x127xf32>, tensor<64x?xf32>, tensor<?x0xf32>, tensor<?x0x64xf32>
}
