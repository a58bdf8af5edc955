"""Suites: files of data that say which problems are measured.

    {"description": "...",
     "models": {"NAME": [K, F], ...},
     "blocks": [{"tokens": [1, 8], "dtype": ["f32"], "threads": [1, 2], ...}]}

A block is the product of its lists; "models" of a block picks some by name.
"""

import itertools
import json

from harness.client import root
from harness.problem import Problem

_axes = ("dtype", "kind", "gate", "packing", "bias", "taps")


def names():
    return sorted(p.stem for p in (root / "suites").glob("*.json"))


def load(name):
    """(description, [(threads, Problem), ...]) in the order they are measured."""
    path = root / "suites" / f"{name}.json"
    if not path.exists():
        raise SystemExit(f"run.py: no suite {name}; there are {', '.join(names())}")
    suite = json.loads(path.read_text())
    cells = []
    for block in suite["blocks"]:
        unknown = set(block) - {"models", "tokens", "threads", *_axes}
        if unknown:
            raise SystemExit(f"{path}: unknown {', '.join(sorted(unknown))}")
        axes = [axis for axis in _axes if axis in block]
        for threads, model, *values in itertools.product(
                block.get("threads", [1]), block.get("models", suite["models"]),
                *(block[axis] for axis in axes)):
            k, f = suite["models"][model]
            for m in block["tokens"]:
                cells.append((threads, Problem(model, m, k, f,
                                               **dict(zip(axes, values)))))
    # By threads, so that one worker a peer lives at a time.
    return suite["description"], sorted(cells, key=lambda cell: cell[0])
