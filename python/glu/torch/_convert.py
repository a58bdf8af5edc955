"""`glu.torch.convert`: gated layers of an existing model, swapped in place."""

from dataclasses import dataclass, field

import torch
from torch import nn

from . import _check
from ._recognize import recognize
from ._swapped import Converted, ConvertedExperts

#: How far results may differ from the original's, relative to their largest.
_tolerances = {torch.float64: 1e-9, torch.float32: 1e-4, torch.float16: 1e-2,
               torch.bfloat16: 4e-2}


@dataclass
class Conversion:
    """What `convert` did; printing it shows a line for each layer.

    `model` is the model; `swapped` maps names of layers to how they were
    understood, `kept` names of layers to why they were left as they are.
    """

    model: nn.Module
    swapped: dict = field(default_factory=dict)
    kept: dict = field(default_factory=dict)

    def __str__(self):
        lines = [f"swapped {len(self.swapped)}, kept {len(self.kept)}"]
        lines += [f"  swapped {name or '(the model)'}: {text}"
                  for name, text in self.swapped.items()]
        lines += [f"  kept {name or '(the model)'}: {text}"
                  for name, text in self.kept.items()]
        return "\n".join(lines)

    __repr__ = __str__


def convert(model, *, pack=True, verbose=False):
    """Swaps the gated feed-forward layers of a model for fused ones, in place.

    Layers are known by the names and shapes of their weights: gate_proj, up_proj
    and down_proj (Llama, Gemma, Qwen), w1, w3 and w2 (Meta's Llama), wi_0, wi_1
    and wo (T5), gate_up_proj and down_proj (Phi-3), Wi and Wo (ModernBERT), and
    experts with packed parameters (gpt-oss, Mixtral). The activation is found by
    its values. A layer is swapped only if the new one's results on random input
    are the old one's.

    Parameters and their names stay: state dicts, optimizers and tied weights go
    on as before, and gradients flow. A swapped layer runs the original's code
    where the kernel cannot take its place: tensors that are not on the CPU,
    dropout in training, hooks on or replaced (LoRA) projections.

    Parameters:
        model: an `nn.Module`, on the CPU.
        pack: whether swapped layers keep packed copies of their weights for
            calls that need no gradients: faster, and as much memory again as
            their weights. A layer's attribute `pack` changes it later.
        verbose: also print what is returned.

    Returns: a `Conversion`, whose `model` is `model` (or the new layer, where
        `model` itself is a gated layer).

    Raises: TypeError if `model` is no module or `pack` no bool.

    >>> import torch, glu.torch
    >>> class Layer(torch.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.w1 = torch.nn.Linear(8, 16)
    ...         self.w2 = torch.nn.Linear(16, 8)
    ...         self.w3 = torch.nn.Linear(8, 16)
    ...     def forward(self, x):
    ...         return self.w2(torch.nn.functional.silu(self.w1(x)) * self.w3(x))
    >>> print(glu.torch.convert(torch.nn.Sequential(Layer())))
    swapped 1, kept 0
      swapped 0: Layer, gate=silu, weights w1, w3, w2
    """
    if not isinstance(model, nn.Module):
        raise TypeError("model: expected a torch.nn.Module, got "
                        + type(model).__name__)
    _check.boolean("pack", pack)
    _check.boolean("verbose", verbose)
    conversion = Conversion(model)
    new = {}
    for name, module in model.named_modules():
        if isinstance(module, Converted):
            continue
        found = recognize(module)
        if isinstance(found, str):
            conversion.kept[name] = f"{type(module).__name__}: {found}"
        elif found is not None:
            layer, text = _try(module, found)
            if layer is None:
                conversion.kept[name] = f"{type(module).__name__}: {text}"
            else:
                layer.pack = pack
                new[module] = layer
                conversion.swapped[name] = f"{type(module).__name__}, {text}"
    for parent in list(model.modules()):
        if parent in new:
            continue
        for name, child in parent._modules.items():
            if child in new:
                parent._modules[name] = new[child]
    conversion.model = new.get(model, model)
    if verbose:
        print(conversion)
    return conversion


def _try(module, specs):
    """(layer, how it was understood), or (None, why not)."""
    best = None
    modes = [(m, m.training) for m in module.modules()]
    module.eval()
    try:
        for spec in specs:
            made = ConvertedExperts if spec.experts else Converted
            layer = made(module, spec)
            error = _compare(module, layer, spec)
            if best is None or error < best[0]:
                best = error, layer, spec
    except Exception as error:  # Whatever the original's code may raise.
        return None, (f"its forward could not be run on random input: "
                      f"{type(error).__name__}: {error}")
    finally:
        for m, training in modes:
            m.training = training
    error, layer, spec = best
    if not error <= _tolerances[spec.dtype(module)]:
        return None, ("its results differ from those of a gated layer of its "
                      f"weights (by {error:.1e} with {spec})")
    layer.training = module.training
    return layer, str(spec)


@torch.no_grad()
def _compare(module, layer, spec):
    """The largest difference of results, relative to the largest of them."""
    generator = torch.Generator().manual_seed(0)
    weights = spec.weights(module)
    w_gate = weights["w_gate"]
    x = torch.randn((6, w_gate.shape[-1]), generator=generator)
    # Inputs that reach the activation's bends.
    g = x @ w_gate.reshape(-1, w_gate.shape[-2], w_gate.shape[-1])[0].T.float()
    x = (x * (2 / g.std().clamp(min=1e-6))).to(w_gate.dtype)
    arguments = ()
    if spec.experts:
        count = min(2, spec.experts)
        arguments = (
            torch.stack([torch.randperm(spec.experts, generator=generator)[:count]
                         for _ in range(len(x))]),
            torch.rand((len(x), count), generator=generator).to(x.dtype))
    else:
        x = x.reshape(2, 3, -1)
    want = module(x, *arguments)
    got = layer(x, *arguments)
    if not isinstance(want, torch.Tensor) or want.shape != got.shape:
        return float("inf")
    difference = (got.double() - want.double()).abs().max()
    return float(difference / want.double().abs().max().clamp(min=1e-30))
