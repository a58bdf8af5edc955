// RUN: glu-opt %s --glu-tiles-to-amx --canonicalize --cse --split-input-file | FileCheck %s

// Two tiles of sums share a tile of weights; what is zero is not read, and its
// buffer is made once.

// CHECK-LABEL: @pair
// CHECK-SAME: %[[X:.+]]: memref<1x32x64x2xbf16, strided<[?, ?, 2, 1]>>, %[[W:.+]]: memref<64x16x2xbf16>
// CHECK: %[[Y:.+]] = memref.alloc() : memref<32x16xf32>
// CHECK: scf.for
// CHECK-NOT: linalg.fill
// CHECK-COUNT-2: amx.tile_zero : !amx.tile<16x16xf32>
// CHECK: %[[R:.+]]:2 = scf.for %[[K:.+]] = %c0 to %c64 step %c16 iter_args(%[[A:.+]] = %{{.+}}, %[[B:.+]] = %{{.+}}) -> (!amx.tile<16x16xf32>, !amx.tile<16x16xf32>)
// CHECK: %[[T:.+]] = amx.tile_load %[[W]][%[[K]], %c0, %c0], %c32 : memref<64x16x2xbf16> into !amx.tile<16x32xbf16>
// CHECK: %[[M:.+]]:4, %[[S:.+]]:4 = memref.extract_strided_metadata %[[X]]
// CHECK: %[[X0:.+]] = amx.tile_load %[[X]][%c0, %c0, %[[K]], %c0], %[[S]]#1
// CHECK: %[[N0:.+]] = amx.tile_mulf %[[X0]], %[[T]], %[[A]]
// CHECK: %[[X1:.+]] = amx.tile_load %[[X]][%c0, %c16, %[[K]], %c0], %[[S]]#1
// CHECK: %[[N1:.+]] = amx.tile_mulf %[[X1]], %[[T]], %[[B]]
// CHECK: scf.yield %[[N0]], %[[N1]]
// CHECK: amx.tile_store %[[Y]][%c0, %c0], %[[R]]#0, %c16
// CHECK: amx.tile_store %[[Y]][%c16, %c0], %[[R]]#1, %c16
// CHECK: memref.load %[[Y]]
// CHECK: }
// CHECK: memref.dealloc %[[Y]]
#x = affine_map<(b, m, n, k, l) -> (b, m, k, l)>
#w = affine_map<(b, m, n, k, l) -> (k, n, l)>
#y = affine_map<(b, m, n, k, l) -> (m, n)>
func.func @pair(%x: memref<1x32x64x2xbf16, strided<[?, ?, 2, 1]>>, %w: memref<64x16x2xbf16>, %r: memref<f32>) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %z = memref.alloc() : memref<32x16xf32>
    %y = memref.alloc() : memref<32x16xf32>
    linalg.fill ins(%zero : f32) outs(%z : memref<32x16xf32>)
    memref.copy %z, %y : memref<32x16xf32> to memref<32x16xf32>
    linalg.generic {glu.amx, indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<1x32x64x2xbf16, strided<[?, ?, 2, 1]>>, memref<64x16x2xbf16>) outs(%y : memref<32x16xf32>) {
    ^bb0(%a: bf16, %b: bf16, %c: f32):
      %0 = arith.extf %a : bf16 to f32
      %1 = arith.extf %b : bf16 to f32
      %2 = arith.mulf %0, %1 : f32
      %3 = arith.addf %c, %2 : f32
      linalg.yield %3 : f32
    }
    %f = memref.load %y[%c0, %c0] : memref<32x16xf32>
    memref.store %f, %r[] : memref<f32>
    memref.dealloc %z : memref<32x16xf32>
    memref.dealloc %y : memref<32x16xf32>
  }
  return
}

// -----

// Taps of a convolution with a stride, and sums that go on.

// CHECK-LABEL: @taps
// CHECK: amx.tile_load %[[Y:.+]][%c0, %c0], %c16 : memref<16x16xf32> into !amx.tile<16x16xf32>
// CHECK: scf.for %[[T:.+]] = %c0 to %{{.+}} step %c1
// CHECK: scf.for %[[K:.+]] = %c0 to %c32 step %c16
// CHECK: amx.tile_load %{{.+}}[%[[T]], %[[K]], %c0, %c0], %c32
// CHECK: amx.tile_load %{{.+}}[%[[T]], %[[K]], %c0], %c128
// CHECK: amx.tile_store %[[Y]]
#x1 = affine_map<(m, n, t, k, l) -> (2 * m + t, k, l)>
#w1 = affine_map<(m, n, t, k, l) -> (t, k, n, l)>
#y1 = affine_map<(m, n, t, k, l) -> (m, n)>
func.func @taps(%x: memref<?x32x2xbf16>, %w: memref<?x32x16x2xbf16>, %y: memref<16x16xf32>) {
  linalg.generic {glu.amx, indexing_maps = [#x1, #w1, #y1], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%x, %w : memref<?x32x2xbf16>, memref<?x32x16x2xbf16>) outs(%y : memref<16x16xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %0, %1 : f32
    %3 = arith.addf %c, %2 : f32
    linalg.yield %3 : f32
  }
  return
}

// -----

// Bytes, 64 a step.

// CHECK-LABEL: @int8
// CHECK: scf.for %[[K:.+]] = %c0 to %c32 step %c16 {{.*}} -> (!amx.tile<16x16xi32>)
// CHECK: amx.tile_load %{{.+}}[%[[K]], %c0, %c0], %c64 : memref<32x16x4xi8> into !amx.tile<16x64xi8>
// CHECK: amx.tile_load %{{.+}}[%c0, %[[K]], %c0], %c128 : memref<16x32x4xi8> into !amx.tile<16x64xi8>
// CHECK: amx.tile_muli %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}}, %{{[a-z0-9_]+}} : !amx.tile<16x64xi8>, !amx.tile<16x64xi8>, !amx.tile<16x16xi32>

// An input without a sign is said to have none.

// CHECK-LABEL: @no_sign
// CHECK: amx.tile_muli %{{.+}} zext, %{{[a-z0-9_]+}}, %{{.+}}
#x3 = affine_map<(m, n, k, l) -> (m, k, l)>
#w3 = affine_map<(m, n, k, l) -> (k, n, l)>
#y3 = affine_map<(m, n, k, l) -> (m, n)>
func.func @int8(%x: memref<16x32x4xi8>, %w: memref<32x16x4xi8>, %y: memref<16x16xi32>) {
  linalg.generic {glu.amx, indexing_maps = [#x3, #w3, #y3], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : memref<16x32x4xi8>, memref<32x16x4xi8>) outs(%y : memref<16x16xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %0 = arith.extsi %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %c, %2 : i32
    linalg.yield %3 : i32
  }
  return
}
func.func @no_sign(%x: memref<16x32x4xi8>, %w: memref<32x16x4xi8>, %y: memref<16x16xi32>) {
  linalg.generic {glu.amx, indexing_maps = [#x3, #w3, #y3], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : memref<16x32x4xi8>, memref<32x16x4xi8>) outs(%y : memref<16x16xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %0 = arith.extui %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %c, %2 : i32
    linalg.yield %3 : i32
  }
  return
}

// -----

// No product that AMX has: rows of the input apart, no whole tiles, other
// elements. They stay loops.

// CHECK-LABEL: @apart
// CHECK-NOT: amx.tile
// CHECK: linalg.generic
// CHECK-LABEL: @ragged
// CHECK-NOT: amx.tile
// CHECK: linalg.generic
// CHECK-LABEL: @f16
// CHECK-NOT: amx.tile
// CHECK: linalg.generic
#x2 = affine_map<(m, n, k, l) -> (m, k, l)>
#w2 = affine_map<(m, n, k, l) -> (k, n, l)>
#y2 = affine_map<(m, n, k, l) -> (m, n)>
func.func @apart(%x: memref<16x16x2xbf16, strided<[64, 4, 2]>>, %w: memref<16x16x2xbf16>, %y: memref<16x16xf32>) {
  linalg.generic {glu.amx, indexing_maps = [#x2, #w2, #y2], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : memref<16x16x2xbf16, strided<[64, 4, 2]>>, memref<16x16x2xbf16>) outs(%y : memref<16x16xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %0, %1 : f32
    %3 = arith.addf %c, %2 : f32
    linalg.yield %3 : f32
  }
  return
}
func.func @ragged(%x: memref<16x17x2xbf16>, %w: memref<17x16x2xbf16>, %y: memref<16x16xf32>) {
  linalg.generic {glu.amx, indexing_maps = [#x2, #w2, #y2], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : memref<16x17x2xbf16>, memref<17x16x2xbf16>) outs(%y : memref<16x16xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %0, %1 : f32
    %3 = arith.addf %c, %2 : f32
    linalg.yield %3 : f32
  }
  return
}
func.func @f16(%x: memref<16x16x2xf16>, %w: memref<16x16x2xf16>, %y: memref<16x16xf32>) {
  linalg.generic {glu.amx, indexing_maps = [#x2, #w2, #y2], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %w : memref<16x16x2xf16>, memref<16x16x2xf16>) outs(%y : memref<16x16xf32>) {
  ^bb0(%a: f16, %b: f16, %c: f32):
    %0 = arith.extf %a : f16 to f32
    %1 = arith.extf %b : f16 to f32
    %2 = arith.mulf %0, %1 : f32
    %3 = arith.addf %c, %2 : f32
    linalg.yield %3 : f32
  }
  return
}
