// RUN: glu-opt %s -canonicalize -cse -canonicalize -split-input-file | FileCheck %s
// RUN: glu-opt %s -canonicalize -glu-decompose -split-input-file -o /dev/null

// Zero biases: a constant, a fill, minus zero.

// CHECK-LABEL: func @zero_bias
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x32xf32>, %[[W:[^:]*]]: tensor<32x16xf32>
//  CHECK-NEXT:   %[[A:.*]] = glu.gated_projection silu gate(%[[X]], %[[W]] : {{.*}}) value(%[[X]], %[[W]] :
//  CHECK-NEXT:   return
func.func @zero_bias(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<16xf32>
  %c = arith.constant -0.0 : f32
  %e = tensor.empty() : tensor<16xf32>
  %f = linalg.fill ins(%c : f32) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %y = glu.gated_projection silu gate(%x, %w, %zero : tensor<8x32xf32>, tensor<32x16xf32>, tensor<16xf32>) value(%x, %w, %f : tensor<8x32xf32>, tensor<32x16xf32>, tensor<16xf32>)
         outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// CHECK-LABEL: func @zero_bias_integer
//       CHECK:   glu.gated_projection gate(%{{[^,]*}}, %{{[^,]*}} : tensor<8x32xi8>, tensor<32x16xi8>)
func.func @zero_bias_integer(%x: tensor<8x32xi8>, %w: tensor<32x16xi8>, %v: tensor<8x16xi32>) -> tensor<8x16xi32> {
  %zero = arith.constant dense<0> : tensor<16xi8>
  %y = glu.gated_projection gate(%x, %w, %zero : tensor<8x32xi8>, tensor<32x16xi8>, tensor<16xi8>) value(%v : tensor<8x16xi32>) outs(%v : tensor<8x16xi32>) {
  ^bb0(%g: i32, %u: i32):
    %0 = arith.muli %g, %u : i32
    glu.yield %0 : i32
  } -> tensor<8x16xi32>
  return %y : tensor<8x16xi32>
}

// -----

// Any other bias stays.

// CHECK-LABEL: func @bias
//       CHECK:   glu.gated_projection silu gate(%{{.*}}, %{{.*}}, %{{.*}} : {{.*}}) value(%{{.*}}, %{{.*}}, %{{.*}} :
func.func @bias(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %one = arith.constant dense<1.0> : tensor<16xf32>
  %some = arith.constant dense<[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]> : tensor<16xf32>
  %y = glu.gated_projection silu gate(%x, %w, %one : tensor<8x32xf32>, tensor<32x16xf32>, tensor<16xf32>) value(%x, %w, %some : tensor<8x32xf32>, tensor<32x16xf32>, tensor<16xf32>)
         outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// Extras: unused, doubled, equal to a branch, constant, a splat. Only the scalar
// and one tensor are left.

#id = affine_map<(m, n) -> (m, n)>
#t = affine_map<(m, n) -> (n, m)>
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[T:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-DAG: #[[S:.*]] = affine_map<(d0, d1) -> ()>
// CHECK-LABEL: func @extras
//  CHECK-SAME:   (%[[G:[^:]*]]: tensor<8x8xf32>, %[[V:[^:]*]]: tensor<8x8xf32>, %[[E:[^:]*]]: tensor<8x8xf32>, %[[C:[^:]*]]: f32
//       CHECK:   glu.gate gate(%[[G]] : {{.*}}) value(%[[V]] : {{.*}}) extras(%[[E]], %[[E]], %[[C]] : tensor<8x8xf32>, tensor<8x8xf32>, f32)
//  CHECK-SAME:     indexing_maps = [#[[ID]], #[[ID]], #[[ID]], #[[T]], #[[S]], #[[ID]]]
//       CHECK:   ^bb0(%[[g:.*]]: f32, %[[v:.*]]: f32, %[[e:.*]]: f32, %[[et:.*]]: f32, %[[c:.*]]: f32):
//       CHECK:     %[[TWO:.*]] = arith.constant 2.0
//       CHECK:     %[[S0:.*]] = arith.addf %[[e]], %[[e]]
//       CHECK:     %[[S1:.*]] = arith.addf %[[S0]], %[[v]]
//       CHECK:     %[[S2:.*]] = arith.addf %[[S1]], %[[et]]
//       CHECK:     %[[S3:.*]] = arith.addf %[[S2]], %[[TWO]]
//       CHECK:     %[[S4:.*]] = arith.addf %[[S3]], %[[c]]
//       CHECK:     %[[S5:.*]] = arith.mulf %[[S4]], %[[g]]
//       CHECK:     glu.yield %[[S5]]
func.func @extras(%g: tensor<8x8xf32>, %v: tensor<8x8xf32>, %e: tensor<8x8xf32>, %c: f32, %o: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %two = arith.constant dense<2.0> : tensor<8x8xf32>
  %empty = tensor.empty() : tensor<8x8xf32>
  %fill = linalg.fill ins(%c : f32) outs(%empty : tensor<8x8xf32>) -> tensor<8x8xf32>
  %y = glu.gate gate(%g : tensor<8x8xf32>) value(%v : tensor<8x8xf32>)
         extras(%o, %e, %e, %v, %e, %two, %fill : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>)
         outs(%o : tensor<8x8xf32>) attributes {indexing_maps = [#id, #id, #id, #id, #id, #id, #t, #id, #id, #id]} {
  ^bb0(%x: f32, %w: f32, %unused: f32, %a: f32, %b: f32, %w2: f32, %at: f32, %k: f32, %s: f32):
    %0 = arith.addf %a, %b : f32
    %1 = arith.addf %0, %w2 : f32
    %2 = arith.addf %1, %at : f32
    %3 = arith.addf %2, %k : f32
    %4 = arith.addf %3, %s : f32
    %5 = arith.mulf %4, %x : f32
    glu.yield %5 : f32
  } -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// -----

// On memrefs too; and what the constant made of the function has a name.

// CHECK-LABEL: func @extras_of_memrefs
//  CHECK-NEXT:   glu.gate swish<beta = 2.000000e+00> gate(%{{.*}} : memref<8xf32>) value(%{{.*}} : memref<8xf32>) outs(%{{.*}} : memref<8xf32>){{$}}
//  CHECK-NEXT:   return
func.func @extras_of_memrefs(%g: memref<8xf32>, %v: memref<8xf32>, %e: memref<8xf32>, %o: memref<8xf32>) {
  %two = arith.constant 2.0 : f32
  glu.gate gate(%g : memref<8xf32>) value(%v : memref<8xf32>) extras(%two, %e : f32, memref<8xf32>) outs(%o : memref<8xf32>)
    attributes {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>, affine_map<(m) -> ()>, affine_map<(m) -> (m)>, affine_map<(m) -> (m)>]} {
  ^bb0(%x: f32, %y: f32, %beta: f32, %unused: f32):
    %one = arith.constant 1.0 : f32
    %0 = arith.mulf %x, %beta : f32
    %1 = arith.negf %0 : f32
    %2 = math.exp %1 : f32
    %3 = arith.addf %2, %one : f32
    %4 = arith.divf %x, %3 : f32
    %5 = arith.mulf %4, %y : f32
    glu.yield %5 : f32
  }
  return
}

// -----

// Results: the second is the first, the third is not used.

// CHECK-LABEL: func @results
//       CHECK:   %[[Y:.*]]:2 = glu.gate gate(
//  CHECK-SAME:     outs(%{{.*}}, %{{.*}} : tensor<8xf32>, tensor<8xf16>)
//  CHECK-SAME:     note = "kept"
//       CHECK:     glu.yield %{{.*}}, %{{.*}} : f32, f16
//       CHECK:   return %[[Y]]#0, %[[Y]]#0, %[[Y]]#1
func.func @results(%g: tensor<8xf32>, %v: tensor<8xf32>, %o: tensor<8xf32>, %p: tensor<8xf16>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf16>) {
  %y:4 = glu.gate gate(%g : tensor<8xf32>) value(%v : tensor<8xf32>) outs(%o, %o, %o, %p : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf16>) attributes {note = "kept"} {
  ^bb0(%x: f32, %w: f32):
    %0 = arith.mulf %x, %w : f32
    %1 = arith.truncf %0 : f32 to f16
    glu.yield %0, %0, %x, %1 : f32, f32, f32, f16
  } -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf16>)
  return %y#0, %y#1, %y#3 : tensor<8xf32>, tensor<8xf32>, tensor<8xf16>
}

// -----

// With one result left the function may have a name.

// CHECK-LABEL: func @one_result
//  CHECK-NEXT:   %[[Y:.*]] = glu.gated_projection identity gate({{.*}} -> tensor<8x16xf32>
//  CHECK-NEXT:   return %[[Y]]
func.func @one_result(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y:2 = glu.gated_projection gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o, %o : tensor<8x16xf32>, tensor<8x16xf32>) {
  ^bb0(%g: f32, %v: f32):
    %0 = arith.mulf %g, %v : f32
    glu.yield %g, %0 : f32, f32
  } -> (tensor<8x16xf32>, tensor<8x16xf32>)
  return %y#1 : tensor<8x16xf32>
}

// -----

// CHECK-LABEL: func @dead
//  CHECK-NEXT:   return
func.func @dead(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  %y = glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return
}

// -----

// Transposes of any operand become its map: named, as a generic, twice.

// CHECK-DAG: #[[MK:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[NK:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[MN:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func @transposes
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x?xf32>, %[[WG:[^:]*]]: tensor<16x?xf32>, %[[WV:[^:]*]]: tensor<16x?xf32>, %[[O:[^:]*]]: tensor<8x16xf32>
//   CHECK-NOT:   linalg.
//       CHECK:   glu.gated_projection silu gate(%[[X]], %[[WG]] : {{.*}}) value(%[[X]], %[[WV]] : {{.*}}) outs(%[[O]] : {{.*}} attributes {indexing_maps = [#[[MK]], #[[NK]], #[[MK]], #[[NK]], #[[MN]]]}
func.func @transposes(%x: tensor<8x?xf32>, %wg: tensor<16x?xf32>, %wv: tensor<16x?xf32>, %o: tensor<8x16xf32>, %t: tensor<?x16xf32>, %u: tensor<?x8xf32>, %s: tensor<8x?xf32>) -> tensor<8x16xf32> {
  %wgt = linalg.transpose ins(%wg : tensor<16x?xf32>) outs(%t : tensor<?x16xf32>) permutation = [1, 0]
  %wvt = linalg.generic {indexing_maps = [affine_map<(a, b) -> (b, a)>, affine_map<(a, b) -> (a, b)>], iterator_types = ["parallel", "parallel"]}
           ins(%wv : tensor<16x?xf32>) outs(%t : tensor<?x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<?x16xf32>
  %xt = linalg.transpose ins(%x : tensor<8x?xf32>) outs(%u : tensor<?x8xf32>) permutation = [1, 0]
  %xtt = linalg.transpose ins(%xt : tensor<?x8xf32>) outs(%s : tensor<8x?xf32>) permutation = [1, 0]
  %y = glu.gated_projection silu gate(%x, %wgt : tensor<8x?xf32>, tensor<?x16xf32>) value(%xtt, %wvt : tensor<8x?xf32>, tensor<?x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// Three dimensions, so that a permutation differs from its inverse.

// CHECK-DAG: #[[R:[^ ]*]] = affine_map<(d0, d1, d2) -> (d2, d0, d1)>
// CHECK-LABEL: func @rotation
//  CHECK-SAME:   (%[[G:[^:]*]]: tensor<4x2x3xf32>
//       CHECK:   glu.gate relu gate(%[[G]] : tensor<4x2x3xf32>) {{.*}} attributes {indexing_maps = [#[[R]],
func.func @rotation(%g: tensor<4x2x3xf32>, %v: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %e = tensor.empty() : tensor<2x3x4xf32>
  %t = linalg.transpose ins(%g : tensor<4x2x3xf32>) outs(%e : tensor<2x3x4xf32>) permutation = [1, 2, 0]
  %y = glu.gate relu gate(%t : tensor<2x3x4xf32>) value(%v : tensor<2x3x4xf32>) outs(%e : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// Broadcasts and unit dimensions of reshapes.

// CHECK-LABEL: func @broadcasts
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x32xf32>, %[[W:[^:]*]]: tensor<32x16xf32>, %[[B:[^:]*]]: tensor<16xf32>, %[[V:[^:]*]]: tensor<8xf32>
//  CHECK-NEXT:   glu.gated_projection relu gate(%[[X]], %[[W]], %[[B]] : {{.*}}) value(%[[V]] : tensor<8xf32>)
func.func @broadcasts(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %b: tensor<16xf32>, %v: tensor<8xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %bb = linalg.broadcast ins(%b : tensor<16xf32>) outs(%o : tensor<8x16xf32>) dimensions = [0]
  %vv = tensor.expand_shape %v [[0, 1]] output_shape [8, 1] : tensor<8xf32> into tensor<8x1xf32>
  %vb = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a)>, affine_map<(a, b) -> (a, b)>], iterator_types = ["parallel", "parallel"]}
           ins(%v : tensor<8xf32>) outs(%o : tensor<8x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<8x16xf32>
  %y = glu.gated_projection relu gate(%x, %w, %bb : tensor<8x32xf32>, tensor<32x16xf32>, tensor<8x16xf32>) value(%vb : tensor<8x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// The only operand that says how long a sum is stays as it is.

// CHECK-LABEL: func @sum_of_broadcast
//       CHECK:   %[[W:.*]] = linalg.broadcast
//       CHECK:   glu.gated_projection relu gate(%{{.*}}, %[[W]] :
func.func @sum_of_broadcast(%x: tensor<11xf32>, %w: tensor<5xf32>, %v: tensor<8x5xf32>, %e: tensor<4x5xf32>) -> tensor<8x5xf32> {
  %b = linalg.broadcast ins(%w : tensor<5xf32>) outs(%e : tensor<4x5xf32>) dimensions = [0]
  %y = glu.gated_projection relu gate(%x, %b : tensor<11xf32>, tensor<4x5xf32>) value(%v : tensor<8x5xf32>) outs(%v : tensor<8x5xf32>)
         attributes {indexing_maps = [affine_map<(t, n, k) -> (t + k)>, affine_map<(t, n, k) -> (k, n)>, affine_map<(t, n, k) -> (t, n)>, affine_map<(t, n, k) -> (t, n)>]} -> tensor<8x5xf32>
  return %y : tensor<8x5xf32>
}

// -----

// Widening is what a projection does anyway; a given tensor it would change.

// CHECK-LABEL: func @widening
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x32xbf16>, %[[W:[^:]*]]: tensor<32x16xbf16>, %[[V:[^:]*]]: tensor<8x16xbf16>
//       CHECK:   %[[E:.*]] = linalg.generic {{.*}} ins(%[[V]] :
//       CHECK:   glu.gated_projection silu gate(%[[X]], %[[W]] : tensor<8x32xbf16>, tensor<32x16xbf16>) value(%[[E]] : tensor<8x16xf32>)
#map = affine_map<(a, b) -> (a, b)>
func.func @widening(%x: tensor<8x32xbf16>, %w: tensor<32x16xbf16>, %v: tensor<8x16xbf16>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %xi = tensor.empty() : tensor<8x32xf32>
  %xe = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<8x32xbf16>) outs(%xi : tensor<8x32xf32>) {
  ^bb0(%in: bf16, %out: f32):
    %0 = arith.extf %in : bf16 to f32
    linalg.yield %0 : f32
  } -> tensor<8x32xf32>
  %wi = tensor.empty() : tensor<32x16xf32>
  %we = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%w : tensor<32x16xbf16>) outs(%wi : tensor<32x16xf32>) {
  ^bb0(%in: bf16, %out: f32):
    %0 = arith.extf %in : bf16 to f32
    linalg.yield %0 : f32
  } -> tensor<32x16xf32>
  %ve = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%v : tensor<8x16xbf16>) outs(%o : tensor<8x16xf32>) {
  ^bb0(%in: bf16, %out: f32):
    %0 = arith.extf %in : bf16 to f32
    linalg.yield %0 : f32
  } -> tensor<8x16xf32>
  %y = glu.gated_projection silu gate(%xe, %we : tensor<8x32xf32>, tensor<32x16xf32>) value(%ve : tensor<8x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// Not a view: it rounds, or reads the destination.

// CHECK-LABEL: func @no_view
//       CHECK:   %[[R:.*]] = linalg.generic
//       CHECK:   %[[D:.*]] = linalg.generic
//       CHECK:   glu.gate silu gate(%[[R]] : {{.*}}) value(%[[D]] :
func.func @no_view(%x: tensor<8xf64>, %z: tensor<8xf32>, %o: tensor<8xf32>) -> tensor<8xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]} ins(%x : tensor<8xf64>) outs(%o : tensor<8xf32>) {
  ^bb0(%in: f64, %out: f32):
    %0 = arith.truncf %in : f64 to f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]} ins(%x : tensor<8xf64>) outs(%z : tensor<8xf32>) {
  ^bb0(%in: f64, %out: f32):
    %0 = arith.addf %out, %out : f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  %y = glu.gate silu gate(%r : tensor<8xf32>) value(%d : tensor<8xf32>) outs(%o : tensor<8xf32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// Casts of operands and destinations.

// CHECK-LABEL: func @casts
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x32xf32>, %[[W:[^:]*]]: tensor<32x16xf32>, %[[O:[^:]*]]: tensor<8x16xf32>
//       CHECK:   %[[Y:.*]] = glu.gated_projection silu gate(%[[X]], %[[W]] : {{.*}}) value(%[[X]], %[[W]] : {{.*}}) outs(%[[O]] : {{.*}}) -> tensor<8x16xf32>
//       CHECK:   tensor.cast %[[Y]] : tensor<8x16xf32> to tensor<?x?xf32>
func.func @casts(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<?x?xf32> {
  %xc = tensor.cast %x : tensor<8x32xf32> to tensor<?x?xf32>
  %wc = tensor.cast %w : tensor<32x16xf32> to tensor<?x?xf32>
  %oc = tensor.cast %o : tensor<8x16xf32> to tensor<?x?xf32>
  %y = glu.gated_projection silu gate(%xc, %wc : tensor<?x?xf32>, tensor<?x?xf32>) value(%xc, %wc : tensor<?x?xf32>, tensor<?x?xf32>) outs(%oc : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @memref_casts
//  CHECK-SAME:   (%[[G:[^:]*]]: memref<8xf32>, %[[O:[^:]*]]: memref<8xf32>)
//  CHECK-NEXT:   glu.gate silu gate(%[[G]] : memref<8xf32>) value(%[[G]] : memref<8xf32>) outs(%[[O]] : memref<8xf32>){{$}}
func.func @memref_casts(%g: memref<8xf32>, %o: memref<8xf32>) {
  %gc = memref.cast %g : memref<8xf32> to memref<?xf32>
  %oc = memref.cast %o : memref<8xf32> to memref<?xf32, strided<[?], offset: ?>>
  glu.gate silu gate(%gc : memref<?xf32>) value(%gc : memref<?xf32>) outs(%oc : memref<?xf32, strided<[?], offset: ?>>)
  return
}

// -----

// A packed operation keeps its operands as they were made.

// CHECK-LABEL: func @packed
//       CHECK:   linalg.generic
//       CHECK:   glu.gated_projection silu gate(%{{.*}}, %{{.*}} : tensor<1x6x32xf32>, tensor<1x32x2x8xf32>)
func.func @packed(%x: tensor<1x6x32xbf16>, %w: tensor<1x32x2x8xf32>, %o: tensor<1x6x1x8xf32>) -> tensor<1x6x1x8xf32> {
  %e = tensor.empty() : tensor<1x6x32xf32>
  %f = linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, b, c)>, affine_map<(a, b, c) -> (a, b, c)>], iterator_types = ["parallel", "parallel", "parallel"]}
         ins(%x : tensor<1x6x32xbf16>) outs(%e : tensor<1x6x32xf32>) {
  ^bb0(%in: bf16, %out: f32):
    %0 = arith.extf %in : bf16 to f32
    linalg.yield %0 : f32
  } -> tensor<1x6x32xf32>
  %y = glu.gated_projection silu gate(%f, %w : tensor<1x6x32xf32>, tensor<1x32x2x8xf32>) value(%f, %w : tensor<1x6x32xf32>, tensor<1x32x2x8xf32>)
         outs(%o : tensor<1x6x1x8xf32>) attributes {glu.packed, glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>, indexing_maps = [affine_map<(a, b, c, d, k) -> (a, c, k)>, affine_map<(a, b, c, d, k) -> (b, k, 0, d)>,
           affine_map<(a, b, c, d, k) -> (a, c, k)>, affine_map<(a, b, c, d, k) -> (b, k, 1, d)>, affine_map<(a, b, c, d, k) -> (a, c, b, d)>]} -> tensor<1x6x1x8xf32>
  return %y : tensor<1x6x1x8xf32>
}
