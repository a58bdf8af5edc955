"""Builds the IR of a kernel and the way its arguments are passed.

A kernel is a function of memrefs, one for each array, whose types say how the
arrays lie; it writes its result to the last one. So a transposed weight or a
slice of a packed one is another type, and costs nothing.
"""

from . import _cache, _ir, _runtime


class Operand:
    """An array as the kernel sees it.

    `dims` are the names of its dimensions, `sizes` and `strides` (in elements)
    those of the call, of which it is array `source`. Dimensions whose names are
    in `Builder.dynamic` may have any size. With `is_tensor` it is passed as a
    dense tensor, from which packing can be outlined.
    """

    __slots__ = ("source", "name", "ssa", "element", "dims", "sizes", "strides",
                 "is_tensor")

    def __init__(self, source, name, element, dims, sizes, strides,
                 is_tensor=False):
        self.source = source
        self.name = name
        self.ssa = name.replace("[", "_").replace("]", "")
        self.element = element
        self.dims = list(dims)
        self.sizes = list(sizes)
        self.strides = list(strides)
        self.is_tensor = is_tensor

    def sort(self):
        """Orders the last two dimensions so that the inner one is dense."""
        if self.strides[-2] == 1 and self.strides[-1] != 1:
            for part in self.dims, self.sizes, self.strides:
                part[-2:] = part[:-3:-1]
        return self


class Builder:
    """The text of a kernel, from its operands and lines."""

    def __init__(self, dynamic=()):
        self.dynamic = set(dynamic)
        self.operands = []
        self.lines = []

    def _sizes(self, operand):
        return [None if d in self.dynamic else s
                for d, s in zip(operand.dims, operand.sizes)]

    def memref(self, operand):
        """Its memref type: strides that depend on dynamic sizes are dynamic,
        but for one that makes rows dense."""
        strides = list(operand.strides)
        inner = 1
        for i in reversed(range(len(strides))):
            if operand.dims[i] in self.dynamic:
                if strides[i] != inner:
                    strides[i] = None
                inner = None
            elif inner is not None:
                inner *= operand.sizes[i]
        return _ir.memref(self._sizes(operand), strides, operand.element)

    def tensor(self, operand, element=None):
        """Its tensor type."""
        return _ir.tensor(self._sizes(operand), element or operand.element)

    def add(self, operand):
        """Makes it an argument, if it is not one, whose tensor is %<name>."""
        if operand in self.operands:
            return
        self.operands.append(operand)
        if not operand.is_tensor:
            self.lines.append(
                f"%{operand.ssa} = bufferization.to_tensor %{operand.ssa}_m "
                f"restrict : {self.memref(operand)} to {self.tensor(operand)}")

    def empty(self, name, operand, result, element=None):
        """%<name>, an uninitialised tensor of the operand's sizes, whose dynamic
        ones are those of `result`; gives its type."""
        sizes = []
        for dim in operand.dims:
            if dim in self.dynamic:
                i = result.dims.index(dim)
                size = f"%{name}_{i}"
                self.lines += [f"{size}_c = arith.constant {i} : index",
                               f"{size} = memref.dim %{result.ssa}_m, "
                               f"{size}_c : {self.memref(result)}"]
                sizes.append(size)
        type = self.tensor(operand, element)
        self.lines.append(f"%{name} = tensor.empty({', '.join(sizes)}) : {type}")
        return type

    def text(self, result, value):
        """The module: %<value> is written to the operand `result`."""
        arguments = ", ".join(
            f"%{o.ssa}: {self.tensor(o)}" if o.is_tensor
            else f"%{o.ssa}_m: {self.memref(o)}"
            for o in self.operands + [result])
        lines = self.lines + [
            f"bufferization.materialize_in_destination %{value} in restrict "
            f"writable %{result.ssa}_m : ({self.tensor(result)}, "
            f"{self.memref(result)}) -> ()", "return"]
        body = "\n".join("  " + line for line in lines)
        return f"func.func @kernel({arguments}) {{\n{body}\n}}\n"

    def source(self, result, value, threads, **options):
        """(text, options): what `_cache.get` takes."""
        return self.text(result, value), dict(
            options, entry="kernel", threads=threads, knows_arguments=True)

    def compile(self, result, value, threads, **options):
        """The `_cache.Entry` of the code."""
        text, options = self.source(result, value, threads, **options)
        return _cache.get(text, **options)

    def plan(self, kernel, operands, result, allocate, finish):
        """The plan that runs `kernel` on these operands and the result."""
        return _runtime.Plan(kernel, arguments(operands, result), allocate,
                             finish)


def arguments(operands, result):
    """How a kernel's arguments lie in the arrays of a call."""
    return [(o.source, o.sizes, o.strides) for o in [*operands, result]]


def gated(builder, name, type, gating, gate, value, extras, init, dims, element,
          schedule=""):
    """The line of %<name>, a glu.gated_projection into %<init> of `type`.

    `gate`, `value` and `extras` are lists of operands, `dims` the dimensions of
    the result.
    """
    def group(keyword, operands):
        names = ", ".join(f"%{o.ssa}" for o in operands)
        types = ", ".join(builder.tensor(o) for o in operands)
        return f"{keyword}({names} : {types}) "

    operands = [*gate, *value, *extras]
    every = list(dims)
    for operand in operands:
        # Sums of dimensions, as in convolutions, are of those of the weights.
        every += [d for d in operand.dims
                  if d.isidentifier() and d not in every]
    maps = [_ir.affine_map(every, o.dims) for o in operands]
    maps.append(_ir.affine_map(every, dims))
    prefix, region = gating.render(_ir.accumulators[element], element)
    builder.lines.append(
        f"%{name} = glu.gated_projection {prefix}"
        + group("gate", gate) + group("value", value)
        + (group("extras", extras) if extras else "")
        + f"outs(%{init} : {type}) attributes {{{schedule}indexing_maps = ["
        + ", ".join(maps) + f"]}}{region} -> {type}")


def contraction(builder, name, left, right, bias, result):
    """The lines of %<name>, the sum of left times right, plus bias.

    The sum is made in the accumulator's type and rounded once.
    """
    element = result.element
    accumulator = _ir.accumulators[element]
    wide = element != accumulator
    sums = f"{name}_sum" if wide or bias is not None else name
    dims = result.dims
    every = dims + [d for d in left.dims if d not in dims]
    kinds = ", ".join('"parallel"' if d in dims else '"reduction"'
                      for d in every)
    type = builder.empty(f"{name}_sums", result, result, accumulator)
    maps = ", ".join(_ir.affine_map(every, o.dims)
                     for o in (left, right, result))
    lines = [
        f"%{name}_zero = arith.constant 0.0 : {accumulator}",
        f"%{name}_init = linalg.fill ins(%{name}_zero : {accumulator}) "
        f"outs(%{name}_sums : {type}) -> {type}",
        f"%{sums} = linalg.generic {{indexing_maps = [{maps}], "
        f"iterator_types = [{kinds}]}} ins(%{left.ssa}, %{right.ssa} : "
        f"{builder.tensor(left)}, {builder.tensor(right)}) "
        f"outs(%{name}_init : {type}) {{",
        f"^bb0(%a: {element}, %b: {element}, %c: {accumulator}):"]
    a, b = "%a", "%b"
    if wide:
        lines += [f"  %aw = arith.extf %a : {element} to {accumulator}",
                  f"  %bw = arith.extf %b : {element} to {accumulator}"]
        a, b = "%aw", "%bw"
    lines += [f"  %p = arith.mulf {a}, {b} : {accumulator}",
              f"  %s = arith.addf %c, %p : {accumulator}",
              f"  linalg.yield %s : {accumulator}", f"}} -> {type}"]
    builder.lines += lines
    if sums == name:
        return
    rounded = builder.empty(f"{name}_rounded", result, result)
    inputs = [(f"%{sums}", type, _ir.affine_map(dims, dims), "%c",
               accumulator)]
    if bias is not None:
        inputs.append((f"%{bias.ssa}", builder.tensor(bias),
                       _ir.affine_map(dims, bias.dims), "%d", element))
    maps = ", ".join([i[2] for i in inputs] + [_ir.affine_map(dims, dims)])
    kinds = ", ".join(['"parallel"'] * len(dims))
    lines = [
        f"%{name} = linalg.generic {{indexing_maps = [{maps}], iterator_types "
        f"= [{kinds}]}} "
        f"ins({', '.join(i[0] for i in inputs)} : "
        f"{', '.join(i[1] for i in inputs)}) "
        f"outs(%{name}_rounded : {rounded}) {{",
        f"^bb0({', '.join(f'{i[3]}: {i[4]}' for i in inputs)}, %o: {element}):"]
    value = "%c"
    if bias is not None:
        addend = "%d"
        if wide:
            lines.append(f"  %dw = arith.extf %d : {element} to {accumulator}")
            addend = "%dw"
        lines.append(f"  %s = arith.addf %c, {addend} : {accumulator}")
        value = "%s"
    if wide:
        lines.append(f"  %r = arith.truncf {value} : {accumulator} to {element}")
        value = "%r"
    builder.lines += lines + [f"  linalg.yield {value} : {element}",
                              f"}} -> {rounded}"]
