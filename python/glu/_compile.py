"""glu.compile: functions from IR text."""

import os
from collections.abc import Mapping

from . import _cache, _gpu, _runtime, _threads
from ._dispatch import numpy_dtype


def compile(ir, entry=None, target="cpu", dims=None, threads=None, chip=None,
            emulate=False):
    """Compiles a function of IR for this machine.

    Parameters:
        ir: text in MLIR's syntax (linalg, TOSA, tensor, the glu dialect: what
            PyTorch's, JAX's and ONNX's front ends print), or the path of a file
            with it: an os.PathLike, or a string of one line that ends in
            ".mlir".
        entry: the function; None: the only public one, or @main.
        target: "cpu" for the processor at hand, or the name of one whose code
            it can run ("x86-64-v3", "znver4", ...), or "nvvm": kernels for
            a GPU of NVIDIA's, as PTX. This takes neither CUDA nor a GPU, but
            calls do.
        dims: sizes for dimensions that are dynamic in the IR, as a mapping from
            (argument, dimension) to the size; the code is then made for them.
        threads: how many threads share the work; None: `glu.get_threads`.
        chip: with target "nvvm", the GPU, as ptxas calls it ("sm_80", "sm_90a");
            None: sm_80, whose PTX later ones run too.
        emulate: with target "nvvm", whether calls run in an emulator on arrays
            in the memory of the CPU, thread by thread: slow, and each access is
            checked.

    Returns: a `CompiledFunction`.

    Raises: CompileError with MLIR's diagnostics; TypeError or ValueError that
        begin with the argument's name; OSError if the file cannot be read.

    >>> import numpy as np, glu
    >>> f = glu.compile('''
    ... func.func @twice(%x: tensor<?xf32>) -> tensor<?xf32> {
    ...   %y = arith.addf %x, %x : tensor<?xf32>
    ...   return %y : tensor<?xf32>
    ... }''', threads=1)
    >>> f
    <glu compiled function twice(float32 (any,)) -> float32 (any,)>
    >>> f(np.array([1, 2, 3], np.float32))
    array([2., 4., 6.], dtype=float32)
    >>> list(f.stages)[:2]
    ['input', 'raised']
    >>> g = glu.compile(f.ir, target="nvvm", emulate=True)
    >>> g(np.array([1, 2, 3], np.float32))
    array([2., 4., 6.], dtype=float32)
    >>> '.target sm_80' in g.stages['ptx']
    True
    """
    text, name = _read(ir)
    if entry is not None and not isinstance(entry, str):
        raise TypeError(f"entry: expected a name, got {type(entry).__name__}")
    if entry is not None:
        _check_text(entry, "entry")
    if not isinstance(target, str):
        raise TypeError(f"target: expected a name, got {type(target).__name__}")
    _check_text(target, "target")
    if chip is not None and not isinstance(chip, str):
        raise TypeError(f"chip: expected a name, got {type(chip).__name__}")
    if chip is not None:
        _check_text(chip, "chip")
    if not isinstance(emulate, bool):
        raise TypeError(f"emulate: expected a bool, got {type(emulate).__name__}")
    on_gpu = target == "nvvm"
    for argument, value in ("chip", chip), ("emulate", emulate):
        if value and not on_gpu:
            raise ValueError(f"{argument}: is only for target \"nvvm\", got "
                             f"target {target!r}")
    threads = _threads.get_threads() if threads is None else (
        _threads.check(threads))
    options = {
        "entry": entry or "", "threads": threads, "dims": _get_dims(dims),
        "target_cpu": "host" if target == "cpu" else target,
        "file_name": name,
    }
    if on_gpu:  # The host's part is for one thread.
        options.update(target_cpu="host", threads=1, chip=chip or "sm_80",
                       emulate=emulate)
    return CompiledFunction(text, options, _cache.get(text, **options))


def _read(ir):
    """(text, what to call it in messages)."""
    if isinstance(ir, os.PathLike) or (
            isinstance(ir, str) and "\n" not in ir and ir.endswith(".mlir")):
        with open(ir, encoding="utf-8") as file:
            try:
                text = file.read()
            except UnicodeDecodeError:
                raise ValueError("ir: the file is no valid UTF-8") from None
        return _check_text(text), os.path.basename(os.fsdecode(ir))
    if not isinstance(ir, str):
        raise TypeError("ir: expected IR text or the path of a file, got "
                        + type(ir).__name__)
    return _check_text(ir), "<text>"


def _check_text(text, argument="ir"):
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{argument}: is no valid Unicode text") from None
    return text


def _get_dims(dims):
    if dims is None:
        return ()
    if not isinstance(dims, Mapping):
        raise TypeError("dims: expected a mapping from (argument, dimension) to "
                        f"a size, got {type(dims).__name__}")
    result = []
    for key, size in dims.items():
        try:
            argument, dimension = key
            numbers = [int(n.__index__()) for n in (argument, dimension, size)]
        except (TypeError, ValueError, AttributeError):
            raise TypeError("dims: expected (argument, dimension): size, all "
                            f"integers, got {key!r}: {size!r}") from None
        if not all(0 <= n < 1 << 31 for n in numbers):
            raise ValueError(f"dims: {key!r}: {size!r} is out of range")
        result.append(tuple(numbers))
    return tuple(sorted(result))


class CompiledFunction:
    """A function that `glu.compile` made; call it with arrays and numbers.

    Arrays must have the element types, ranks and static sizes of the signature
    and be dense in row-major order. Results are NumPy arrays that own the
    memory that the function allocated: one, a tuple of several, or None.
    Arguments that are memrefs in the IR may be written to.

    With target "nvvm" arrays are in the memory of the first CUDA GPU, of any
    library that speaks DLPack, and results are PyTorch's or JAX's if an argument
    is, else a `DeviceArray`. Work is put into `stream`, the handle of a stream
    of CUDA's (None: PyTorch's current one, else the default stream), which is
    not waited for. With `emulate` arrays are as without a GPU.

    Raises: TypeError or ValueError that name the argument and what was
        expected. ValueError that says where, in the IR, sizes that are known
        only now do not fit together; nothing is computed then. ValueError with
        the message of an assertion of the program (`cf.assert`) that fails;
        memory that it had allocated until then is lost. RuntimeError if there
        is no GPU, or no driver for it, or if a kernel fails.
    """

    def __init__(self, ir, options, entry):
        name, arguments, results = entry.functions[0]
        self.ir = ir
        self.signature = Signature(name, arguments, results)
        self._options = options
        self._recorded = None
        has_check = any(f[0] == name + ".check" for f in entry.functions)
        chip, emulate = options.get("chip"), options.get("emulate")
        self._on_gpu = bool(chip) and not emulate
        self._function = _runtime.Function(
            entry.kernel(name), arguments, results,
            entry.kernel(name + ".check") if has_check else None,
            _runtime.GPU(entry.library, emulate) if chip else None)

    def __call__(self, *arguments, stream=None):
        if self._on_gpu:
            results = _gpu.call(self._function, arguments, stream)
        elif stream is not None:
            raise TypeError("stream: is only for functions that run on a GPU")
        else:
            results = [make_array(r) if isinstance(r, tuple) else r
                       for r in self._function(arguments)]
        if not results:
            return None
        return results[0] if len(results) == 1 else tuple(results)

    def _record(self):
        if self._recorded is None:
            self._recorded = _cache.compile_text(self.ir, record=True,
                                                 **self._options)
        return self._recorded

    @property
    def name(self):
        """The name of the function in the IR."""
        return self.signature.name

    @property
    def stages(self):
        """The IR after each stage, in order: a `Stages` mapping from names
        (input, raised, fused, chosen, packed, tiled, decomposed, vectorized,
        approximated, bufferized, llvm, llvm-ir, asm; for GPUs input, raised,
        fused, chosen, bufferized, launched, approximated, outlined, nvvm, llvm,
        ptx) to text. Made when first asked for, by compiling once more."""
        return Stages(self._record().stages)

    @property
    def remarks(self):
        """What the compiler recognised, and why it did not, with locations."""
        return tuple(self._record().remarks)

    @property
    def schedule(self):
        """How each projection is tiled: operation and place to #glu.schedule."""
        return dict(self._record().schedules)

    def save(self, path):
        """Writes all stages to the file `path`."""
        self.stages.save(path)

    def __repr__(self):
        return f"<glu compiled function {self.signature}>"

    def _repr_html_(self):
        return f"<p><b>{_escape(self.signature)}</b></p>" + (
            self.stages._repr_html_())


class Stages(Mapping):
    """The IR on its way: names of stages, in order, to text.

    Printing it shows the way of the data; `save` writes that to a file.
    """

    def __init__(self, stages):
        self._stages = dict(stages)

    def __getitem__(self, name):
        return self._stages[name]

    def __iter__(self):
        return iter(self._stages)

    def __len__(self):
        return len(self._stages)

    def __repr__(self):
        return f"<glu stages: {', '.join(self._stages)}>"

    def __str__(self):
        return "\n".join(f"// ---- {name}\n{text.rstrip()}\n"
                         for name, text in self._stages.items())

    def save(self, path):
        """Writes all stages to the file `path`."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(str(self))

    def _repr_html_(self):
        return "".join(
            f"<details><summary><code>{_escape(name)}</code>: "
            f"{text.count(chr(10))} lines</summary>"
            f"<pre style='max-height:30em;overflow:auto'>{_escape(text)}</pre>"
            "</details>" for name, text in self._stages.items())


class Signature:
    """The arguments and results of a function."""

    __slots__ = ("name", "arguments", "results")

    def __init__(self, name, arguments, results):
        self.name = name
        self.arguments = tuple(ValueType(*a) for a in arguments)
        self.results = tuple(ValueType(*r) for r in results)

    def __repr__(self):
        arguments = ", ".join(map(str, self.arguments))
        results = ", ".join(map(str, self.results))
        if len(self.results) > 1:
            results = f"({results})"
        return f"{self.name}({arguments}) -> {results or 'None'}"


class ValueType:
    """An argument or result: an array, or a number."""

    __slots__ = ("dtype", "is_scalar", "is_memref", "shape")

    def __init__(self, dtype, is_scalar, is_memref, shape):
        self.dtype = dtype
        self.is_scalar = is_scalar
        self.is_memref = is_memref
        #: Sizes; None where any will do.
        self.shape = tuple(None if size < 0 else size for size in shape)

    def __repr__(self):
        if self.is_scalar:
            return self.dtype
        sizes = ", ".join("any" if s is None else str(s) for s in self.shape)
        comma = "," if len(self.shape) == 1 else ""
        return ("memref " if self.is_memref else "") + (
            f"{self.dtype} ({sizes}{comma})")


def _escape(text):
    from html import escape

    return escape(str(text))


class _Memory:
    """Memory that compiled code allocated, for NumPy to look at."""

    __slots__ = ("owner", "__array_interface__")

    def __init__(self, owner, interface):
        self.owner = owner
        self.__array_interface__ = interface


def make_array(result):
    """A NumPy array of a result of _runtime.Function; no copy."""
    kind = numpy_dtype(result[2])
    array = make_raw_array(result)
    return array if array.dtype == kind else array.view(kind)


def make_raw_array(result):
    """The same, with elements as bits where NumPy has no name for them."""
    import numpy

    owner, address, dtype, sizes, strides = result
    raw = numpy.dtype(_raw_types.get(dtype, dtype))
    return numpy.asarray(_Memory(owner, {
        "version": 3, "shape": sizes, "typestr": raw.str,
        "data": (address, False),
        "strides": tuple(stride * raw.itemsize for stride in strides),
    }))


_raw_types = {"bfloat16": "uint16", "float8_e4m3fn": "uint8",
              "float8_e5m2": "uint8"}
