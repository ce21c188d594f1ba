"""Arrays that many families use."""
import numpy as np

INTEGERS = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
FLOATS = [np.float16, np.float32, np.float64]
ALL = [np.bool_, *INTEGERS, *FLOATS]
COMMON = [np.bool_, np.uint8, np.int32, np.int64, np.float32, np.float64]


def numbers(rng, dtype, shape, low=-6, high=7):
    """Small numbers of either sign where the type has one."""
    dtype = np.dtype(dtype)
    if dtype == np.bool_:
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.kind == "u":
        return rng.integers(max(low, 0), high, shape).astype(dtype)
    if dtype.kind == "i":
        return rng.integers(low, high, shape).astype(dtype)
    return rng.uniform(low, high, shape).astype(dtype)


def special(dtype):
    """Floating-point numbers at the edges."""
    return np.array([0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, np.inf, -np.inf, np.nan, 1e-4, 100, -7.25], dtype)


def extremes(dtype):
    info = np.iinfo(dtype)
    return np.array([info.min, info.min + 1, 0, 1, 2, info.max - 1, info.max], dtype)
