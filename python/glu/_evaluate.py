"""Runs traced gating functions with another library's operations."""


def interpret(gate, operations, arguments):
    """The value of a traced function.

    Parameters:
        gate: a `Gating` that was made by `glu.gating`.
        operations: a mapping from the names of operations ("math.exp",
            "arith.addf", predicates of arith.cmpf such as "olt") to functions;
            "sigmoid", and "constant" of a number.
        arguments: g, v and the extras.
    """
    known = {"%g": arguments[0], "%v": arguments[1]}
    known.update((f"%extra{i}", extra)
                 for i, extra in enumerate(arguments[2:]))
    # What each value is, to find x / (1 + exp(-y)): its derivative would be
    # NaN where exp overflows, that of x * sigmoid(y) is not.
    defined = {}
    for line in gate._lines:
        result, _, operation = line.partition(" = ")
        operation, _, _ = operation.partition(" : ")
        name, _, rest = operation.partition(" ")
        operands = [operand.strip() for operand in rest.split(",")]
        defined[result] = name, operands
        if name == "arith.constant":
            known[result] = operations["constant"](float(rest))
            continue
        if name == "arith.cmpf":
            name, *operands = operands
        values = [known[operand] for operand in operands]
        logit = name == "arith.divf" and _find_logit(defined, operands[1])
        if logit:
            known[result] = values[0] * operations["sigmoid"](known[logit])
        else:
            known[result] = operations[name](*values)
    return known[gate._value]


def _find_logit(defined, value):
    """y if `value` is 1 + exp(-y)."""
    name, operands = defined.get(value, ("", ()))
    if name != "arith.addf":
        return None
    for one, power in operands, operands[::-1]:
        kind, constant = defined.get(one, ("", ("0",)))
        if kind != "arith.constant" or float(constant[0]) != 1.0:
            continue
        name, arguments = defined.get(power, ("", ()))
        if name == "math.exp":
            name, arguments = defined.get(arguments[0], ("", ()))
            if name == "arith.negf":
                return arguments[0]
    return None
