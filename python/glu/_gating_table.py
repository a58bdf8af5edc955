"""The dialect's table of named gating functions (lib/IR/GatingFunctions.cpp).

Names, and each parameter with its default. A test compares it with the
compiler's own.
"""

table = (
    ("identity", ()),
    ("sigmoid", ()),
    ("tanh", ()),
    ("tanh_sigmoid", ()),
    ("relu", ()),
    ("drelu", ()),
    ("relu_squared", ()),
    ("leaky_relu", (("slope", 0.01),)),
    ("elu", (("alpha", 1.0),)),
    ("gelu", ()),
    ("gelu_tanh", (("scale", 0.7978845608028654),)),
    ("silu", ()),
    ("quick_gelu", ()),
    ("swish", (("beta", 1.0),)),
    ("hard_sigmoid", ()),
    ("hard_swish", ()),
    ("softplus", ()),
    ("sigmoid_softplus", ()),
    ("mish", ()),
    ("clamped_silu", (("limit", 10.0),)),
    ("silu_clamped", (("limit", 7.0),)),
    ("swiglu_oai", (("alpha", 1.702), ("limit", 7.0))),
)
