// RUN: glu-opt %s --glu-raise --split-input-file --verify-diagnostics
// RUN: glu-opt %s --canonicalize --glu-fuse --split-input-file -o /dev/null

// Upstream's verifier takes this for [[0, 1], [2]].
func.func @expand(%x: tensor<?x8xf32>, %n: index) -> tensor<?x1x8xf32> {
  // expected-error @below {{groups dimension 4294967296 where 0 is next}}
  %y = tensor.expand_shape %x [[4294967296, 1], [2]] output_shape [%n, 1, 8] : tensor<?x8xf32> into tensor<?x1x8xf32>
  return %y : tensor<?x1x8xf32>
}

// -----

func.func @collapse(%x: tensor<?x1x8xf32>) -> tensor<?x8xf32> {
  // expected-error @below {{groups dimension 4294967297 where 1 is next}}
  %y = tensor.collapse_shape %x [[0, 4294967297], [2]] : tensor<?x1x8xf32> into tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
