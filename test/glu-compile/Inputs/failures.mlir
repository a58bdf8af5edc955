// Functions with assertions, with and without a number as a result.

func.func @first(%x: tensor<?xf32>, %limit: f32) -> (tensor<?xf32>, f64) {
  %c0 = arith.constant 0 : index
  %first = tensor.extract %x[%c0] : tensor<?xf32>
  %ok = arith.cmpf olt, %first, %limit : f32
  cf.assert %ok, "x[0] is below the limit"
  %y = arith.addf %x, %x : tensor<?xf32>
  %wide = arith.extf %first : f32 to f64
  return %y, %wide : tensor<?xf32>, f64
}

func.func private @check(%n: index) {
  %c9 = arith.constant 9 : index
  %ok = arith.cmpi slt, %n, %c9 : index
  cf.assert %ok, "at most eight rows"
  return
}

func.func @unit(%x: tensor<?x16xf32>, %wg: tensor<16x24xf32>,
                %wv: tensor<16x24xf32>) -> tensor<?x24xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x16xf32>
  func.call @check(%n) : (index) -> ()
  %e = tensor.empty(%n) : tensor<?x24xf32>
  %y = glu.gated_projection relu
         gate(%x, %wg : tensor<?x16xf32>, tensor<16x24xf32>)
         value(%x, %wv : tensor<?x16xf32>, tensor<16x24xf32>)
         outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// Cannot fail.
func.func @twice(%x: f32) -> f32 {
  %y = arith.addf %x, %x : f32
  return %y : f32
}
