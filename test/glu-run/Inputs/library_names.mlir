// Functions that are called as the C library's are.

func.func private @exp(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = arith.addf %x, %x : tensor<3xf32>
  return %y : tensor<3xf32>
}

func.func @expf(%x: tensor<3xf32>, %n: i32) -> tensor<3xf32> {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %stop = arith.cmpi sle, %n, %c0 : i32
  %y = scf.if %stop -> tensor<3xf32> {
    %a = math.exp %x : tensor<3xf32>
    scf.yield %a : tensor<3xf32>
  } else {
    %m = arith.subi %n, %c1 : i32
    %a = func.call @exp(%x) : (tensor<3xf32>) -> tensor<3xf32>
    %b = func.call @expf(%a, %c0) : (tensor<3xf32>, i32) -> tensor<3xf32>
    scf.yield %b : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

func.func @malloc(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = math.exp %x : tensor<3xf32>
  return %y : tensor<3xf32>
}

func.func @free(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = func.call @malloc(%x) : (tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}
