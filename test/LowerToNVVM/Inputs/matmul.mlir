func.func @matmul(%x: tensor<?x136xbf16>, %w: tensor<136x520xbf16>, %y: tensor<?x520xbf16>) -> tensor<?x520xbf16> {
  %r = linalg.matmul ins(%x, %w : tensor<?x136xbf16>, tensor<136x520xbf16>)
         outs(%y : tensor<?x520xbf16>) -> tensor<?x520xbf16>
  return %r : tensor<?x520xbf16>
}
