func.func @f(%x: tensor<?x?xf16>, %wg: tensor<?x?xf16>, %wv: tensor<?x?xf16>, %y: tensor<?x?xf16>) -> tensor<?x?xf16> {
  %r = glu.gated_projection gelu gate(%x, %wg : tensor<?x?xf16>, tensor<?x?xf16>)
    value(%x, %wv : tensor<?x?xf16>, tensor<?x?xf16>) outs(%y : tensor<?x?xf16>) -> tensor<?x?xf16>
  return %r : tensor<?x?xf16>
}
