// Sums along rows in lanes, of each kind and type, are right.
// RUN: for f in softmax dots kept one integers f8 rounded; do \
// RUN:   glu-run %s --verify --entry=$f > %t.txt || { echo $f; cat %t.txt; exit 1; }; \
// RUN: done
// RUN: glu-run %s --verify --entry=mean_square --dim=0.0=3 --dim=1.0=3 > %t.txt
// RUN: glu-opt %s --glu-to-cpu=target-cpu=haswell | FileCheck %s

// CHECK-LABEL: llvm.func @mean_square
// CHECK:         llvm.intr.fma({{.*}}) : (vector<32xf32>
// CHECK-LABEL: llvm.func @softmax

#id = affine_map<(m, k) -> (m, k)>
#row = affine_map<(m, k) -> (m)>

func.func @mean_square(%x: tensor<?x160xf32>, %init: tensor<?xf32>) -> tensor<?xf32> {
  %y = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x160xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%a: f32, %s: f32):
    %square = arith.mulf %a, %a : f32
    %sum = arith.addf %s, %square : f32
    linalg.yield %sum : f32
  } -> tensor<?xf32>
  return %y : tensor<?xf32>
}

func.func @softmax(%x: tensor<5x128xf32>) -> tensor<5x128xf32> {
  %e = tensor.empty() : tensor<5x128xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<5x128xf32>) outs(%e : tensor<5x128xf32>) -> tensor<5x128xf32>
  return %y : tensor<5x128xf32>
}

func.func @dots(%w: tensor<5x128xf64>, %x: tensor<128xf64>, %init: tensor<5xf64>) -> tensor<5xf64> {
  %y = linalg.generic {indexing_maps = [#id, affine_map<(m, k) -> (k)>, #row], iterator_types = ["parallel", "reduction"]}
      ins(%w, %x : tensor<5x128xf64>, tensor<128xf64>) outs(%init : tensor<5xf64>) {
  ^bb0(%a: f64, %b: f64, %s: f64):
    %p = arith.mulf %a, %b : f64
    %n = arith.negf %p : f64
    %sum = arith.addf %n, %s : f64
    linalg.yield %sum : f64
  } -> tensor<5xf64>
  return %y : tensor<5xf64>
}

func.func @kept(%x: tensor<3x5x128xf32>, %init: tensor<5x3x1xf32>) -> tensor<5x3x1xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(k, a, b) -> (a, b, k)>, affine_map<(k, a, b) -> (b, a, 0)>],
                       iterator_types = ["reduction", "parallel", "parallel"]}
      ins(%x : tensor<3x5x128xf32>) outs(%init : tensor<5x3x1xf32>) {
  ^bb0(%a: f32, %s: f32):
    %m = arith.minnumf %s, %a : f32
    linalg.yield %m : f32
  } -> tensor<5x3x1xf32>
  return %y : tensor<5x3x1xf32>
}

func.func @one(%x: tensor<128xf32>, %init: tensor<1xf32>) -> tensor<1xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> (0)>], iterator_types = ["reduction"]}
      ins(%x : tensor<128xf32>) outs(%init : tensor<1xf32>) {
  ^bb0(%a: f32, %s: f32):
    %sum = arith.addf %s, %a : f32
    linalg.yield %sum : f32
  } -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// These stay as they are.
func.func @integers(%x: tensor<2x128xindex>, %init: tensor<2xindex>) -> tensor<2xindex> {
  %y = linalg.reduce { arith.maxsi } ins(%x : tensor<2x128xindex>) outs(%init : tensor<2xindex>) dimensions = [1]
  return %y : tensor<2xindex>
}

func.func @f8(%x: tensor<3x128xf8E4M3FN>, %init: tensor<3xf8E4M3FN>) -> tensor<3xf8E4M3FN> {
  %y = linalg.reduce { arith.maximumf } ins(%x : tensor<3x128xf8E4M3FN>) outs(%init : tensor<3xf8E4M3FN>) dimensions = [1]
  return %y : tensor<3xf8E4M3FN>
}

func.func @rounded(%x: tensor<3x1x128xbf16>) -> tensor<3x1xbf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x1xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<3x1xf32>) -> tensor<3x1xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(a, b, k) -> (a, b, k)>, affine_map<(a, b, k) -> (a, b)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : tensor<3x1x128xbf16>) outs(%f : tensor<3x1xf32>) {
  ^bb0(%a: bf16, %s: f32):
    %wide = arith.extf %a : bf16 to f32
    %square = arith.mulf %wide, %wide : f32
    %sum = arith.addf %s, %square : f32
    linalg.yield %sum : f32
  } -> tensor<3x1xf32>
  %b = tensor.empty() : tensor<3x1xbf16>
  %r = linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a, b)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<3x1xf32>) outs(%b : tensor<3x1xbf16>) {
  ^bb0(%a: f32, %o: bf16):
    %t = arith.truncf %a : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<3x1xbf16>
  return %r : tensor<3x1xbf16>
}
