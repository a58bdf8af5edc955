"""The libraries that are compared: a file a peer, found by its name.

A peer is a module with

* its docstring: first line, what it is and at which settings it runs;
* ``environment(threads)``, optional: variables its process is started with;
* ``prepare(problem, threads) -> call``: all that is done once (weights packed,
  graphs compiled). ``call()`` computes the layer once and returns the result,
  which ``numpy.asarray`` or the peer's ``to_numpy`` makes an array of float32.
  Raises `harness.problem.Unsupported` for problems it cannot express, and
  ImportError where its packages are missing;
* ``version()``: what was measured.
"""
