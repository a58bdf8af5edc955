"""The exceptions that are this package's own."""


class CompileError(RuntimeError):
    """IR could not be compiled; holds MLIR's diagnostics with locations."""


class GatingError(TypeError):
    """A Python function that cannot be traced to a gating function."""
