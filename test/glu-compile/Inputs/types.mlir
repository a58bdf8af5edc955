// A function for each way in which C hands something over.

func.func @f16(%x: tensor<4xf16>, %s: f16) -> tensor<4xf16> {
  %0 = tensor.splat %s : tensor<4xf16>
  %1 = arith.mulf %x, %0 : tensor<4xf16>
  return %1 : tensor<4xf16>
}

func.func @bf16(%x: tensor<4xbf16>, %s: bf16) -> (tensor<4xf32>, bf16) {
  %0 = arith.extf %x : tensor<4xbf16> to tensor<4xf32>
  %1 = arith.extf %s : bf16 to f32
  %2 = tensor.splat %1 : tensor<4xf32>
  %3 = arith.mulf %0, %2 : tensor<4xf32>
  return %3, %s : tensor<4xf32>, bf16
}

func.func @f8(%x: tensor<4xf8E4M3FN>) -> tensor<4xf8E4M3FN> {
  return %x : tensor<4xf8E4M3FN>
}

func.func @integers(%flag: i1, %a: i8, %b: i16, %c: i32, %d: i64, %e: index,
                    %0: tensor<2xi1>, %int: tensor<3xui8>)
    -> (tensor<6xi64>, i1, tensor<2xi1>, tensor<3xui8>) {
  %flag64 = arith.extui %flag : i1 to i64
  %a64 = arith.extsi %a : i8 to i64
  %b64 = arith.extsi %b : i16 to i64
  %c64 = arith.extsi %c : i32 to i64
  %e64 = arith.index_cast %e : index to i64
  %all = tensor.from_elements %flag64, %a64, %b64, %c64, %d, %e64 : tensor<6xi64>
  %true = arith.constant true
  %not = arith.xori %flag, %true : i1
  return %all, %not, %0, %int : tensor<6xi64>, i1, tensor<2xi1>, tensor<3xui8>
}

func.func @number(%x: f64, %y: tensor<f32>) -> (f64, tensor<f32>) {
  %0 = arith.addf %x, %x : f64
  return %0, %y : f64, tensor<f32>
}

// The size of the result follows from that of x.
func.func @slice(%x: tensor<?x8xf32>, %seen: memref<?xi32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %i = arith.index_cast %n : index to i32
  memref.store %i, %seen[%c0] : memref<?xi32>
  %rest = arith.subi %n, %c2 : index
  %y = tensor.extract_slice %x[2, 0] [%rest, 8] [1, 1]
    : tensor<?x8xf32> to tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

func.func @divide(%x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %size = tensor.dim %x, %c0 : tensor<?xf32>
  %n = affine.apply affine_map<()[s0] -> (s0 ceildiv 3 + s0 floordiv 2 + 1)>()[%size]
  %0 = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.fill ins(%one : f32) outs(%0 : tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// Of an index, and from nothing that the caller knows.
func.func @fill(%n: index, %x: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %one = arith.constant 1.0 : f32
  %c0 = arith.constant 0 : index
  %0 = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.fill ins(%one : f32) outs(%0 : tensor<?xf32>) -> tensor<?xf32>
  %first = tensor.extract %x[%c0] : tensor<?xf32>
  %i = arith.fptosi %first : f32 to i32
  %m = arith.index_cast %i : i32 to index
  %1 = tensor.empty(%m) : tensor<?xf32>
  %z = linalg.fill ins(%one : f32) outs(%1 : tensor<?xf32>) -> tensor<?xf32>
  return %y, %z : tensor<?xf32>, tensor<?xf32>
}

func.func @nothing() { return }
