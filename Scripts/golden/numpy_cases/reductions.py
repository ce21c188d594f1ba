"""Reductions, with axes, kept dimensions and without NaN."""
import numpy as np

from .recorder import Family, View
from .samples import ALL, COMMON, numbers, special

AXES = {"sum": np.sum, "prod": np.prod, "mean": np.mean, "std": np.std, "var": np.var, "max": np.max, "min": np.min,
        "amax": np.amax, "amin": np.amin, "ptp": np.ptp, "all": np.all, "any": np.any, "countNonzero": np.count_nonzero}
NAN = {"nansum": np.nansum, "nanprod": np.nanprod, "nanmean": np.nanmean, "nanstd": np.nanstd, "nanvar": np.nanvar,
       "nanmax": np.nanmax, "nanmin": np.nanmin}
ONE = {"argmax": np.argmax, "argmin": np.argmin, "median": np.median, "nanargmax": np.nanargmax, "nanargmin": np.nanargmin,
       "nanmedian": np.nanmedian}
SCANS = {"cumsum": np.cumsum, "cumprod": np.cumprod, "nancumsum": np.nancumsum, "nancumprod": np.nancumprod}


def with_nan(rng, shape, dtype):
    x = numbers(rng, dtype, shape)
    x[rng.uniform(0, 1, shape) < 0.3] = np.nan
    return x


def family(name):
    f = Family(name)
    rng = f.rng
    for function, call in {**AXES, **NAN}.items():
        for t in ALL:
            x = numbers(rng, t, (3, 4))
            f.run(function, call, [x], **sums_of(function))
            f.run(function, call, [x], axis=0, **sums_of(function))
            f.run(function, call, [x], axis=1, keepdims=True, **sums_of(function))
        x = numbers(rng, np.float32, (2, 3, 4, 5))
        for axis in (-1, 0, (0, 2), (1, 3), (1, 2), (3, 0), (0, 1, 2, 3), ()):
            f.run(function, call, [x], axis=axis, **sums_of(function))
        f.run(function, call, [x], axis=(0, -1), keepdims=True, **sums_of(function))
        f.run(function, call, [x], axis=4)
        f.run(function, call, [x], axis=(1, 1))
        f.run(function, call, [np.zeros((0, 3), np.float32)], axis=0, **sums_of(function))
        f.run(function, call, [np.zeros((3, 0), np.float32)], axis=0, **sums_of(function))
        f.run(function, call, [np.zeros((0,), np.float64)], **sums_of(function))
        f.run(function, call, [np.float32(2.5)], **sums_of(function))
        f.run(function, call, [special(np.float32)[:9]], **sums_of(function))
        f.run(function, call, [special(np.float64)], **sums_of(function))
        f.run(function, call, [View(numbers(rng, np.float64, (5, 6)), [None, None, -2], [None, None, -1])], axis=0, **sums_of(function))
    for function, call in NAN.items():
        for t in (np.float16, np.float32, np.float64):
            x = with_nan(rng, (4, 5), t)
            for axis in (None, 0, 1):
                f.run(function, call, [x], axis=axis, **sums_of(function))
        f.run(function, call, [np.full((2, 3), np.nan, np.float32)], axis=0, **sums_of(function))
    for function, call in ONE.items():
        for t in ALL:
            x = numbers(rng, t, (4, 5))
            f.run(function, call, [x])
            f.run(function, call, [x], axis=0)
            f.run(function, call, [x], axis=-1, keepdims=True)
        for t in (np.float32, np.float64):
            x = with_nan(rng, (5, 6), t)
            f.run(function, call, [x], axis=0)
            f.run(function, call, [x])
            f.run(function, call, [np.full((2, 3), np.nan, t)], axis=0)
        f.run(function, call, [numbers(rng, np.float32, (3, 4, 5))], axis=1)
        f.run(function, call, [numbers(rng, np.float32, (3, 4, 5))], axis=3)
        f.run(function, call, [np.zeros((0,), np.float32)])
        f.run(function, call, [np.float64(3)])
    for function, call in SCANS.items():
        for t in ALL:
            x = numbers(rng, t, (3, 4))
            f.run(function, call, [x], norm=True)
            f.run(function, call, [x], axis=0, norm=True)
            f.run(function, call, [x], axis=1, norm=True)
        f.run(function, call, [with_nan(rng, (4, 5), np.float32)], axis=1, norm=True)
        f.run(function, call, [np.zeros((0,), np.float32)], norm=True)
        f.run(function, call, [numbers(rng, np.float64, (2, 3, 4))], axis=1, norm=True)
        f.run(function, call, [numbers(rng, np.float64, (2, 3, 4))], axis=3, norm=True)
    for t in COMMON[1:]:
        x = numbers(rng, t, (4, 6))
        for q in (0.0, 0.25, 0.4, 0.9, 1.0):
            f.run("quantile", np.quantile, [x, q])
            f.run("percentile", np.percentile, [x, q * 100], axis=1)
        for method in ("linear", "lower", "higher", "nearest", "midpoint"):
            f.run("quantile", np.quantile, [x, 0.37], axis=0, method=method)
        f.run("nanquantile", np.nanquantile, [x, 0.3], axis=0)
        for n in (0, 1, 2):
            f.run("diff", np.diff, [x], n=n)
        f.run("diff", np.diff, [x], axis=0)
        for ddof in (0, 1, 2):
            f.run("std", np.std, [x], ddof=ddof, axis=1, norm=True)
            f.run("var", np.var, [x], ddof=ddof, norm=True)
        f.run("average", np.average, [x], norm=True)
        f.run("average", np.average, [x], axis=0, weights=np.arange(1, 5).astype(t), norm=True)
        f.run("average", np.average, [x], weights=numbers(rng, t, (4, 6), 1, 5), norm=True)
        f.run("average", np.average, [x], weights=numbers(rng, t, (3,), 1, 5), axis=0, norm=True)
    f.run("quantile", np.quantile, [with_nan(rng, (3, 4), np.float32), 0.5], axis=1)
    f.run("nanquantile", np.nanquantile, [with_nan(rng, (3, 7), np.float32), 0.5], axis=1)
    f.run("quantile", np.quantile, [numbers(rng, np.float32, (3,)), 1.5])
    big = rng.uniform(0, 1, 5000).astype(np.float32)
    for function in ("sum", "mean", "std", "var", "max", "min"):
        f.run(function, AXES[function], [big], norm=True)
        f.run(function, AXES[function], [big.reshape(50, 100)], axis=0, norm=True)
        f.run(function, AXES[function], [big.reshape(50, 100)], axis=1, norm=True)
        f.run(function, AXES[function], [big.reshape(5, 100, 10)], axis=1, norm=True)
    for dtype in (np.float64, np.int32, np.float32):
        f.run("sum", np.sum, [numbers(rng, np.int32, (3, 4))], dtype=dtype, norm=True)
        f.run("mean", np.mean, [numbers(rng, np.int32, (3, 4))], dtype=dtype, norm=True)
        f.run("prod", np.prod, [numbers(rng, np.float64, (3, 4))], dtype=np.float32, norm=True)
        f.run("cumsum", np.cumsum, [numbers(rng, np.int32, (3, 4))], dtype=dtype, norm=True)
    return f


def sums_of(function):
    return {"norm": True} if function.removeprefix("nan") in ("sum", "prod", "mean", "std", "var") else {}
