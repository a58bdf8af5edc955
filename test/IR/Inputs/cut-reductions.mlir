// The schedule of partial-reduction.mlir: reductions are cut.

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %shared = transform.structured.match ops{["glu.gated_projection"]} attributes {name = "shared"} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %rows = transform.structured.tile_using_for %shared tile_sizes [4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %0:5 = transform.structured.tile_reduction_using_for %tiled by tile_sizes = [0, 0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)

    %gate = transform.structured.match ops{["glu.gated_projection"]} attributes {name = "scalar_gate"} in %root : (!transform.any_op) -> !transform.any_op
    %1:6 = transform.structured.tile_reduction_using_for %gate by tile_sizes = [0, 0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)

    %dynamic = transform.structured.match ops{["glu.gated_projection"]} attributes {name = "dynamic"} in %root : (!transform.any_op) -> !transform.any_op
    %2:4 = transform.structured.tile_reduction_using_forall %dynamic by num_threads = [0, 0, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)

    %convolution = transform.structured.match ops{["glu.gated_projection"]} attributes {name = "convolution"} in %root : (!transform.any_op) -> !transform.any_op
    %3:5 = transform.structured.tile_reduction_using_for %convolution by tile_sizes = [0, 0, 3, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)

    %own = transform.structured.match ops{["glu.gated_projection"]} attributes {name = "own"} in %root : (!transform.any_op) -> !transform.any_op
    %4:4 = transform.structured.tile_reduction_using_for %own reduction_dims = [2] by tile_sizes = [0, 0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)

    %integers = transform.structured.match ops{["glu.gated_projection"]} attributes {name = "integers"} in %root : (!transform.any_op) -> !transform.any_op
    %5:5 = transform.structured.tile_reduction_using_for %integers by tile_sizes = [0, 0, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}
