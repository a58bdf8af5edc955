// RUN: glu-opt %s --glu-raise --glu-fuse --glu-decompose -o /dev/null
// RUN: glu-opt %s --glu-raise --glu-fuse | FileCheck %s

// Odd input neither crashes nor changes meaning.

func.func private @ext(%a: tensor<*xf32>) -> tensor<*xf32>
func.func private @rec(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = call @rec(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @empty() { return }
func.func @unranked(%a: tensor<*xf32>) -> tensor<*xf32> {
  %0 = arith.mulf %a, %a : tensor<*xf32>
  %1 = call @ext(%0) : (tensor<*xf32>) -> tensor<*xf32>
  %c = tensor.cast %1 : tensor<*xf32> to tensor<4xf32>
  %r = call @rec(%c) : (tensor<4xf32>) -> tensor<4xf32>
  %d = arith.mulf %r, %c : tensor<4xf32>
  %e = tensor.cast %d : tensor<4xf32> to tensor<*xf32>
  return %e : tensor<*xf32>
}
// CHECK-LABEL: func @zero_k
//       CHECK:   glu.gated_projection
func.func @zero_k(%x: tensor<4x0xf32>, %wg: tensor<0x6xf32>, %wv: tensor<0x6xf32>) -> tensor<4x6xf32> {
  %z = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x0xf32>, tensor<0x6xf32>) outs(%z : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x0xf32>, tensor<0x6xf32>) outs(%z : tensor<4x6xf32>) -> tensor<4x6xf32>
  %t = math.tanh %g : tensor<4x6xf32>
  %y = arith.mulf %t, %v : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}
func.func @zero_m(%x: tensor<0x8xf32>, %wg: tensor<8x12xf32>) -> tensor<0x12xf32> {
  %z = arith.constant dense<0.0> : tensor<0x12xf32>
  %p = linalg.matmul ins(%x, %wg : tensor<0x8xf32>, tensor<8x12xf32>) outs(%z : tensor<0x12xf32>) -> tensor<0x12xf32>
  %q = linalg.matmul ins(%x, %wg : tensor<0x8xf32>, tensor<8x12xf32>) outs(%z : tensor<0x12xf32>) -> tensor<0x12xf32>
  %t = math.tanh %p : tensor<0x12xf32>
  %y = arith.mulf %t, %q : tensor<0x12xf32>
  return %y : tensor<0x12xf32>
}
// CHECK-LABEL: func @dyn_all
//       CHECK:   glu.gated_projection tanh gate(%arg0, %arg1 : {{.*}}) value(%arg0, %arg2, %arg3 :
func.func @dyn_all(%x: tensor<?x?xf32>, %wg: tensor<?x?xf32>, %wv: tensor<?x?xf32>, %b: tensor<?xf32>, %n: index) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %f0 = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x?xf32>
  %nn = tensor.dim %wg, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%m, %nn) : tensor<?x?xf32>
  %z = linalg.fill ins(%f0 : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<?x?xf32>, tensor<?x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  %v0 = linalg.matmul ins(%x, %wv : tensor<?x?xf32>, tensor<?x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  %bb = linalg.broadcast ins(%b : tensor<?xf32>) outs(%e : tensor<?x?xf32>) dimensions = [0]
  %v = arith.addf %v0, %bb : tensor<?x?xf32>
  %t = math.tanh %g : tensor<?x?xf32>
  %y = arith.mulf %t, %v : tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
// A dynamic slice need not be all of the dimension it is taken from.
// CHECK-LABEL: func @dyn_slice
//   CHECK-DAG:   tensor.extract_slice %arg1[0, 0] [8, %{{.*}}] [1, 1]
//   CHECK-DAG:   tensor.extract_slice %arg1[0, %arg3] [8, %{{.*}}] [1, 1]
//       CHECK:   glu.gated_projection tanh gate(%arg0, %{{.*}} value(%arg0,
func.func @dyn_slice(%x: tensor<?x8xf32>, %w: tensor<8x?xf32>, %n: index, %o: index) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %f0 = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x8xf32>
  %nn = tensor.dim %w, %c1 : tensor<8x?xf32>
  %e = tensor.empty(%m, %nn) : tensor<?x?xf32>
  %z = linalg.fill ins(%f0 : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %p = linalg.matmul ins(%x, %w : tensor<?x8xf32>, tensor<8x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = tensor.extract_slice %p[0, 0] [%m, %n] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
  %v = tensor.extract_slice %p[0, %o] [%m, %n] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
  %t = math.tanh %g : tensor<?x?xf32>
  %y = arith.mulf %t, %v : tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
// CHECK-LABEL: func @rank0
//       CHECK:   glu.gated_projection
func.func @rank0(%x: tensor<8xf32>, %a: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<f32> {
  %z = arith.constant dense<0.0> : tensor<f32>
  %g = linalg.dot ins(%x, %a : tensor<8xf32>, tensor<8xf32>) outs(%z : tensor<f32>) -> tensor<f32>
  %v = linalg.dot ins(%x, %b : tensor<8xf32>, tensor<8xf32>) outs(%z : tensor<f32>) -> tensor<f32>
  %t = math.tanh %g : tensor<f32>
  %y = arith.mulf %t, %v : tensor<f32>
  return %y : tensor<f32>
}
func.func @matvec(%x: tensor<8xf32>, %a: tensor<6x8xf32>, %b: tensor<6x8xf32>) -> tensor<6xf32> {
  %z = arith.constant dense<0.0> : tensor<6xf32>
  %g = linalg.matvec ins(%a, %x : tensor<6x8xf32>, tensor<8xf32>) outs(%z : tensor<6xf32>) -> tensor<6xf32>
  %v = linalg.matvec ins(%b, %x : tensor<6x8xf32>, tensor<8xf32>) outs(%z : tensor<6xf32>) -> tensor<6xf32>
  %t = math.tanh %g : tensor<6xf32>
  %y = arith.mulf %t, %v : tensor<6xf32>
  return %y : tensor<6xf32>
}
// The projection is in another block: it stays.
// CHECK-LABEL: func @cfg
//       CHECK:   linalg.matmul
//       CHECK:   glu.gate tanh
func.func @cfg(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %c: i1, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %z = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%z : tensor<4x6xf32>) -> tensor<4x6xf32>
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  %t = math.tanh %g : tensor<4x6xf32>
  %y = arith.mulf %t, %v : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
^bb2:
  return %g : tensor<4x6xf32>
}
func.func @memrefs(%x: memref<4x8xf32>, %w: memref<8x6xf32>, %o: memref<4x6xf32>) {
  linalg.matmul ins(%x, %w : memref<4x8xf32>, memref<8x6xf32>) outs(%o : memref<4x6xf32>)
  linalg.tanh ins(%o : memref<4x6xf32>) outs(%o : memref<4x6xf32>)
  return
}
// CHECK-LABEL: func @complex
//   CHECK-NOT:   glu.
func.func @complex(%x: tensor<4x8xcomplex<f32>>, %wg: tensor<8x6xcomplex<f32>>, %z: tensor<4x6xcomplex<f32>>) -> tensor<4x6xcomplex<f32>> {
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xcomplex<f32>>, tensor<8x6xcomplex<f32>>) outs(%z : tensor<4x6xcomplex<f32>>) -> tensor<4x6xcomplex<f32>>
  %y = linalg.mul ins(%g, %g : tensor<4x6xcomplex<f32>>, tensor<4x6xcomplex<f32>>) outs(%z : tensor<4x6xcomplex<f32>>) -> tensor<4x6xcomplex<f32>>
  return %y : tensor<4x6xcomplex<f32>>
}
