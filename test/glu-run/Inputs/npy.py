"""Writes .npy files for the tests: npy.py FILE EXPRESSION, with NumPy as np.

Where it is about compiled numbers, `ramp(*shape)` has different, exact values.
"""

import sys

import numpy as np


def ramp(*shape):
    return ((np.arange(np.prod(shape)) * 7 % 23 - 11) / 16).reshape(shape)


def bf16(x):
    """The bits of the bfloat16 nearest to x."""
    bits = np.asarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


names = dict(np=np, ramp=ramp, bf16=bf16)
np.save(sys.argv[1], np.asarray(eval(sys.argv[2], names)))
