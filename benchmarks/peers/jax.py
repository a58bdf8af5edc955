"""JAX: one jit of the layer on XLA's CPU backend, weights on the device."""

from harness.problem import Unsupported


def environment(threads):
    # XLA has a thread for each core it may use; the driver gives `threads`.
    return {"JAX_PLATFORMS": "cpu", "XLA_FLAGS":
            "--xla_cpu_multi_thread_eigen=" + ("true" if threads > 1 else "false")}


def version():
    import jax

    return "jax " + jax.__version__


def prepare(data, threads):
    import jax
    import jax.numpy as jnp

    problem = data.problem
    if problem.kind == "conv1d":
        raise Unsupported("not written for convolutions")
    dtype = jnp.float32 if problem.dtype == "f32" else jnp.bfloat16
    act = {"silu": jax.nn.silu, "sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu,
           "identity": lambda g: g, "gelu": lambda g: jax.nn.gelu(g, False),
           "gelu_tanh": jax.nn.gelu}[problem.gate]

    def array(a):
        return None if a is None else jnp.asarray(a, dtype)

    def matrix(a):
        return None if a is None else jnp.asarray(a.T.copy(), dtype)

    weights = (matrix(data.w_gate), matrix(data.w_value), array(data.bias_gate),
               array(data.bias_value), matrix(data.w_down))

    @jax.jit
    def layer(x, w_gate, w_value, bias_gate, bias_value, w_down):
        g, v = x @ w_gate, x @ w_value
        if bias_gate is not None:
            g, v = g + bias_gate, v + bias_value
        y = act(g) * v
        return y if w_down is None else y @ w_down

    x = array(data.x)
    return lambda: layer(x, *weights).block_until_ready()
