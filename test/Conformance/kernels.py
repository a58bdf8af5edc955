"""Small kernels, one instruction each, that say what a GPU does.

Each takes an array of i32, gives one of i32, and moves bits: registers go out as
they come. Numbers that are multiplied are small integers, whose sums are exact in
any order. So the emulator and a GPU give the same bits.
"""

import dataclasses

import numpy as np

MAP_ARGUMENTS = ", ".join(["!llvm.ptr"] + ["i64"] * 17)


@dataclasses.dataclass
class Kernel:
    chip: str
    threads: int
    inputs: np.ndarray
    outputs: int  # How many i32 it gives.
    body: list
    maps: str = ""  # Of the host, from %p, the address of a tensor, to %map.
    tolerance: float = 0  # In the last places of f32.
    cluster: int = 1  # Blocks, all of one.

    @property
    def text(self):
        arguments = "%x: !llvm.ptr, %y: !llvm.ptr, %map: !llvm.ptr"
        values = "%x : !llvm.ptr, %y : !llvm.ptr, %map : !llvm.ptr"
        host = self.maps or "%map = llvm.mlir.zero : !llvm.ptr"
        body = "\n    ".join(self.body)
        attributes = "gpu.kernel, nvvm.kernel"
        if self.cluster > 1:
            attributes += f", nvvm.cluster_dim = array<i32: {self.cluster}, 1, 1>"
        return f"""module attributes {{gpu.container_module}} {{
llvm.func @mgpuTensorMap({MAP_ARGUMENTS}) -> !llvm.ptr
gpu.module @kernels {{
  llvm.mlir.global internal @shared() {{addr_space = 3 : i32, alignment = 1024 : i64}} : !llvm.array<32768 x i8>
  llvm.func @k({arguments}) attributes {{{attributes}}} {{
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %shared = llvm.mlir.addressof @shared : !llvm.ptr<3>
    {body}
    llvm.return
  }}
}}
llvm.func @launch(%x0: i64, %y0: i64) attributes {{no_inline}} {{
  %x = llvm.inttoptr %x0 : i64 to !llvm.ptr
  %y = llvm.inttoptr %y0 : i64 to !llvm.ptr
  {host}
  %one = llvm.mlir.constant(1 : i64) : i64
  %blocks = llvm.mlir.constant({self.cluster} : i64) : i64
  %threads = llvm.mlir.constant({self.threads} : i64) : i64
  gpu.launch_func @kernels::@k blocks in (%blocks, %one, %one) threads in (%threads, %one, %one) : i64 args({values})
  llvm.return
}}
func.func @f(%x: memref<{len(self.inputs)}xi32>) -> memref<{self.outputs}xi32> {{
  %y = memref.alloc() : memref<{self.outputs}xi32>
  %x0 = memref.extract_aligned_pointer_as_index %x : memref<{len(self.inputs)}xi32> -> index
  %y0 = memref.extract_aligned_pointer_as_index %y : memref<{self.outputs}xi32> -> index
  %x1 = arith.index_cast %x0 : index to i64
  %y1 = arith.index_cast %y0 : index to i64
  llvm.call @launch(%x1, %y1) : (i64, i64) -> ()
  return %y : memref<{self.outputs}xi32>
}}
}}
"""


class Body(list):
    """Lines of a kernel."""

    def new(self, line):
        name = f"%v{len(self)}"
        self.append(f"{name} = {line}")
        return name

    def constant(self, value, type="i32"):
        return self.new(f"llvm.mlir.constant({value} : {type}) : {type}")

    def compute(self, op, a, b, type="i32"):
        b = self.constant(b, type) if isinstance(b, int) else b
        return self.new(f"llvm.{op} {a}, {b} : {type}")

    def place(self, base, index, element="i32", space=""):
        pointer = f"!llvm.ptr{space}"
        return self.new(f"llvm.getelementptr {base}[{index}] : ({pointer}, i32)"
                        f" -> {pointer}, {element}")

    def registers(self, count, first=0, type="i32"):
        """The thread's own `count` of those in x, `stride` of a thread."""
        found = []
        for i in range(count):
            at = self.place("%x", self.compute("add", first, i))
            found.append(self.new(f"llvm.load {at} : !llvm.ptr -> {type}"))
        return found

    def store(self, values, first, type="i32"):
        for i, value in enumerate(values):
            at = self.place("%y", self.compute("add", first, i))
            self.append(f"llvm.store {value}, {at} : {type}, !llvm.ptr")

    def extract(self, struct, count, type):
        whole = f"!llvm.struct<({', '.join([type] * count)})>"
        return [self.new(f"llvm.extractvalue {struct}[{i}] : {whole}")
                for i in range(count)]

    def copy(self, threads, words, to_shared=True):
        """`words` from x to shared memory, or from there to y."""
        for first in range(0, words, threads):
            number = self.compute("add", "%t", first)
            inner = self.place("%shared", number, space="<3>")
            outer = self.place("%x" if to_shared else "%y", number)
            source, target = ((outer, "!llvm.ptr"), (inner, "!llvm.ptr<3>"))
            if not to_shared:
                source, target = target, source
            value = self.new(f"llvm.load {source[0]} : {source[1]} -> i32")
            self.append(f"llvm.store {value}, {target[0]} : i32, {target[1]}")


def numbers(count, low, high, salt):
    """Integers in [low, high), the same on every machine."""
    state = np.uint64(salt * 2654435761 + 12345)
    found = np.empty(count, np.int64)
    for i in range(count):
        state = np.uint64((int(state) * 6364136223846793005 + 1442695040888963407)
                          % 2**64)
        found[i] = low + int(state >> np.uint64(33)) % (high - low)
    return found


def words(element, values):
    """Small integers as elements, in words of 32 bits."""
    values = np.asarray(values)
    if element == "f16":
        raw = values.astype(np.float16).view(np.uint16)
    elif element == "bf16":
        raw = (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    else:  # e4m3 and e5m2: sign, exponent, mantissa.
        bits, bias = (3, 7) if element == "e4m3" else (2, 15)
        fraction, exponent = np.frexp(np.abs(values).astype(float))
        mantissa = np.round((2 * fraction - 1) * 2**bits).astype(int)
        raw = np.where(values == 0, 0, (exponent - 1 + bias << bits) + mantissa)
        raw = (raw + np.where(values < 0, 128, 0)).astype(np.uint8)
    return raw.view(np.int32)


def mma(element, salt):
    inputs = np.concatenate([
        words(element, numbers(32 * 12, -8, 8, salt)),
        numbers(32 * 4, -99, 99, salt + 1).astype(np.float32).view(np.int32)])
    b = Body()
    a = b.registers(4, b.compute("mul", "%t", 4))
    w = b.registers(2, b.compute("add", b.compute("mul", "%t", 2), 128))
    c = b.registers(4, b.compute("add", b.compute("mul", "%t", 4), 192), "f32")
    if element == "f16":
        a, w = ([b.new(f"llvm.bitcast {v} : i32 to vector<2xf16>") for v in group]
                for group in (a, w))
        attribute, type = "", "vector<2xf16>"
    else:
        kind = f"#nvvm.mma_type<{element}>"
        attribute = f"multiplicandAPtxType = {kind}, multiplicandBPtxType = {kind}, "
        type = "i32"
    result = b.new(
        f"nvvm.mma.sync A[{', '.join(a)}] B[{', '.join(w)}] C[{', '.join(c)}] "
        f"{{layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, "
        f"{attribute}shape = #nvvm.shape<m = 16, n = 8, k = 16>}} : "
        f"({type}, {type}, f32) -> !llvm.struct<(f32, f32, f32, f32)>")
    b.store(b.extract(result, 4, "f32"), b.compute("mul", "%t", 4), "f32")
    return Kernel("sm_80", 32, inputs, 128, b)


MATRIX = ("shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, "
          "eltType = #nvvm.ld_st_matrix_elt_type<b16>")


def ldmatrix(count, layout, salt):
    b = Body()
    b.copy(32, 128)
    b.append("nvvm.barrier0")
    row = b.place("%shared", b.compute("mul", "%t", 4), space="<3>")
    type = "i32" if count == 1 else f"!llvm.struct<({', '.join(['i32'] * count)})>"
    result = b.new(f"nvvm.ldmatrix {row} {{num = {count} : i32, "
                   f"layout = #nvvm.mma_layout<{layout}>, {MATRIX}}} : "
                   f"(!llvm.ptr<3>) -> {type}")
    values = [result] if count == 1 else b.extract(result, count, "i32")
    b.store(values, b.compute("mul", "%t", count))
    return Kernel("sm_80", 32, numbers(128, -2**31, 2**31, salt).astype(np.int32),
                  32 * count, b)


def stmatrix(count, layout, salt):
    b = Body()
    values = b.registers(count, b.compute("mul", "%t", count))
    row = b.place("%shared", b.compute("mul", "%t", 4), space="<3>")
    b.append(f"nvvm.stmatrix {row}, {', '.join(values)} "
             f"{{layout = #nvvm.mma_layout<{layout}>, {MATRIX}}} : "
             f"!llvm.ptr<3>, {', '.join(['i32'] * count)}")
    b.append("nvvm.barrier0")
    b.copy(32, 32 * count, to_shared=False)
    return Kernel("sm_90a", 32,
                  numbers(32 * count, -2**31, 2**31, salt).astype(np.int32),
                  32 * count, b)


def shuffle(mode, clamp, salt):
    b = Body()
    value, offset = b.registers(2, b.compute("mul", "%t", 2))
    mask = b.constant(-1)
    clamp = b.constant(clamp)
    result = b.new(f"nvvm.shfl.sync {mode} {mask}, {value}, {offset}, {clamp} : "
                   "i32 -> i32")
    b.store([result], "%t")
    inputs = np.stack([numbers(32, -2**31, 2**31, salt), numbers(32, 0, 32, salt + 1)])
    return Kernel("sm_70", 32, inputs.T.reshape(-1).astype(np.int32), 32, b)


def copy_async(size, salt):
    """Thread t copies t modulo size + 1 bytes, and zeros up to `size`."""
    b = Body()
    at = b.compute("mul", "%t", size // 4)
    given = b.compute("urem", "%t", size + 1)
    target = b.place("%shared", at, space="<3>")
    source = b.new(f"llvm.addrspacecast {b.place('%x', at)} : "
                   "!llvm.ptr to !llvm.ptr<1>")
    b.append(f"nvvm.cp.async.shared.global {target}, {source}, {size}, cache = ca, "
             f"{given} : !llvm.ptr<3>, !llvm.ptr<1>, i32")
    b.append("nvvm.cp.async.commit.group")
    b.append("nvvm.cp.async.wait.group 0")
    b.append("nvvm.barrier0")
    b.copy(32, 8 * size, to_shared=False)
    return Kernel("sm_80", 32, numbers(8 * size, -2**31, 2**31, salt).astype(np.int32),
                  8 * size, b)


def tensor_map(pointer, swizzle, columns, rows, box):
    """Of f16 in rows of `columns`; 3 is a swizzle of 128 bytes."""
    lines, names = [], []
    values = [6, 2, swizzle, columns, rows, 1, 1, 1, 2 * columns, 0, 0, 0,
              box[0], box[1], 1, 1, 1]
    for i, value in enumerate(values):
        names.append(f"%m{i}")
        lines.append(f"%m{i} = llvm.mlir.constant({value} : i64) : i64")
    lines.append(f"%map = llvm.call @mgpuTensorMap({pointer}, {', '.join(names)}) : "
                 f"({MAP_ARGUMENTS}) -> !llvm.ptr")
    return "\n  ".join(lines)


def tma_load(swizzle, column, row, salt):
    """A box of 16, 32 or 64 columns that may lie outside in part: zeros."""
    width = {0: 64, 1: 16, 2: 32, 3: 64}[swizzle]
    b = Body()
    barrier = b.place("%shared", b.constant(16384), "i8", "<3>")
    first = b.new(f"llvm.icmp \"eq\" %t, {b.constant(0)} : i32")
    one, bytes, ticks = b.constant(1), b.constant(width * 16), b.constant(1000)
    b.append(f"nvvm.mbarrier.init {barrier}, {one}, predicate = {first} : "
             "!llvm.ptr<3>, i32, i1")
    b.append("nvvm.fence.mbarrier.init")
    b.append("nvvm.barrier0")
    b.append(f"nvvm.mbarrier.arrive.expect_tx {barrier}, {bytes}, "
             f"predicate = {first} : !llvm.ptr<3>, i32, i1")
    target = b.new("llvm.addrspacecast %shared : !llvm.ptr<3> to !llvm.ptr<7>")
    b.append("nvvm.cp.async.bulk.tensor.shared.cluster.global "
             f"{target}, %map, {barrier}, "
             f"box[{b.constant(column)}, {b.constant(row)}] "
             f"predicate = {first} : !llvm.ptr<7>, !llvm.ptr")
    b.append(f"nvvm.mbarrier.try_wait.parity {barrier}, {b.constant(0)}, {ticks} : "
             "!llvm.ptr<3>, i32, i32")
    b.copy(32, width * 4, to_shared=False)
    return Kernel("sm_90a", 32,
                  numbers(12 * 40, -2**31, 2**31, salt).astype(np.int32), width * 4, b,
                  tensor_map("%x", swizzle, 80, 12, (width, 8)))


def tma_store(swizzle, column, row, salt):
    """What lies outside is not stored; what is not stored is zero."""
    width = {0: 64, 1: 16, 2: 32, 3: 64}[swizzle]
    b = Body()
    b.copy(32, width * 4)
    zero = b.constant(0)
    for start in range(0, 12 * 40, 32):
        b.store([zero], b.compute("add", "%t", start))
    b.append("nvvm.fence.proxy {kind = #nvvm.proxy_kind<async>}")
    b.append("nvvm.barrier0")
    first = b.new(f"llvm.icmp \"eq\" %t, {zero} : i32")
    b.append("nvvm.cp.async.bulk.tensor.global.shared.cta %map, %shared, "
             f"box[{b.constant(column)}, {b.constant(row)}], "
             f"predicate = {first} : !llvm.ptr, !llvm.ptr<3>")
    b.append("nvvm.cp.async.bulk.commit.group")
    b.append("nvvm.cp.async.bulk.wait_group 0")
    return Kernel("sm_90a", 32,
                  numbers(width * 4, -2**31, 2**31, salt).astype(np.int32), 12 * 40, b,
                  tensor_map("%y", swizzle, 80, 12, (width, 8)))


def wgmma(element, transposes_a, transposes_b, salt):
    """64 x 64 sums over 64 elements (128 of one byte), both operands as they lie in
    shared memory with a swizzle of 128 bytes: eight lines are 1024 bytes."""
    b = Body()
    b.copy(128, 4096)
    b.append("nvvm.fence.proxy {kind = #nvvm.proxy_kind<async>}")
    b.append("nvvm.barrier0")
    address = b.new("llvm.ptrtoint %shared : !llvm.ptr<3> to i32")
    start = b.compute("lshr", b.new(f"llvm.zext {address} : i32 to i64"), 4, "i64")
    constant = b.constant(0x4000004000010000, "i64")
    x = b.new(f"llvm.or {constant}, {start} : i64")
    w = b.compute("add", x, 512, "i64")
    struct = f"!llvm.struct<({', '.join(['f32'] * 32)})>"
    sums = b.new(f"llvm.mlir.zero : {struct}")
    depth = 32 if element.startswith("e") else 16
    b.append("nvvm.wgmma.fence.aligned")
    for step in range(4):
        # Along a line 32 bytes, across it 16 lines.
        a = b.compute("add", x, step * (128 if transposes_a else 2), "i64")
        c = b.compute("add", w, step * (128 if transposes_b else 2), "i64")
        sums = b.new(
            f"nvvm.wgmma.mma_async {a}, {c}, {sums}, "
            f"#nvvm.shape<m = 64, n = 64, k = {depth}>, "
            "D [<f32>, #nvvm.wgmma_scale_out<one>], "
            f"A [<{element}>, #nvvm.wgmma_scale_in<one>, "
            f"<{'col' if transposes_a else 'row'}>], "
            f"B [<{element}>, #nvvm.wgmma_scale_in<one>, "
            f"<{'row' if transposes_b else 'col'}>] : {struct} -> {struct}")
    b.append("nvvm.wgmma.commit.group.sync.aligned")
    b.append("nvvm.wgmma.wait.group.sync.aligned 0")
    b.store(b.extract(sums, 32, "f32"), b.compute("mul", "%t", 32), "f32")
    count = 16384 if element.startswith("e") else 8192
    return Kernel("sm_90a", 128, words(element, numbers(count, -3, 4, salt)), 4096, b)


def cluster(salt):
    """Each of two blocks writes what it read to the other's shared memory. Their
    number is the kernel's, which launches do not repeat."""
    b = Body()
    rank = b.new("nvvm.read.ptx.sreg.cluster.ctarank : i32")
    first = b.compute("add", b.compute("mul", rank, 32), "%t")
    (value,) = b.registers(1, first)
    own = b.place("%shared", "%t", space="<3>")
    b.append("nvvm.cluster.arrive")  # The other one has begun.
    b.append("nvvm.cluster.wait")
    other = b.compute("xor", rank, 1)
    far = b.new(f"nvvm.mapa {own}, {other} : !llvm.ptr<3> -> !llvm.ptr<7>")
    b.append(f"llvm.store {value}, {far} : i32, !llvm.ptr<7>")
    b.append("nvvm.cluster.arrive")
    b.append("nvvm.cluster.wait")
    b.store([b.new(f"llvm.load {own} : !llvm.ptr<3> -> i32")], first)
    return Kernel("sm_90a", 32, numbers(64, -2**31, 2**31, salt).astype(np.int32),
                  64, b, cluster=2)


def approximate(function, salt):
    """exp2 and quotients with `afn`, at [-8, 8): off by 2 ULP at most."""
    inputs = (numbers(64, -2**20, 2**20, salt) / 2.0**17).astype(np.float32)
    b = Body()
    p, q = b.registers(2, b.compute("mul", "%t", 2), "f32")
    flags = "{fastmathFlags = #llvm.fastmath<afn>}"
    if function == "exp2":
        result = b.new(f"llvm.call_intrinsic \"llvm.exp2\"({p}) {flags} : "
                       "(f32) -> f32")
    else:
        result = b.new(f"llvm.fdiv {p}, {q} {flags} : f32")
    b.store([result], "%t", "f32")
    return Kernel("sm_80", 32, inputs.view(np.int32), 32, b, tolerance=2)


def all_kernels():
    kernels = {}
    for i, element in enumerate(("f16", "bf16")):
        kernels[f"mma_{element}"] = mma(element, 10 + 2 * i)
    for count in (1, 2, 4):
        for layout in ("row", "col"):
            name = f"{count}_{layout}"
            kernels[f"ldmatrix_{name}"] = ldmatrix(count, layout, 20 + count)
            kernels[f"stmatrix_{name}"] = stmatrix(count, layout, 30 + count)
    for i, (mode, clamp) in enumerate((("bfly", 31), ("up", 0), ("down", 31),
                                       ("idx", 31), ("bfly", 0x181f), ("idx", 0x1c07))):
        kernels[f"shuffle_{mode}_{clamp:x}"] = shuffle(mode, clamp, 40 + 2 * i)
    for size in (4, 8, 16):
        kernels[f"copy_async_{size}"] = copy_async(size, 60 + size)
    for swizzle, name in enumerate(("none", "32", "64", "128")):
        for column, row in ((0, 0), (48, 8), (-8, -3)):
            place = f"{name}_{column}_{row}".replace("-", "m")
            kernels[f"tma_load_{place}"] = tma_load(swizzle, column, row, 80)
            kernels[f"tma_store_{place}"] = tma_store(swizzle, column, row, 90)
    for i, element in enumerate(("f16", "bf16", "e4m3", "e5m2")):
        for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
            if element in ("f16", "bf16") or not (a or b):
                kernels[f"wgmma_{element}_{a}{b}"] = wgmma(element, a, b, 100 + i)
    for i, function in enumerate(("exp2", "divide")):
        kernels[f"approximate_{function}"] = approximate(function, 110 + i)
    kernels["cluster"] = cluster(120)
    return kernels
