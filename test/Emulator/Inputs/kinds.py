"""Writes a program for each kind of projection to the folder in argv[1]."""

import itertools
import os
import sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def write(name, m, n, k, element, out, input_map, weight_map, shared=True, batch=0,
          bias=False):
    sizes = {"b": batch, "m": m, "n": n, "k": k}
    loops = "(b, m, n, k)" if batch else "(m, n, k)"

    def dims(letters):
        return ("b" if batch else "") + letters

    def tensor(letters, type):
        return f"tensor<{'x'.join(str(sizes[d]) for d in letters)}x{type}>"

    def map(letters):
        return f"affine_map<{loops} -> ({', '.join(letters)})>"

    x, w, y = dims(input_map), dims(weight_map), dims("mn")
    values = [("%x", x)] + ([] if shared else [("%z", x)])
    values += [("%wg", w), ("%wv", w)]
    arguments = [f"{v}: {tensor(d, element)}" for v, d in values]
    if bias:
        arguments.append(f"%bg: {tensor('n', element)}")
        arguments.append(f"%s: {tensor('m', 'f32')}")
    arguments.append(f"%y: {tensor(y, out)}")
    branches, maps = [], []
    for kind, value, weight in (("gate", "%x", "%wg"),
                                ("value", "%x" if shared else "%z", "%wv")):
        operands, types = [value, weight], [tensor(x, element), tensor(w, element)]
        maps += [map(x), map(w)]
        if bias and kind == "gate":
            operands.append("%bg")
            types.append(tensor("n", element))
            maps.append(map("n"))
        branches.append(f"{kind}({', '.join(operands)} : {', '.join(types)})")
    region, gating = "", "relu " if element == "f64" else "silu "
    if bias:
        branches.append(f"extras(%s : {tensor('m', 'f32')})")
        maps.append(map("m"))
        gating = ""
        cast = f"%c = arith.truncf %q : f32 to {out}" if out in ("f16", "bf16") else ""
        region = f""" {{
    ^bb0(%g: f32, %v: f32, %e: f32):
      %t = math.tanh %g : f32
      %p = arith.mulf %t, %v : f32
      %q = arith.mulf %p, %e : f32
      {cast}
      glu.yield {"%c" if cast else "%q"} : {out}
    }}"""
    maps.append(map(y))
    with open(os.path.join(folder, name + ".mlir"), "w") as file:
        file.write(f"""func.func @f({", ".join(arguments)}) -> {tensor(y, out)} {{
  %r = glu.gated_projection {gating}{" ".join(branches)}
    outs(%y : {tensor(y, out)})
    attributes {{indexing_maps = [{", ".join(maps)}]}}{region} -> {tensor(y, out)}
  return %r : {tensor(y, out)}
}}
""")


def write_packed(name, m, n, k, element, rows, strides):
    """Both weights in one tensor: n rows (or columns) of each, one behind the
    other or in turns; `m` may be '?'."""
    shape, size = ((2 * n, k), (n, k)) if rows else ((k, 2 * n), (k, n))
    packed = f"tensor<{shape[0]}x{shape[1]}x{element}>"
    weight = f"tensor<{size[0]}x{size[1]}x{element}>"
    step = (strides, 1) if rows else (1, strides)
    first = 1 if strides == 2 else n
    second = (first, 0) if rows else (0, first)
    x, y = f"tensor<{m}x{k}x{element}>", f"tensor<{m}x{n}x{element}>"
    letters = "n, k" if rows else "k, n"

    def slice(offset):
        return (f"tensor.extract_slice %w[{offset[0]}, {offset[1]}] "
                f"[{size[0]}, {size[1]}] [{step[0]}, {step[1]}] : {packed} to {weight}")

    def map(letters):
        return f"affine_map<(m, n, k) -> ({letters})>"

    maps = [map("m, k"), map(letters), map("m, k"), map(letters), map("m, n")]
    with open(os.path.join(folder, name + ".mlir"), "w") as file:
        file.write(f"""func.func @f(%x: {x}, %w: {packed}, %y: {y}) -> {y} {{
  %wg = {slice((0, 0))}
  %wv = {slice(second)}
  %r = glu.gated_projection silu gate(%x, %wg : {x}, {weight}) value(%x, %wv : {x}, {weight})
    outs(%y : {y}) attributes {{indexing_maps = [{", ".join(maps)}]}} -> {y}
  return %r : {y}
}}
""")


shapes = [(1, 40, 24), (17, 72, 48), (70, 33, 31), (131, 64, 8)]
layouts = [("mk", "kn"), ("mk", "nk"), ("km", "kn")]
for i, ((m, n, k), (x, w)) in enumerate(itertools.product(shapes, layouts)):
    element = ("f16", "bf16")[i % 2]
    write(f"half_{m}_{n}_{k}_{x}_{w}", m, n, k, element, element, x, w)
for element in ("f32", "f64"):
    write(f"wide_{element}", 67, 70, 33, element, element, "mk", "nk")
write("batch", 20, 40, 24, "f16", "f16", "mk", "kn", batch=3)
write("two_inputs", 70, 40, 24, "bf16", "f32", "mk", "nk", shared=False)
write("two_inputs_f32", 70, 40, 24, "f32", "f32", "mk", "nk", shared=False)
write("bias", 33, 72, 40, "f16", "f16", "mk", "kn", bias=True)
write("bias_odd", 33, 71, 39, "bf16", "f32", "mk", "nk", bias=True)

# Several tiles of sm_90a's, and edges in all directions.
for i, (x, w) in enumerate(layouts):
    write(f"tiles_{x}_{w}", 200, 136, 136, ("bf16", "f16")[i % 2], "f32", x, w)
write("tiles_batch", 136, 72, 72, "f16", "f16", "mk", "kn", batch=2)
write("tiles_two_inputs", 72, 72, 72, "bf16", "f32", "mk", "nk", shared=False)
write("tiles_bias", 72, 200, 8, "bf16", "bf16", "mk", "nk", bias=True)

# Few rows, where sm_90a's groups divide the columns; not with the sum outermost.
for i, (m, w) in enumerate(itertools.product((1, 24, 55), ("kn", "nk"))):
    out = ("bf16", "f32", "f16")[i % 3]
    write(f"few_{m}_{w}", m, 136, 136, "f16" if out == "f16" else "bf16", out, "mk", w)
write("few_km", 24, 72, 72, "f16", "f16", "km", "kn")
write("few_batch", 9, 200, 72, "f16", "f16", "mk", "kn", batch=2)
write("few_two_inputs", 33, 72, 72, "bf16", "bf16", "mk", "nk", shared=False)
# Sums so long, and tiles so few, that blocks share them; 18 steps for two or
# three, not in equal parts.
write("split_5", 5, 72, 1096, "bf16", "bf16", "mk", "nk")
write("split_20", 20, 64, 1608, "f16", "f32", "mk", "kn")
write("split_56", 56, 136, 1024, "bf16", "bf16", "mk", "nk", shared=False)
write("split_60", 60, 64, 1024, "bf16", "f32", "mk", "nk", bias=True)
write("few_bias", 40, 200, 8, "bf16", "bf16", "mk", "nk", bias=True)
for rows, strides in itertools.product((True, False), (1, 2)):
    name = f"packed_{'rows' if rows else 'columns'}_{strides}"
    write_packed(name, 72, 136, 80, "bf16", rows, strides)
write_packed("dynamic", "?", 136, 80, "f16", True, 1)
