"""glu, weights as they are stored, packed in each call where that pays."""

from peers import glu
from peers.glu import environment, to_numpy, version  # noqa: F401


def prepare(data, threads):
    return glu.prepare(data, threads, pack=False)
