// What the general path must compile and run, against float64.
// RUN: for f in scalars two_results twice identity constant zero_size loops pad_concat \
// RUN:          gather resource global half bfloat double math integers tosa gated \
// RUN:          softmax pack unpack vectors generate from_elements while_loop reshape recursive \
// RUN:          branches private_call; do \
// RUN:   glu-run %s --pipeline=general --verify --entry=$f > %t.txt || { echo $f; cat %t.txt; exit 1; }; \
// RUN: done
// RUN: glu-run %s --pipeline=general --entry=index_and_bool | FileCheck %s
// RUN: glu-run %s --pipeline=general --entry=in_place --verify

// Chips without instructions for narrow floats.
// RUN: %if x86_64 %{ glu-run %s --pipeline=general --verify --entry=half --target-cpu=x86-64-v2 %}
// RUN: %if x86_64 %{ glu-run %s --pipeline=general --verify --entry=bfloat --target-cpu=x86-64-v2 %}

// CHECK:      result 0: i64
// CHECK-NEXT: result 1: i1
// CHECK-NEXT: result 2: bf16
// CHECK-NEXT: result 3: f32

// Numbers by value, and one returned by value.
func.func @scalars(%x: f32, %i: i32, %h: f16, %b: bf16) -> f32 {
  %0 = arith.extf %h : f16 to f32
  %1 = arith.extf %b : bf16 to f32
  %2 = arith.sitofp %i : i32 to f32
  %3 = arith.mulf %x, %0 : f32
  %4 = arith.addf %3, %1 : f32
  %5 = arith.addf %4, %2 : f32
  return %5 : f32
}

// A structure with holes.
func.func @index_and_bool() -> (index, i1, bf16, f32) {
  %0 = arith.constant 5 : index
  %1 = arith.constant true
  %2 = arith.constant 2.5 : bf16
  %3 = arith.constant 3.5 : f32
  return %0, %1, %2, %3 : index, i1, bf16, f32
}

func.func @two_results(%x: tensor<?x3xf32>, %s: f32) -> (f32, tensor<?x3xf32>, tensor<3xf32>) {
  %e = tensor.empty() : tensor<3xf32>
  %zero = arith.constant 0.0 : f32
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<3xf32>) -> tensor<3xf32>
  %r = linalg.reduce { arith.addf } ins(%x : tensor<?x3xf32>) outs(%z : tensor<3xf32>) dimensions = [0]
  return %s, %x, %r : f32, tensor<?x3xf32>, tensor<3xf32>
}

// Every result is the caller's to free: once.
func.func @twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<2xf32>) {
  %n = linalg.exp ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  %s = tensor.extract_slice %n[1] [2] [1] : tensor<4xf32> to tensor<2xf32>
  return %n, %n, %s : tensor<4xf32>, tensor<4xf32>, tensor<2xf32>
}
func.func @identity(%x: tensor<2x?xf64>) -> tensor<2x?xf64> {
  return %x : tensor<2x?xf64>
}
func.func @constant() -> tensor<2x2xf32> {
  %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  return %c : tensor<2x2xf32>
}

func.func @zero_size(%x: tensor<3x0xf32>, %w: tensor<0x2xf32>) -> (tensor<3x2xf32>, tensor<3x0xf32>) {
  %e = tensor.empty() : tensor<3x2xf32>
  %c = arith.constant 1.5 : f32
  %z = linalg.fill ins(%c : f32) outs(%e : tensor<3x2xf32>) -> tensor<3x2xf32>
  %r = linalg.matmul ins(%x, %w : tensor<3x0xf32>, tensor<0x2xf32>) outs(%z : tensor<3x2xf32>) -> tensor<3x2xf32>
  return %r, %x : tensor<3x2xf32>, tensor<3x0xf32>
}

func.func @loops(%x: tensor<8xf32>, %n: tensor<4x8xf32>) -> tensor<8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %r = scf.for %i = %c0 to %c4 step %c1 iter_args(%a = %x) -> tensor<8xf32> {
    %s = tensor.extract_slice %n[%i, 0] [1, 8] [1, 1] : tensor<4x8xf32> to tensor<8xf32>
    %t = linalg.add ins(%a, %s : tensor<8xf32>, tensor<8xf32>) outs(%a : tensor<8xf32>) -> tensor<8xf32>
    scf.yield %t : tensor<8xf32>
  }
  %q = scf.forall (%i) in (4) shared_outs(%o = %r) -> tensor<8xf32> {
    %k = arith.muli %i, %c2 : index
    %s = tensor.extract_slice %o[%k] [2] [1] : tensor<8xf32> to tensor<2xf32>
    %t = linalg.negf ins(%s : tensor<2xf32>) outs(%s : tensor<2xf32>) -> tensor<2xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %t into %o[%k] [2] [1] : tensor<2xf32> into tensor<8xf32>
    }
  }
  return %q : tensor<8xf32>
}

func.func @pad_concat(%x: tensor<?x3xf32>, %y: tensor<2x3xf32>) -> (tensor<?x7xf32>, tensor<?x3xf32>) {
  %c = arith.constant 0.5 : f32
  %p = tensor.pad %x low[1, 0] high[0, 4] {
  ^bb0(%i: index, %j: index):
    tensor.yield %c : f32
  } : tensor<?x3xf32> to tensor<?x7xf32>
  %q = tensor.concat dim(0) %x, %y : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x3xf32>
  return %p, %q : tensor<?x7xf32>, tensor<?x3xf32>
}

func.func @gather(%x: tensor<2x3xf32>, %rows: tensor<5xi32>) -> tensor<5x3xf32> {
  %e = tensor.empty() : tensor<5x3xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%rows : tensor<5xi32>) outs(%e : tensor<5x3xf32>) {
  ^bb0(%i: i32, %o: f32):
    %k = arith.index_cast %i : i32 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %x[%k, %j] : tensor<2x3xf32>
    linalg.yield %v : f32
  } -> tensor<5x3xf32>
  return %r : tensor<5x3xf32>
}

func.func @resource(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = arith.constant dense_resource<numbers> : tensor<2xf32>
  %r = linalg.mul ins(%x, %c : tensor<2xf32>, tensor<2xf32>) outs(%x : tensor<2xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}

memref.global "private" constant @table : memref<3xf32> = dense<[0.1, 0.2, 0.3]>
func.func private @lookup(%i: index) -> f32 {
  %t = memref.get_global @table : memref<3xf32>
  %v = memref.load %t[%i] : memref<3xf32>
  return %v : f32
}
func.func @global(%x: tensor<3xf32>) -> tensor<3xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%x : tensor<3xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %v = func.call @lookup(%i) : (index) -> f32
    %m = arith.mulf %v, %o : f32
    linalg.yield %m : f32
  } -> tensor<3xf32>
  return %r : tensor<3xf32>
}

func.func @half(%x: tensor<5x4xf16>, %w: tensor<4x3xf16>) -> tensor<5x3xf16> {
  %e = tensor.empty() : tensor<5x3xf16>
  %zero = arith.constant 0.0 : f16
  %z = linalg.fill ins(%zero : f16) outs(%e : tensor<5x3xf16>) -> tensor<5x3xf16>
  %r = linalg.matmul ins(%x, %w : tensor<5x4xf16>, tensor<4x3xf16>) outs(%z : tensor<5x3xf16>) -> tensor<5x3xf16>
  %t = linalg.tanh ins(%r : tensor<5x3xf16>) outs(%z : tensor<5x3xf16>) -> tensor<5x3xf16>
  return %t : tensor<5x3xf16>
}

func.func @bfloat(%x: tensor<5x4xbf16>, %d: tensor<5x4xf64>) -> (tensor<5x4xbf16>, tensor<5x4xbf16>) {
  %e = tensor.empty() : tensor<5x4xbf16>
  %t = linalg.exp ins(%x : tensor<5x4xbf16>) outs(%e : tensor<5x4xbf16>) -> tensor<5x4xbf16>
  %u = arith.truncf %d : tensor<5x4xf64> to tensor<5x4xbf16>
  return %t, %u : tensor<5x4xbf16>, tensor<5x4xbf16>
}

func.func @double(%x: tensor<?x?xf64>, %w: tensor<?x?xf64>, %y: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %r = linalg.matmul ins(%x, %w : tensor<?x?xf64>, tensor<?x?xf64>) outs(%y : tensor<?x?xf64>) -> tensor<?x?xf64>
  return %r : tensor<?x?xf64>
}

func.func @math(%x: tensor<64xf32>, %p: tensor<64xi32>) -> tensor<64xf32> {
  %0 = math.absf %x : tensor<64xf32>
  %1 = math.rsqrt %0 : tensor<64xf32>
  %2 = math.log1p %0 : tensor<64xf32>
  %3 = math.expm1 %x : tensor<64xf32>
  %4 = math.erf %x : tensor<64xf32>
  %5 = math.tanh %x : tensor<64xf32>
  %6 = math.fpowi %x, %p : tensor<64xf32>, tensor<64xi32>
  %7 = math.powf %0, %5 : tensor<64xf32>
  %8 = math.exp2 %x : tensor<64xf32>
  %9 = math.ctpop %p : tensor<64xi32>
  %10 = math.fma %1, %2, %3 : tensor<64xf32>
  %11 = math.erfc %x : tensor<64xf32>
  %12 = math.floor %x : tensor<64xf32>
  %13 = math.atan2 %x, %0 : tensor<64xf32>
  %14 = math.copysign %8, %x : tensor<64xf32>
  %15 = math.clampf %x to [%5, %0] : tensor<64xf32>
  %16 = math.sinh %5 : tensor<64xf32>
  %17 = math.ipowi %p, %p : tensor<64xi32>
  %18 = math.ctlz %p : tensor<64xi32>
  %a = arith.addf %4, %6 : tensor<64xf32>
  %b = arith.addf %7, %10 : tensor<64xf32>
  %c = arith.addf %11, %12 : tensor<64xf32>
  %d = arith.addf %13, %14 : tensor<64xf32>
  %e = arith.addf %15, %16 : tensor<64xf32>
  %i = arith.addi %17, %18 : tensor<64xi32>
  %j = arith.addi %i, %9 : tensor<64xi32>
  %f = arith.sitofp %j : tensor<64xi32> to tensor<64xf32>
  %g = arith.addf %a, %b : tensor<64xf32>
  %h = arith.addf %c, %d : tensor<64xf32>
  %k = arith.addf %e, %f : tensor<64xf32>
  %l = arith.addf %g, %h : tensor<64xf32>
  %m = arith.addf %k, %l : tensor<64xf32>
  return %m : tensor<64xf32>
}

func.func @integers(%x: tensor<4x8xi8>, %w: tensor<8x3xi8>, %u: tensor<4xui8>, %b: tensor<4xi1>, %i: tensor<4xindex>) -> (tensor<4x3xi32>, tensor<4xui8>, tensor<4xi1>, tensor<4xindex>) {
  %e = tensor.empty() : tensor<4x3xi32>
  %zero = arith.constant 0 : i32
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<4x3xi32>) -> tensor<4x3xi32>
  %r = linalg.matmul ins(%x, %w : tensor<4x8xi8>, tensor<8x3xi8>) outs(%z : tensor<4x3xi32>) -> tensor<4x3xi32>
  return %r, %u, %b, %i : tensor<4x3xi32>, tensor<4xui8>, tensor<4xi1>, tensor<4xindex>
}

func.func @tosa(%x: tensor<1x3x4xf32>, %w: tensor<1x4x5xf32>) -> tensor<1x3x5xf32> {
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %m = tosa.matmul %x, %w, %zp, %zp : (tensor<1x3x4xf32>, tensor<1x4x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x5xf32>
  %s = tosa.sigmoid %m : (tensor<1x3x5xf32>) -> tensor<1x3x5xf32>
  return %s : tensor<1x3x5xf32>
}

func.func @gated(%x: tensor<?x4xf32>, %wg: tensor<4x5xf32>, %wv: tensor<4x5xf32>, %y: tensor<?x5xf32>) -> tensor<?x5xf32> {
  %r = glu.gated_projection silu
         gate(%x, %wg : tensor<?x4xf32>, tensor<4x5xf32>)
         value(%x, %wv : tensor<?x4xf32>, tensor<4x5xf32>)
         outs(%y : tensor<?x5xf32>) -> tensor<?x5xf32>
  return %r : tensor<?x5xf32>
}

// Memrefs are written in place; those are the outputs then.
func.func @in_place(%x: memref<?x4xf32>, %s: f32) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> ()>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%s : f32) outs(%x : memref<?x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %b : f32
    linalg.yield %0 : f32
  }
  return
}

// What is not a single loop nest, control flow, and calls that stay.
func.func @softmax(%x: tensor<3x8xf32>) -> tensor<3x8xf32> {
  %e = tensor.empty() : tensor<3x8xf32>
  %r = linalg.softmax dimension(1) ins(%x : tensor<3x8xf32>) outs(%e : tensor<3x8xf32>) -> tensor<3x8xf32>
  return %r : tensor<3x8xf32>
}
func.func @pack(%x: tensor<16x8xf32>) -> tensor<2x8x8x1xf32> {
  %e = tensor.empty() : tensor<2x8x8x1xf32>
  %r = linalg.pack %x inner_dims_pos = [0, 1] inner_tiles = [8, 1] into %e : tensor<16x8xf32> -> tensor<2x8x8x1xf32>
  return %r : tensor<2x8x8x1xf32>
}
func.func @unpack(%x: tensor<2x8x8x1xf32>) -> tensor<16x8xf32> {
  %e = tensor.empty() : tensor<16x8xf32>
  %r = linalg.unpack %x inner_dims_pos = [0, 1] inner_tiles = [8, 1] into %e : tensor<2x8x8x1xf32> -> tensor<16x8xf32>
  return %r : tensor<16x8xf32>
}
func.func @vectors(%x: tensor<16xf32>) -> tensor<16xf32> {
  %c0 = arith.constant 0 : index
  %p = arith.constant 0.0 : f32
  %v = vector.transfer_read %x[%c0], %p {in_bounds = [true]} : tensor<16xf32>, vector<16xf32>
  %w = math.exp %v : vector<16xf32>
  %s = vector.reduction <add>, %w : vector<16xf32> into f32
  %b = vector.broadcast %s : f32 to vector<16xf32>
  %r = vector.transfer_write %b, %x[%c0] {in_bounds = [true]} : vector<16xf32>, tensor<16xf32>
  return %r : tensor<16xf32>
}
func.func @generate(%n: index) -> tensor<?xf32> {
  %c = arith.constant 4 : index
  %g = tensor.generate %c { ^bb0(%i: index):
    %a = arith.index_cast %i : index to i64
    %f = arith.sitofp %a : i64 to f32
    tensor.yield %f : f32 } : tensor<?xf32>
  return %g : tensor<?xf32>
}
func.func @from_elements(%a: f32, %b: f32) -> tensor<2xf32> {
  %t = tensor.from_elements %a, %b : tensor<2xf32>
  return %t : tensor<2xf32>
}
func.func @while_loop(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r:2 = scf.while (%i = %c0, %t = %x) : (index, tensor<4xf32>) -> (index, tensor<4xf32>) {
    %c = arith.cmpi slt, %i, %c3 : index
    scf.condition(%c) %i, %t : index, tensor<4xf32>
  } do {
  ^bb0(%i: index, %t: tensor<4xf32>):
    %j = arith.addi %i, %c1 : index
    %u = linalg.add ins(%t, %x : tensor<4xf32>, tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %j, %u : index, tensor<4xf32>
  }
  return %r#1 : tensor<4xf32>
}
func.func @reshape(%x: tensor<?x4xf32>, %s: tensor<1xindex>) -> tensor<?xf32> {
  %r = tensor.reshape %x(%s) : (tensor<?x4xf32>, tensor<1xindex>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}
func.func @recursive(%x: f32, %n: i32) -> f32 {
  %r = func.call @rec(%x, %n) : (f32, i32) -> f32
  return %r : f32
}
func.func private @rec(%x: f32, %n: i32) -> f32 {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %z = arith.cmpi sle, %n, %c0 : i32
  %r = scf.if %z -> f32 { scf.yield %x : f32 } else {
    %m = arith.subi %n, %c1 : i32
    %q = func.call @rec(%x, %m) : (f32, i32) -> f32
    %s = arith.addf %q, %x : f32
    scf.yield %s : f32
  }
  return %r : f32
}
func.func @branches(%x: tensor<4xf32>, %b: i1) -> tensor<4xf32> {
  cf.cond_br %b, ^a, ^c
^a:
  %e = linalg.exp ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  cf.br ^d(%e : tensor<4xf32>)
^c:
  cf.br ^d(%x : tensor<4xf32>)
^d(%r: tensor<4xf32>):
  return %r : tensor<4xf32>
}
func.func @private_call(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %r = call @idp(%x) {no_inline} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r, %x : tensor<2x4xf32>, tensor<2x4xf32>
}
func.func private @idp(%x: tensor<2x4xf32>) -> tensor<2x4xf32> attributes {no_inline} {
  return %x : tensor<2x4xf32>
}

{-#
  dialect_resources: { builtin: { numbers: "0x040000000000803F00000040" } }
#-}
