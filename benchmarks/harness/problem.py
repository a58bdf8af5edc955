"""One layer to compute: its shapes, its data, its result in float64."""

import dataclasses
import math

import numpy as np


class Unsupported(Exception):
    """A peer cannot compute this problem; the message says why."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """y = act(x Wg + bg) * (x Wv + bv), and what may follow it.

    kind: "gated" (the gated unit), "ffn" (with the down projection F -> K) or
    "conv1d" (causal, over time: M steps, K channels in, F out, `taps` taps).
    Weights are stored as PyTorch's Linear does, (F, K), rounded to `dtype`.
    """

    model: str
    m: int
    k: int
    f: int
    dtype: str = "f32"
    kind: str = "gated"
    gate: str = "silu"
    packing: str = "separate"
    bias: bool = False
    taps: int = 4

    @property
    def flops(self):
        taps = self.taps if self.kind == "conv1d" else 1
        down = 2 * self.m * self.f * self.k if self.kind == "ffn" else 0
        return 4 * self.m * self.k * self.f * taps + down

    @property
    def weight_bytes(self):
        matrices = {"gated": 2, "ffn": 3, "conv1d": 2 * self.taps}[self.kind]
        return matrices * self.k * self.f * (4 if self.dtype == "f32" else 2)

    @property
    def label(self):
        """Short, unique in a suite, and what --filter is matched with."""
        parts = [self.model, f"{self.k}x{self.f}", f"M={self.m}", self.dtype]
        if self.kind != "gated":
            parts.append(self.kind)
        if (self.gate, self.packing, self.bias) != ("silu", "separate", False):
            parts.append(self.gate + "-" + self.packing + "-bias" * self.bias)
        return " ".join(parts)

    def data(self):
        """The same arrays in every process, as float32 that `dtype` holds."""
        rng = np.random.default_rng([self.m, self.k, self.f])

        def make(*shape, scale=1.0):
            array = rng.standard_normal(shape, np.float32) * np.float32(scale)
            return _round_bf16(array) if self.dtype == "bf16" else array

        taps = (self.taps,) if self.kind == "conv1d" else ()
        fan_in = self.k * math.prod(taps)
        if taps:  # (channels, time), padded on the left; weights (F, K, taps)
            x = make(self.k, self.m + self.taps - 1)
        else:
            x = make(self.m, self.k)
        packed = make(2 * self.f, self.k, *taps, scale=fan_in ** -0.5)
        bias = make(2 * self.f, scale=0.5) if self.bias else None
        down = (make(self.k, self.f, scale=self.f ** -0.5)
                if self.kind == "ffn" else None)
        return Data(self, x, packed, bias, down)


@dataclasses.dataclass
class Data:
    """x; both weights in one array, (2 F, K); biases (2 F) or None; w_down."""

    problem: Problem
    x: np.ndarray
    packed: np.ndarray
    bias: np.ndarray
    w_down: np.ndarray

    def _branch(self, array, index):
        if array is None:
            return None
        packing, f = self.problem.packing, self.problem.f
        if packing == "separate":
            return np.ascontiguousarray(array[index * f:(index + 1) * f])
        if packing == "interleaved":
            return array[index::2]
        if packing == "value_first":
            index = 1 - index
        return array[index * f:(index + 1) * f]

    @property
    def w_gate(self):
        return self._branch(self.packed, 0)

    @property
    def w_value(self):
        return self._branch(self.packed, 1)

    @property
    def bias_gate(self):
        return self._branch(self.bias, 0)

    @property
    def bias_value(self):
        return self._branch(self.bias, 1)

    def check(self, result):
        """The largest error of `result` on a sample, over the largest |y|.

        The sample is random rows and columns, computed in float64 from the
        rounded inputs.
        """
        problem = self.problem
        result = np.asarray(result, np.float32)
        expected = ((problem.f, problem.m) if problem.kind == "conv1d" else
                    (problem.m, problem.k) if problem.kind == "ffn" else
                    (problem.m, problem.f))
        if result.shape != expected:
            raise ValueError(f"result of {result.shape}, expected {expected}")
        rng = np.random.default_rng(7)
        if problem.kind == "conv1d":
            rows = _sample(rng, problem.m, 16)
            columns = _sample(rng, problem.f, 48)
            windows = np.stack([self.x[:, t:t + problem.taps] for t in rows])
            got = result[np.ix_(columns, rows)].T
            x = windows.reshape(len(rows), -1)
        else:
            rows = _sample(rng, problem.m, 3 if problem.kind == "ffn" else 16)
            columns = _sample(rng, expected[1], 64)
            got = result[np.ix_(rows, columns)]
            x = self.x[rows]
        inner = np.arange(problem.f) if problem.kind == "ffn" else columns
        x = x.astype(np.float64)
        y = np.empty((len(rows), len(inner)))
        for start in range(0, len(inner), 512):
            part = inner[start:start + 512]
            branches = []
            for weight, bias in ((self.w_gate, self.bias_gate),
                                 (self.w_value, self.bias_value)):
                matrix = weight[part].reshape(len(part), -1).astype(np.float64)
                branch = x @ matrix.T
                branches.append(branch if bias is None else branch + bias[part])
            y[:, start:start + 512] = activate(problem.gate, branches[0]) * branches[1]
        if problem.kind == "ffn":
            y = y @ self.w_down[columns].astype(np.float64).T
        return float(np.abs(got - y).max() / np.abs(y).max())


def activate(name, g):
    """The activation in float64; one dictionary for all peers' checks."""
    erf = np.vectorize(math.erf, otypes=[np.float64])
    functions = {
        "silu": lambda: g / (1 + np.exp(-g)),
        "sigmoid": lambda: 1 / (1 + np.exp(-g)),
        "relu": lambda: np.maximum(g, 0),
        "identity": lambda: g,
        "gelu": lambda: 0.5 * g * (1 + erf(g / math.sqrt(2))),
        "gelu_tanh": lambda: 0.5 * g * (1 + np.tanh(
            math.sqrt(2 / math.pi) * (g + 0.044715 * g ** 3))),
    }
    if name not in functions:
        raise Unsupported(f"no reference for {name}")
    return functions[name]()


def tolerance(dtype):
    """Of `Data.check`: sums in float32 at least, results rounded to dtype.

    A peer may round the branches and the product, so a few units of bf16.
    """
    return {"f32": 1e-4, "bf16": 3e-2}[dtype]


def _sample(rng, size, count):
    return np.sort(rng.choice(size, min(size, count), replace=False))


def _round_bf16(array):
    bits = array.view(np.uint32)
    rounded = bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return (rounded & np.uint32(0xFFFF0000)).view(np.float32)


def bf16_bits(array):
    """The upper halves of float32 that bf16 holds exactly."""
    return np.ascontiguousarray((array.view(np.uint32) >> 16).astype(np.uint16))
