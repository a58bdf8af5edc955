// RUN: glu-opt %s --transform-interpreter --split-input-file --verify-diagnostics

// A gate of tensors that nothing multiplied.
func.func @no_projection(%g: tensor<8x8xf32>, %v: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // expected-note @+1 {{the glu.gate}}
  %y = glu.gate silu gate(%g : tensor<8x8xf32>) value(%v : tensor<8x8xf32>) outs(%g : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %gates = transform.structured.match ops{["glu.gate"]} in %module : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{not fused: no branch is a contraction or convolution}}
    %units = transform.glu.fuse %gates : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}

// -----

func.func @no_gate() {
  return
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %return = transform.structured.match ops{["func.return"]} in %module : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{expects a glu.gate, got 'func.return'}}
    %units = transform.glu.fuse %return : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}

// -----

func.func @no_projection() {
  // expected-note @+1 {{the operation}}
  return
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %return = transform.structured.match ops{["func.return"]} in %module : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{an operation takes no schedule: it is neither a glu.gated_projection nor an operation of linalg}}
    transform.glu.set_schedule %return <rows = 1, columns = 8, block_rows = 1, block_columns = 8> : !transform.any_op
    transform.yield
  }
}

// -----

func.func @no_contraction(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-note @+1 {{the operation}}
  %y = linalg.tanh ins(%x : tensor<8xf32>) outs(%x : tensor<8xf32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %tanh = transform.structured.match ops{["linalg.tanh"]} in %module : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{an operation takes no schedule: }}
    transform.glu.set_schedule %tanh <rows = 1, columns = 8, block_rows = 1, block_columns = 8> : !transform.any_op
    transform.yield
  }
}

// -----

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    // expected-error @+1 {{expects block_rows to be a multiple of rows (4), got 6}}
    transform.glu.set_schedule %module <rows = 4, columns = 8, block_rows = 6, block_columns = 8> : !transform.any_op
    transform.yield
  }
}

// -----

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    // expected-error @+1 {{cannot change what holds the transformation itself; match a function}}
    %gates = transform.glu.raise %module : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}
