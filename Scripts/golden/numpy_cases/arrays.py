"""Making, shaping, joining and cutting arrays."""
import numpy as np

from .recorder import Family, View
from .samples import ALL, COMMON, numbers


def creation(name):
    f = Family(name)
    rng = f.rng
    for t in ALL:
        f.run("zeros", np.zeros, [[2, 3]], dtype=t)
        f.run("ones", np.ones, [3], dtype=t)
        f.run("full", np.full, [[2, 2], 1], dtype=t)
        f.run("eye", np.eye, [3], dtype=t)
        x = numbers(rng, t, (2, 3))
        f.run("zerosLike", np.zeros_like, [x])
        f.run("onesLike", np.ones_like, [x])
        f.run("fullLike", np.full_like, [x, 1])
        f.run("array", np.array, [x], ndmin=4)
        f.run("array", np.array, [x], dtype=np.float64)
        f.run("array", np.array, [x], dtype=np.int32)
        f.run("array", np.array, [numbers(rng, t, (2, 3), 0, 9)], dtype=np.uint8)
        f.run("array", np.array, [x], dtype=bool)
        f.run("tril", np.tril, [numbers(rng, t, (3, 4))])
        f.run("triu", np.triu, [numbers(rng, t, (3, 4))], k=1)
        f.run("diag", np.diag, [numbers(rng, t, (3,))])
        f.run("diag", np.diag, [numbers(rng, t, (3, 4))], k=-1)
    for shape in ([], [0], [0, 3], [1, 1, 1], [2, -1], [2, 0, 4]):
        f.run("zeros", np.zeros, [shape], dtype=np.float32)
        f.run("full", np.full, [shape, np.float32(2.5)])
        f.run("empty", lambda s, dtype: np.zeros(s, dtype), [shape], dtype=np.float32)
    f.run("full", np.full, [[3, 2], np.array([1, 2], np.int16)])
    f.run("full", np.full, [[3, 2], np.array([1, 2, 3], np.int16)])
    f.run("zerosLike", np.zeros_like, [np.ones((2, 2), np.int16)], dtype=np.float64, shape=[3])
    f.run("fullLike", np.full_like, [np.ones((2, 2), np.int16), np.array([7, 8], np.int16)])
    for n, m, k in ((3, 4, 0), (3, 4, 1), (3, 4, -1), (4, 2, -3), (2, 5, 7), (2, 2, -9), (0, 3, 0)):
        f.run("eye", np.eye, [n, m], k=k, dtype=np.float32)
        f.run("tri", np.tri, [n, m], k=k, dtype=np.float32)
        f.run("tril", np.tril, [np.arange(n * m, dtype=np.float32).reshape(n, m)], k=k)
        f.run("triu", np.triu, [np.arange(n * m, dtype=np.float32).reshape(n, m)], k=k)
        f.run("diag", np.diag, [np.arange(n * m, dtype=np.float32).reshape(n, m)], k=k)
        f.run("diag", np.diag, [np.arange(n, dtype=np.int32)], k=k)
    f.run("identity", np.identity, [3], dtype=np.float32)
    f.run("diag", np.diag, [np.zeros((2, 2, 2), np.float32)])
    f.run("diagflat", np.diagflat, [np.arange(4).reshape(2, 2)], k=1)
    f.run("tril", np.tril, [np.arange(18, dtype=np.int64).reshape(2, 3, 3)])
    f.run("tril", np.tril, [np.arange(3, dtype=np.float32)])
    for t in (np.int32, np.int64, np.float32, np.float64, np.uint8):
        for arguments in ((5,), (0,), (2, 7), (1, 10, 3), (10, 1, -3), (5, 1), (1, 5, -1)):
            f.run("arange", np.arange, list(arguments), dtype=t)
    for arguments in ((0.5, 4.0), (0.0, 1.0, 0.1), (1.0, -1.0, -0.25), (0.0, 0.0), (2.0, 1.0)):
        for t in (np.float32, np.float64):
            f.run("arange", np.arange, list(arguments), dtype=t)
    f.run("arange", np.arange, [1, 5, 0], dtype=np.int32)
    for t in (np.float32, np.float64, np.int32):
        for num in (0, 1, 2, 5, 50):
            for endpoint in (True, False):
                f.run("linspace", np.linspace, [-1, 3], num=num, endpoint=endpoint, dtype=t)
        f.run("linspace", np.linspace, [0.1, 7.3], num=11, dtype=t)
        f.run("linspace", np.linspace, [5, 5], num=4, dtype=t)
        f.run("linspace", np.linspace, [np.array([0, 1.5]), np.array([[3, 4.0], [5, 6]])], num=4, dtype=t)
        f.run("linspace", np.linspace, [np.array([0, 1.5]), 4], num=3, axis=1, dtype=t)
    f.run("linspace", np.linspace, [0, 1], num=-1)
    for t in (np.float32, np.float64):
        f.run("logspace", np.logspace, [0, 3], num=7, dtype=t)
        f.run("logspace", np.logspace, [0, 3], num=4, base=2.0, endpoint=False, dtype=t)
        f.run("geomspace", np.geomspace, [1, 1000], num=4, dtype=t)
        f.run("geomspace", np.geomspace, [2, 0.5], num=6, endpoint=False, dtype=t)
        f.run("geomspace", np.geomspace, [-1, -16], num=5, dtype=t)
    f.run("geomspace", np.geomspace, [0, 3], num=5)
    x, y, z = np.arange(3, dtype=np.float32), np.arange(2, dtype=np.int32), np.arange(4, dtype=np.float64)
    for vectors in ([x], [x, y], [x, y, z]):
        for indexing in ("xy", "ij"):
            for sparse in (False, True):
                f.run("meshgrid", lambda v, **k: np.meshgrid(*v, **k), [vectors], indexing=indexing, sparse=sparse)
    f.run("meshgrid", lambda v, **k: np.meshgrid(*v, **k), [[x, y]], indexing="zz")
    for shape in ((2, 3), (4,), (2, 0), (2, 1, 3)):
        f.run("indices", np.indices, [list(shape)], dtype=np.int64)
    for t in ALL:
        for u in ALL:
            x = numbers(rng, t, (2, 3), 0, 7)
            f.run("array", np.array, [x], dtype=u)
    return f


def shapes(name):
    f = Family(name)
    rng = f.rng
    for t in COMMON:
        x = numbers(rng, t, (2, 3, 4))
        f.run("reshape", np.reshape, [x, [4, -1]])
        f.run("reshape", np.reshape, [x, [24]])
        f.run("reshape", np.reshape, [x, [2, 2, 2, 3]])
        f.run("ravel", np.ravel, [x])
        f.run("transpose", np.transpose, [x])
        f.run("transpose", np.transpose, [x, [1, 2, 0]])
        f.run("swapaxes", np.swapaxes, [x, 0, -1])
        f.run("moveaxis", np.moveaxis, [x, 0, -1])
        f.run("moveaxis", np.moveaxis, [x, [0, 1], [-1, 0]])
        f.run("rollaxis", np.rollaxis, [x, 2])
        f.run("rollaxis", np.rollaxis, [x, 0], start=3)
        f.run("rollaxis", np.rollaxis, [x, 1], start=1)
        f.run("expandDims", np.expand_dims, [x, 1])
        f.run("expandDims", np.expand_dims, [x, -1])
        f.run("expandDims", lambda a, k: np.expand_dims(a, tuple(k)), [x, [0, 2]])
        f.run("flip", np.flip, [x])
        f.run("flip", np.flip, [x], axis=1)
        f.run("flip", np.flip, [x], axis=(0, 2))
        f.run("flipud", np.flipud, [x])
        f.run("fliplr", np.fliplr, [x])
        for k in range(-1, 5):
            f.run("rot90", np.rot90, [x], k=k)
        f.run("roll", np.roll, [x, 5])
        f.run("roll", np.roll, [x, -1], axis=2)
        f.run("roll", np.roll, [x, [1, 2]], axis=[0, 1])
        f.run("tile", np.tile, [x, 2])
        f.run("tile", np.tile, [x, [2, 1]])
        f.run("tile", np.tile, [x, [2, 1, 1, 3]])
        f.run("tile", np.tile, [x, 0])
        f.run("repeat", np.repeat, [x, 2])
        f.run("repeat", np.repeat, [x, 3], axis=1)
        f.run("repeat", np.repeat, [x, [1, 0, 2]], axis=1)
        f.run("repeat", np.repeat, [x, [1, 0]], axis=1)
        f.run("broadcastTo", np.broadcast_to, [numbers(rng, t, (3, 1)), [2, 3, 4]])
        f.run("squeeze", np.squeeze, [numbers(rng, t, (1, 3, 1))])
        f.run("squeeze", np.squeeze, [numbers(rng, t, (1, 3, 1))], axis=0)
        f.run("squeeze", np.squeeze, [numbers(rng, t, (1, 3, 1))], axis=(0, -1))
        f.run("squeeze", np.squeeze, [numbers(rng, t, (1, 3, 1))], axis=1)
        for n in (0, 1, 2, 3, 4):
            y = numbers(rng, t, (2,) * n)
            f.run("atleast1d", np.atleast_1d, [y])
            f.run("atleast2d", np.atleast_2d, [y])
            f.run("atleast3d", np.atleast_3d, [y])
        f.run("diagonal", np.diagonal, [x])
        f.run("diagonal", np.diagonal, [x], offset=1, axis1=1, axis2=2)
        f.run("diagonal", np.diagonal, [x], offset=-5)
        f.run("trace", np.trace, [x])
        f.run("trace", np.trace, [x], offset=1, axis1=2, axis2=0)
        f.run("broadcastArrays", lambda v: list(np.broadcast_arrays(*v)), [[numbers(rng, t, (3, 1)), numbers(rng, t, (4,)), numbers(rng, t, ())]])
        f.run("mat", lambda a: np.asarray(np.asmatrix(a)), [numbers(rng, t, (3,))])
    x = numbers(rng, np.float32, (2, 3, 4))
    for bad in ([5, 5], [-1, -1], [-2, 12], [7, -1]):
        f.run("reshape", np.reshape, [x, bad])
    f.run("transpose", np.transpose, [x, [0, 0, 1]])
    f.run("transpose", np.transpose, [x, [0, 1]])
    f.run("swapaxes", np.swapaxes, [x, 0, 3])
    f.run("moveaxis", np.moveaxis, [x, [0, 1], [0]])
    f.run("moveaxis", np.moveaxis, [x, 5, 0])
    f.run("rollaxis", np.rollaxis, [x, 0], start=4)
    f.run("expandDims", np.expand_dims, [x, 4])
    f.run("flip", np.flip, [x], axis=3)
    f.run("broadcastTo", np.broadcast_to, [x, [3, 4]])
    f.run("tile", np.tile, [x, -1])
    f.run("repeat", np.repeat, [x, -1])
    f.run("reshape", np.reshape, [np.zeros((0, 3), np.float32), [3, 0, 2]])
    f.run("reshape", np.reshape, [np.float32(3), [1, 1]])
    f.run("reshape", np.reshape, [View(np.arange(12.0).reshape(3, 4), [None, None, -1], [None, None, -1]), [6, 2]])
    f.run("transpose", np.transpose, [View(np.arange(12.0).reshape(3, 4), [None, None, 2], [3, None, -1])])
    modes = ["constant", "edge", "reflect", "symmetric", "wrap", "maximum", "minimum", "mean", "median", "linear_ramp"]
    for mode in modes:
        for t in (np.int32, np.float32, np.float64):
            y = numbers(rng, t, (3, 4))
            for width in (0, 1, 2, [1, 2], [[1, 0], [0, 3]], [[2, 1], [3, 2]]):
                f.run("pad", np.pad, [y, width], mode=mode)
        f.run("pad", np.pad, [numbers(rng, np.float64, (3,)), 7], mode=mode)
        f.run("pad", np.pad, [numbers(rng, np.float32, (1, 2)), 3], mode=mode)
        f.run("pad", np.pad, [numbers(rng, np.float32, (2, 2)), -1], mode=mode)
        f.run("pad", np.pad, [numbers(rng, np.float32, (2, 2)), [1, 2, 3]], mode=mode)
        f.run("pad", np.pad, [np.zeros((0, 2), np.float32), 1], mode=mode)
    f.run("pad", np.pad, [x[0], 2], mode="constant", constant_values=7)
    f.run("pad", np.pad, [x[0], 2], mode="constant", constant_values=[[1, 2], [3, 4]])
    f.run("pad", np.pad, [x[0], 2], mode="linear_ramp", end_values=[3, 4])
    return f


def joining(name):
    f = Family(name)
    rng = f.rng
    for t in COMMON:
        a, b, c = (numbers(rng, t, s) for s in ((2, 3), (2, 3), (4, 3)))
        v, w = numbers(rng, t, (3,)), numbers(rng, t, (3,))
        for axis in (0, 1, -1, None):
            f.run("concatenate", np.concatenate, [[a, b]], axis=axis)
            f.run("concatenate", np.concatenate, [[a, c]], axis=axis)
        for axis in (0, 1, 2, -1, 3):
            f.run("stack", np.stack, [[a, b]], axis=axis)
        f.run("stack", np.stack, [[a, c]])
        for call, function in (("vstack", np.vstack), ("hstack", np.hstack), ("dstack", np.dstack), ("columnStack", np.column_stack)):
            f.run(call, function, [[a, b]])
            f.run(call, function, [[v, w]])
            f.run(call, function, [[a, c]])
            f.run(call, function, [[numbers(rng, t, ()), numbers(rng, t, ())]])
        f.run("append", np.append, [a, c])
        f.run("append", np.append, [a, c], axis=0)
        f.run("append", np.append, [a, v], axis=0)
        y = numbers(rng, t, (6, 4, 3))
        for sections in (1, 2, 3, 4, [1, 4], [0, 9], [3, 2], []):
            for axis in (0, 1, -1):
                f.run("split", np.split, [y, sections], axis=axis)
                f.run("arraySplit", np.array_split, [y, sections], axis=axis)
            f.run("hsplit", np.hsplit, [y, sections])
            f.run("vsplit", np.vsplit, [y, sections])
            f.run("dsplit", np.dsplit, [y, sections])
        f.run("hsplit", np.hsplit, [v, 3])
        f.run("vsplit", np.vsplit, [v, 3])
        f.run("dsplit", np.dsplit, [a, 1])
        f.run("split", np.split, [v, 0])
    f.run("concatenate", np.concatenate, [[numbers(rng, np.int32, (2,)), numbers(rng, np.float32, (2,))]])
    f.run("concatenate", np.concatenate, [[numbers(rng, np.int32, (2,)), numbers(rng, np.uint32, (2,)), numbers(rng, np.bool_, (1,))]])
    f.run("concatenate", np.concatenate, [[numbers(rng, np.int32, (2,)), numbers(rng, np.float32, (2,))]], dtype=np.float16)
    f.run("concatenate", np.concatenate, [[numbers(rng, np.int32, ()), numbers(rng, np.float32, ())]])
    f.run("concatenate", np.concatenate, [[np.zeros((0, 3), np.float32), numbers(rng, np.float32, (2, 3))]])
    f.run("stack", np.stack, [[numbers(rng, np.int16, (2,)), numbers(rng, np.uint16, (2,))]])
    f.run("split", np.split, [np.arange(6.0), 2], axis=1)
    return f
