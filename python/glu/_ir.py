"""IR text for kernels: types, layouts, maps."""

#: MLIR's names of the float types that kernels are made for.
float_types = {
    "float16": "f16", "bfloat16": "bf16", "float32": "f32", "float64": "f64",
}
#: The type in which sums are made.
accumulators = {"f16": "f32", "bf16": "f32", "f32": "f32", "f64": "f64"}


def dense_strides(sizes):
    """Strides of a row-major array."""
    strides, step = [], 1
    for size in reversed(sizes):
        strides.append(step)
        step *= max(size, 1)
    return strides[::-1]


def shape_text(sizes):
    """Sizes as in a type: ``?x4x``; None is dynamic."""
    return "".join(("?" if size is None else str(size)) + "x" for size in sizes)


def tensor(sizes, element):
    return f"tensor<{shape_text(sizes)}{element}>"


def memref(sizes, strides, element):
    """The memref type of an array; None is a stride or size of the call."""
    dense, step = True, 1
    for size, stride in zip(reversed(sizes), reversed(strides)):
        # Without static sizes further in, nothing is known to be dense.
        dense &= step is not None and (stride == step or size == 1)
        step = None if step is None or size is None else step * max(size, 1)
    if dense:
        return f"memref<{shape_text(sizes)}{element}>"
    # A stride of zero cannot be said in a type.
    text = ", ".join("?" if not stride else str(stride) for stride in strides)
    return f"memref<{shape_text(sizes)}{element}, strided<[{text}]>>"


def affine_map(dimensions, results):
    return f"affine_map<({', '.join(dimensions)}) -> ({', '.join(results)})>"
