"""PyTorch eager: functional.linear over each weight, no autograd."""

import numpy as np


def environment(threads):
    return {"OMP_NUM_THREADS": str(threads)}


def version():
    import torch

    return "torch " + torch.__version__


def make_layer(data):
    """A module with constant weights, and its input."""
    import torch
    from torch.nn import functional as F

    problem = data.problem
    dtype = torch.float32 if problem.dtype == "f32" else torch.bfloat16
    act = {"silu": F.silu, "sigmoid": torch.sigmoid, "relu": torch.relu,
           "identity": lambda g: g, "gelu": F.gelu,
           "gelu_tanh": lambda g: F.gelu(g, approximate="tanh")}[problem.gate]

    def tensor(array):
        return None if array is None else torch.from_numpy(array).to(dtype)

    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for name in ("w_gate", "w_value", "bias_gate", "bias_value", "w_down"):
                self.register_buffer(name, tensor(getattr(data, name)))

        def forward(self, x):
            linear = F.conv1d if problem.kind == "conv1d" else F.linear
            y = (act(linear(x, self.w_gate, self.bias_gate))
                 * linear(x, self.w_value, self.bias_value))
            return y if self.w_down is None else F.linear(y, self.w_down)

    x = tensor(data.x)
    return Layer().eval(), x[None] if problem.kind == "conv1d" else x


def prepare(data, threads):
    import torch

    torch.set_num_threads(threads)
    layer, x = make_layer(data)

    @torch.inference_mode()
    def call():
        return layer(x)
    return call


def to_numpy(result):
    array = result.float().numpy()
    return np.ascontiguousarray(array[0] if array.ndim == 3 else array)
