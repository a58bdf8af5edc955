"""The leading dimensions of x and of the results, which all are rows."""


def merge(sizes, *strides):
    """Joins adjacent dimensions that lie as one in every array.

    `strides` holds an array's strides for those dimensions each, 0 where it is
    broadcast. Gives the sizes and strides of the dimensions that are left;
    those of size one are not among them.
    """
    merged = []
    for size, *steps in zip(sizes, *strides):
        if size == 1:
            continue
        if merged and all(outer == inner * size
                          for outer, inner in zip(merged[-1][1:], steps)):
            merged[-1] = [merged[-1][0] * size, *steps]
        else:
            merged.append([size, *steps])
    if not merged:
        return [[] for _ in range(1 + len(strides))]
    return [list(column) for column in zip(*merged)]


def count(sizes):
    """The product of sizes."""
    product = 1
    for size in sizes:
        product *= size
    return product
