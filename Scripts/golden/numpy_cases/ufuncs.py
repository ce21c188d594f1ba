"""Functions of one and of two arrays."""
import numpy as np

from .recorder import Family, View
from .samples import ALL, COMMON, FLOATS, INTEGERS, extremes, numbers, special

UNARY = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "arcsin": np.arcsin, "arccos": np.arccos, "arctan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "arcsinh": np.arcsinh, "arccosh": np.arccosh, "arctanh": np.arctanh,
    "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
    "sqrt": np.sqrt, "cbrt": np.cbrt, "rint": np.rint, "fabs": np.fabs, "sinc": np.sinc, "degrees": np.degrees,
    "rad2deg": np.rad2deg, "radians": np.radians, "deg2rad": np.deg2rad, "sign": np.sign, "absolute": np.absolute,
    "abs": np.abs, "negative": np.negative, "positive": np.positive, "square": np.square, "reciprocal": np.reciprocal,
    "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "fix": np.fix, "invert": np.invert, "isnan": np.isnan,
    "isinf": np.isinf, "isfinite": np.isfinite, "signbit": np.signbit, "logicalNot": np.logical_not,
    "modf": np.modf, "frexp": np.frexp, "round": np.round, "around": np.around, "nanToNum": np.nan_to_num,
}
BINARY = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "trueDivide": np.true_divide,
    "floorDivide": np.floor_divide, "remainder": np.remainder, "mod": np.mod, "fmod": np.fmod, "power": np.power,
    "floatPower": np.float_power, "maximum": np.maximum, "minimum": np.minimum, "fmax": np.fmax, "fmin": np.fmin,
    "arctan2": np.arctan2, "hypot": np.hypot, "copysign": np.copysign, "logaddexp": np.logaddexp,
    "logaddexp2": np.logaddexp2, "nextafter": np.nextafter, "heaviside": np.heaviside, "bitwiseAnd": np.bitwise_and,
    "bitwiseOr": np.bitwise_or, "bitwiseXor": np.bitwise_xor, "leftShift": np.left_shift, "rightShift": np.right_shift,
    "gcd": np.gcd, "lcm": np.lcm, "divmod": np.divmod, "equal": np.equal, "notEqual": np.not_equal, "less": np.less,
    "lessEqual": np.less_equal, "greater": np.greater, "greaterEqual": np.greater_equal, "logicalAnd": np.logical_and,
    "logicalOr": np.logical_or, "logicalXor": np.logical_xor,
}


def unary(name):
    f = Family(name)
    rng = f.rng
    for function, call in UNARY.items():
        for t in ALL:
            f.run(function, call, [numbers(rng, t, (2, 3))])
        for t in FLOATS:
            f.run(function, call, [special(t)])
            f.run(function, call, [rng.uniform(-1, 1, 17).astype(t)])
        f.run(function, call, [np.float32(0.75)])
        f.run(function, call, [np.zeros((0, 2), np.float32)])
        f.run(function, call, [View(numbers(rng, np.float32, (4, 6)), [None, None, -1], [1, 6, 2])])
        f.run(function, call, [numbers(rng, np.float32, (131,))])
    for t in INTEGERS:
        for function in ("absolute", "negative", "square", "sign", "invert", "reciprocal"):
            f.run(function, UNARY[function], [extremes(t)])
    for decimals in (-2, -1, 1, 2, 3):
        for t in (np.int32, np.float32, np.float64):
            f.run("round", np.round, [numbers(rng, t, (3, 4), -600, 600)], decimals=decimals)
    for low, high in ((-1, 2), (None, 2), (0, None), (3, 1)):
        for t in (np.int32, np.int64, np.float32, np.float64, np.uint8):
            f.run("clip", np.clip, [numbers(rng, t, (2, 5)), low, high])
    f.run("clip", np.clip, [special(np.float32), -1.0, 1.0])
    f.run("clip", np.clip, [numbers(rng, np.float32, (2, 5)), numbers(rng, np.float32, 5, -6, 0), numbers(rng, np.float32, 5, 0, 6)])
    f.run("clip", np.clip, [np.arange(5, dtype=np.float32), None, None])
    f.run("nanToNum", np.nan_to_num, [special(np.float32)], nan=2.0, posinf=7.0, neginf=-7.0)
    return f


def binary(name):
    f = Family(name)
    rng = f.rng
    pairs = [(np.bool_, np.bool_), (np.bool_, np.int32), (np.int8, np.uint8), (np.int16, np.uint16), (np.int32, np.int32),
             (np.int32, np.uint32), (np.int64, np.uint64), (np.uint8, np.uint8), (np.uint64, np.uint64), (np.int32, np.float32),
             (np.int16, np.float32), (np.float16, np.float16), (np.float16, np.float32), (np.float32, np.float32),
             (np.float32, np.float64), (np.int64, np.float64), (np.uint8, np.float16)]
    for function, call in BINARY.items():
        for a, b in pairs:
            f.run(function, call, [numbers(rng, a, (2, 3)), numbers(rng, b, (2, 3))])
        for t in (np.float32, np.float64):
            x = special(t)
            f.run(function, call, [x[:, None], x[None, :]])
        f.run(function, call, [numbers(rng, np.float32, (3, 1, 4)), numbers(rng, np.float32, (5, 1))])
        f.run(function, call, [numbers(rng, np.int32, (4,)), numbers(rng, np.int32, (3, 4), 0, 7)])
        f.run(function, call, [numbers(rng, np.float32, (2, 3)), 2])
        f.run(function, call, [3, numbers(rng, np.int64, (2, 3), 0, 7)])
        f.run(function, call, [numbers(rng, np.uint8, (2, 3)), 3])
        f.run(function, call, [numbers(rng, np.float64, ()), numbers(rng, np.float64, (2,))])
        f.run(function, call, [np.zeros((0, 3), np.float32), np.zeros(3, np.float32)])
        f.run(function, call, [np.zeros((2, 3), np.float32), np.zeros((2, 4), np.float32)])
        f.run(function, call, [View(numbers(rng, np.float64, (3, 8)), [None, None, -1], [None, None, 2]), numbers(rng, np.float64, (4,))])
        f.run(function, call, [numbers(rng, np.float32, (67,)), numbers(rng, np.float32, (67,))])
    for t in INTEGERS:
        x = extremes(t)
        for function in ("add", "subtract", "multiply", "floorDivide", "remainder", "fmod", "maximum", "minimum", "bitwiseXor",
                         "equal", "less", "greaterEqual", "divide"):
            f.run(function, BINARY[function], [x[:, None], x[None, :]])
    f.run("ldexp", np.ldexp, [numbers(rng, np.float32, (2, 3)), numbers(rng, np.int32, (2, 3))])
    f.run("ldexp", np.ldexp, [numbers(rng, np.float64, (2, 3)), numbers(rng, np.int64, (3,))])
    f.run("ldexp", np.ldexp, [numbers(rng, np.float64, (2, 3)), 3])
    f.run("ldexp", np.ldexp, [numbers(rng, np.float64, (2, 3)), numbers(rng, np.float64, (3,))])
    f.run("add", np.add, [numbers(rng, np.uint8, (3,)), 300])
    f.run("add", np.add, [numbers(rng, np.int32, (3,)), 2.5])
    f.run("multiply", np.multiply, [numbers(rng, np.bool_, (3,)), 2])
    f.run("multiply", np.multiply, [numbers(rng, np.int8, (3,)), 0.5])
    f.run("multiply", np.multiply, [numbers(rng, np.float64, (3,)), 0.1])
    f.run("less", np.less, [numbers(rng, np.float64, (3,)), 0.1])
    f.run("add", np.add, [numbers(rng, np.int32, (3,)), 0.1])
    f.run("less", np.less, [numbers(rng, np.uint8, (3,)), 300])
    f.run("power", np.power, [numbers(rng, np.int32, (3,)), numbers(rng, np.int32, (3,), -3, 0)])
    for exponent in (2, 0.5, -1, 3, 1, 0):
        f.run("power", np.power, [numbers(rng, np.float32, (7,), 0, 7), exponent])
    return f
