"""zentorch: AMD's backend of torch.compile, frozen weights (AMD only)."""

from peers.torch import environment, make_layer, to_numpy  # noqa: F401


def version():
    with open("/proc/cpuinfo") as info:
        if "AuthenticAMD" not in info.read():
            raise ImportError("zentorch is for AMD's chips")
    import zentorch

    return "zentorch " + zentorch.__version__


def prepare(data, threads):
    import torch
    import zentorch  # noqa: F401
    from torch._inductor import config

    torch.set_num_threads(threads)
    torch._dynamo.reset()
    config.freezing = True
    layer, x = make_layer(data)
    compiled = torch.compile(layer, backend="zentorch", dynamic=False)

    @torch.no_grad()
    def call():
        return compiled(x)
    call()
    return call
