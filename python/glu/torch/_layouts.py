"""How models name and pack the weights of a gated feed-forward layer.

Every layout is brought to the same names: w_gate and w_value of shape (N, K),
w_down of shape (D, N), and bias_gate, bias_value, bias_down.
"""

#: Names of (gate, value, down) where they are three: Llama, Gemma, Qwen and
#: many more; Meta's own Llama and Mixtral; T5 and UL2.
separate = (
    ("gate_proj", "up_proj", "down_proj"),
    ("w1", "w3", "w2"),
    ("wi_0", "wi_1", "wo"),
)

#: Names of (gate and value, down) where two are packed in one; the gate's
#: rows come first: Phi-3 and GLM; ModernBERT.
packed = (
    ("gate_up_proj", "down_proj"),
    ("Wi", "Wo"),
)

#: How rows of packed weights are shared out: the first half, the second half
#: (`torch.nn.GLU`), or every other one (gpt-oss).
orders = ("gate_first", "gate_last", "interleaved")


def split(tensor, order, dim=0):
    """(gate, value): views of a packed weight or bias. None gives (None, None)."""
    if tensor is None:
        return None, None
    if order == "interleaved":
        index = [slice(None)] * tensor.dim()
        halves = []
        for first in 0, 1:
            index[dim] = slice(first, None, 2)
            halves.append(tensor[tuple(index)])
        return tuple(halves)
    first, second = tensor.chunk(2, dim)
    return (second, first) if order == "gate_last" else (first, second)


def normalize(tensors, order="gate_first"):
    """Tensors of a layer's state dict, by our names.

    Parameters:
        tensors: from names ("up_proj.weight") to tensors, in one of the layouts
            above, in ours, or in that of gpt-oss's experts ("gate_up_proj",
            "gate_up_proj_bias" without ".weight", (E, K, 2 N), interleaved).
        order: that of packed weights, one of `orders`.

    Returns: a dictionary; None if the layout is none of these.

    Raises: ValueError if the layout is known and a weight of it missing.
    """
    def take(name):
        return tensors.get(name + ".weight"), tensors.get(name + ".bias")

    names = set(tensors)
    if "gate_up_proj" in names:
        result = {}
        result["w_gate"], result["w_value"] = (
            w.mT for w in split(tensors["gate_up_proj"], "interleaved", -1))
        result["bias_gate"], result["bias_value"] = split(
            tensors.get("gate_up_proj_bias"), "interleaved", -1)
        if "down_proj" in names:
            result["w_down"] = tensors["down_proj"].mT
            result["bias_down"] = tensors.get("down_proj_bias")
        return _present(result)
    for gate, value, down in separate:
        if gate + ".weight" in names:
            if value + ".weight" not in names:
                raise ValueError(f"{value}.weight: is missing beside "
                                 f"{gate}.weight")
            result = dict(zip(("w_gate", "bias_gate"), take(gate)))
            result.update(zip(("w_value", "bias_value"), take(value)))
            result.update(zip(("w_down", "bias_down"), take(down)))
            return _present(result)
    for both, down in packed:
        if both + ".weight" in names:
            weight, bias = take(both)
            result = dict(zip(("w_gate", "w_value"), split(weight, order)))
            result.update(zip(("bias_gate", "bias_value"), split(bias, order)))
            result.update(zip(("w_down", "bias_down"), take(down)))
            return _present(result)
    return None


def _present(tensors):
    return {name: t for name, t in tensors.items() if t is not None}
