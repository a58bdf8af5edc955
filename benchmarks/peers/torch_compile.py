"""torch.compile: inductor, max-autotune, frozen and packed weights."""

from peers.torch import environment, make_layer, to_numpy, version  # noqa: F401


def prepare(data, threads):
    import torch
    from torch._inductor import config

    torch.set_num_threads(threads)
    torch._dynamo.reset()
    config.freezing = True
    config.max_autotune = True
    config.max_autotune_gemm_backends = "CPP,ATEN"
    config.cpp.enable_grouped_gemm_template = True
    layer, x = make_layer(data)
    compiled = torch.compile(layer, dynamic=False)

    @torch.no_grad()  # what freezing asks for
    def call():
        return compiled(x)
    call()
    return call
