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
