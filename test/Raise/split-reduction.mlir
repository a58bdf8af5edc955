// What elementwise fusion folded into the bodies of reductions is taken out.

// RUN: glu-opt %s --glu-raise | FileCheck %s
// RUN: glu-opt %s --glu-raise --glu-fuse | FileCheck %s --check-prefix=FUSED
// RUN: for f in activation both codes named router row_sums; do glu-run %s --entry=$f --verify || exit 1; done

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
#n = affine_map<(m, n, k) -> (n)>
#id = affine_map<(m, n) -> (m, n)>
#m = affine_map<(m, n) -> (m)>

// The square of a relu, in the product that is the value (RWKV's channel mix).

// CHECK-LABEL: @activation
// CHECK: %[[SQUARED:.+]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%arg1 : tensor<7x24xf32>)
// CHECK: arith.maximumf
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: linalg.yield
// CHECK: linalg.generic {{.*}} "reduction"]} ins(%arg3, %[[SQUARED]] :
// CHECK-NOT: arith.maximumf
// CHECK: glu.gate sigmoid

// FUSED-LABEL: @activation
// FUSED: glu.gated_projection sigmoid gate(%arg0, %arg2 : {{.*}}) value(%{{.+}}, %arg3 :
func.func @activation(%x: tensor<7x32xf32>, %h: tensor<7x24xf32>, %wg: tensor<32x16xf32>, %wv: tensor<24x16xf32>) -> tensor<7x16xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<7x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<7x32xf32>, tensor<32x16xf32>) outs(%f : tensor<7x16xf32>) -> tensor<7x16xf32>
  %v = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%h, %wv : tensor<7x24xf32>, tensor<24x16xf32>) outs(%f : tensor<7x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %0 = arith.maximumf %a, %zero : f32
    %1 = arith.mulf %0, %0 : f32
    %2 = arith.mulf %1, %b : f32
    %3 = arith.addf %o, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<7x16xf32>
  %y = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%g, %v : tensor<7x16xf32>, tensor<7x16xf32>) outs(%e : tensor<7x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %0 = arith.negf %a : f32
    %1 = math.exp %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.divf %one, %2 : f32
    %4 = arith.mulf %3, %b : f32
    linalg.yield %4 : f32
  } -> tensor<7x16xf32>
  return %y : tensor<7x16xf32>
}

// Both factors, in a product that is no unit's.

// CHECK-LABEL: @both
// CHECK: linalg.generic {{.*}} ins(%arg0 : tensor<7x32xf32>)
// CHECK: math.tanh
// CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<32x16xf32>)
// CHECK: math.absf
// CHECK: linalg.generic {{.*}} "reduction"]}
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: arith.addf
func.func @both(%x: tensor<7x32xf32>, %w: tensor<32x16xf32>, %o: tensor<7x16xf32>) -> tensor<7x16xf32> {
  %y = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<7x32xf32>, tensor<32x16xf32>) outs(%o : tensor<7x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = math.tanh %a : f32
    %1 = math.absf %b : f32
    %2 = arith.mulf %0, %1 : f32
    %3 = arith.addf %c, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<7x16xf32>
  return %y : tensor<7x16xf32>
}

// Weights of 8 bits with a scale for each column. They keep their layout.

// CHECK-LABEL: @codes
// CHECK-COUNT-2: arith.sitofp
// CHECK: glu.gate tanh gate(

// FUSED-LABEL: @codes
// FUSED: glu.gated_projection tanh gate(%arg0, %{{.+}} : tensor<7x32xf32>, tensor<32x16xf32>) value(%arg0, %{{.+}} : tensor<7x32xf32>, tensor<32x16xf32>)
func.func @codes(%x: tensor<7x32xf32>, %wg: tensor<32x16xi8>, %wv: tensor<32x16xi8>, %s: tensor<16xf32>) -> tensor<7x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<7x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  %g = linalg.generic {indexing_maps = [#mk, #kn, #n, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %wg, %s : tensor<7x32xf32>, tensor<32x16xi8>, tensor<16xf32>) outs(%f : tensor<7x16xf32>) {
  ^bb0(%a: f32, %b: i8, %c: f32, %o: f32):
    %0 = arith.sitofp %b : i8 to f32
    %1 = arith.mulf %0, %c : f32
    %2 = arith.mulf %a, %1 : f32
    %3 = arith.addf %o, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<7x16xf32>
  %v = linalg.generic {indexing_maps = [#mk, #kn, #n, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %wv, %s : tensor<7x32xf32>, tensor<32x16xi8>, tensor<16xf32>) outs(%f : tensor<7x16xf32>) {
  ^bb0(%a: f32, %b: i8, %c: f32, %o: f32):
    %0 = arith.sitofp %b : i8 to f32
    %1 = arith.mulf %0, %c : f32
    %2 = arith.mulf %a, %1 : f32
    %3 = arith.addf %o, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<7x16xf32>
  %t = tensor.empty() : tensor<7x16xf32>
  %th = linalg.tanh ins(%g : tensor<7x16xf32>) outs(%t : tensor<7x16xf32>) -> tensor<7x16xf32>
  %y = linalg.mul ins(%th, %v : tensor<7x16xf32>, tensor<7x16xf32>) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  return %y : tensor<7x16xf32>
}

// A named product converts by itself.

// CHECK-LABEL: @named
// CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<32x16xi8>)
// CHECK: arith.sitofp
// CHECK: glu.gate tanh gate(

// FUSED-LABEL: @named
// FUSED: glu.gated_projection tanh gate(
func.func @named(%x: tensor<7x32xf32>, %wg: tensor<32x16xi8>, %wv: tensor<32x16xf32>) -> tensor<7x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<7x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<7x32xf32>, tensor<32x16xi8>) outs(%f : tensor<7x16xf32>) -> tensor<7x16xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<7x32xf32>, tensor<32x16xf32>) outs(%f : tensor<7x16xf32>) -> tensor<7x16xf32>
  %th = linalg.tanh ins(%g : tensor<7x16xf32>) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  %y = linalg.mul ins(%th, %v : tensor<7x16xf32>, tensor<7x16xf32>) outs(%e : tensor<7x16xf32>) -> tensor<7x16xf32>
  return %y : tensor<7x16xf32>
}

// The router's weights are a projection too, and its largest one, computed from
// it, is an operand: the branches are the other two.

// CHECK-LABEL: @router
// CHECK: %[[LARGEST:.+]] = linalg.generic
// CHECK: arith.maximumf
// CHECK: glu.gate gate(%{{.+}} : tensor<7x24xf32>) value(%{{.+}} : tensor<7x24xf32>) extras(

// FUSED-LABEL: @router
// FUSED: glu.gated_projection gate(%arg0, %arg1 : {{.*}}) value(%arg0, %arg2 :
func.func @router(%x: tensor<7x32xf32>, %wg: tensor<32x24xf32>, %wv: tensor<32x24xf32>, %wr: tensor<32x24xf32>, %wd: tensor<24x16xf32>) -> tensor<7x16xf32> {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<7x24xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<7x24xf32>) -> tensor<7x24xf32>
  %r = linalg.matmul ins(%x, %wr : tensor<7x32xf32>, tensor<32x24xf32>) outs(%f : tensor<7x24xf32>) -> tensor<7x24xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<7x32xf32>, tensor<32x24xf32>) outs(%f : tensor<7x24xf32>) -> tensor<7x24xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<7x32xf32>, tensor<32x24xf32>) outs(%f : tensor<7x24xf32>) -> tensor<7x24xf32>
  %e1 = tensor.empty() : tensor<7xf32>
  %f1 = linalg.fill ins(%least : f32) outs(%e1 : tensor<7xf32>) -> tensor<7xf32>
  %largest = linalg.generic {indexing_maps = [#id, #m], iterator_types = ["parallel", "reduction"]}
      ins(%r : tensor<7x24xf32>) outs(%f1 : tensor<7xf32>) {
  ^bb0(%a: f32, %o: f32):
    %0 = arith.maximumf %o, %a : f32
    linalg.yield %0 : f32
  } -> tensor<7xf32>
  %e2 = tensor.empty() : tensor<7x16xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<7x16xf32>) -> tensor<7x16xf32>
  %y = linalg.generic {indexing_maps = [#mk, affine_map<(m, n, k) -> (m)>, #mk, #mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%r, %largest, %g, %v, %wd : tensor<7x24xf32>, tensor<7xf32>, tensor<7x24xf32>, tensor<7x24xf32>, tensor<24x16xf32>)
      outs(%f2 : tensor<7x16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32, %w: f32, %o: f32):
    %0 = arith.subf %a, %b : f32
    %1 = math.exp %0 : f32
    %2 = math.tanh %c : f32
    %3 = arith.mulf %2, %d : f32
    %4 = arith.mulf %1, %3 : f32
    %5 = arith.mulf %4, %w : f32
    %6 = arith.addf %o, %5 : f32
    linalg.yield %6 : f32
  } -> tensor<7x16xf32>
  return %y : tensor<7x16xf32>
}

// Every element of the result needs its own: nothing to take out.

// CHECK-LABEL: @row_sums
// CHECK: linalg.generic
// CHECK: math.absf
// CHECK-NOT: linalg.generic
func.func @row_sums(%x: tensor<7x32xf32>, %o: tensor<7xf32>) -> tensor<7xf32> {
  %y = linalg.generic {indexing_maps = [#id, #id, #m], iterator_types = ["parallel", "reduction"]}
      ins(%x, %x : tensor<7x32xf32>, tensor<7x32xf32>) outs(%o : tensor<7xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = math.absf %a : f32
    %1 = arith.mulf %0, %b : f32
    %2 = arith.addf %c, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<7xf32>
  return %y : tensor<7xf32>
}
