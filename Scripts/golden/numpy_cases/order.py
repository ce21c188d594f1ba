"""Sorting, searching, choosing and indexing."""
import numpy as np

from .recorder import Family, View
from .samples import ALL, COMMON, INTEGERS, numbers, special


def ordering(name):
    f = Family(name)
    rng = f.rng
    for t in ALL:
        x = numbers(rng, t, (3, 5))
        for axis in (-1, 0, None):
            f.run("sort", np.sort, [x], axis=axis)
            f.run("argsort", lambda a, axis: np.argsort(a, axis=axis, kind="stable"), [x], axis=axis)
        f.run("sort", np.sort, [x], axis=2)
        f.run("msort", lambda a: np.sort(a, axis=0), [x])
        f.run("unique", np.unique, [x])
        f.run("uniqueAll", lambda a: np.unique(a, return_index=True, return_inverse=True, return_counts=True), [x])
        y = np.sort(numbers(rng, t, (9,)))
        for side in ("left", "right"):
            f.run("searchsorted", np.searchsorted, [y, numbers(rng, t, (2, 3))], side=side)
        f.run("lexsort", lambda k: np.lexsort(k), [[numbers(rng, t, (7,), 0, 3), numbers(rng, t, (7,), 0, 3)]])
        f.run("isin", np.isin, [x, numbers(rng, t, (4,))])
        f.run("isin", np.isin, [x, numbers(rng, t, (4,))], invert=True)
        for call, function in (("intersect1d", np.intersect1d), ("union1d", np.union1d), ("setdiff1d", np.setdiff1d), ("setxor1d", np.setxor1d)):
            f.run(call, function, [numbers(rng, t, (6,)), numbers(rng, t, (2, 3))])
    for t in (np.float16, np.float32, np.float64):
        x = special(t)[[0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 11, 2]]
        f.run("sort", np.sort, [x])
        f.run("argsort", lambda a: np.argsort(a, kind="stable"), [x])
        f.run("argsort", lambda a: np.argsort(a, kind="stable"), [special(t)])
        f.run("unique", np.unique, [x])
        f.run("uniqueAll", lambda a: np.unique(a, return_index=True, return_inverse=True, return_counts=True), [x])
        f.run("searchsorted", np.searchsorted, [np.sort(x), x])
    for n in (0, 1, 2, 47, 48, 49, 200, 3000):
        for t in (np.float32, np.float64, np.int32, np.int64, np.uint8):
            x = numbers(rng, t, n, -100, 100)
            f.run("sort", np.sort, [x])
            if n <= 200:
                f.run("argsort", lambda a: np.argsort(a, kind="stable"), [x])
                f.run("unique", np.unique, [x])
    f.run("sort", np.sort, [View(np.arange(12.0).reshape(3, 4), [None, None, -1], [None, None, -1])])
    f.run("sort", np.sort, [np.float32(3)])
    f.run("sort", np.sort, [numbers(rng, np.float64, (2, 3, 4))], axis=1)
    f.run("argsort", lambda a, axis: np.argsort(a, axis=axis, kind="stable"), [numbers(rng, np.float64, (2, 3, 4))], axis=1)
    f.run("lexsort", lambda k: np.lexsort(k), [[np.arange(3), np.arange(4)]])
    f.run("searchsorted", np.searchsorted, [np.arange(5.0), 2])
    f.run("searchsorted", np.searchsorted, [np.arange(5), np.array([1.5, 4.0])])
    f.run("searchsorted", np.searchsorted, [np.arange(6.0).reshape(2, 3), 2])
    f.run("searchsorted", np.searchsorted, [np.arange(5.0), 2], side="middle")
    f.run("digitize", np.digitize, [np.array([0.2, 6.4, 3.0, 1.6, 10.0]), np.array([0.0, 1.0, 2.5, 4.0, 10.0])])
    f.run("digitize", np.digitize, [np.array([0.2, 6.4, 3.0, 1.0, 10.0]), np.array([0.0, 1.0, 2.5, 4.0, 10.0])], right=True)
    f.run("digitize", np.digitize, [np.array([0.2, 6.4, 3.0, 2.5]), np.array([10.0, 4.0, 2.5, 0.0])])
    f.run("digitize", np.digitize, [np.array([0.2]), np.array([10.0, 4.0, 12.5])])
    f.run("bincount", np.bincount, [np.array([0, 1, 1, 3, 2, 1, 7])])
    f.run("bincount", np.bincount, [np.array([0, 1, 1, 3], np.int32)], minlength=9)
    f.run("bincount", np.bincount, [np.array([0, 1, 1, 3], np.uint8)], weights=np.array([0.5, 1, 2, 4]))
    f.run("bincount", np.bincount, [np.array([0, -1])])
    f.run("bincount", np.bincount, [np.array([0.5])])
    f.run("bincount", np.bincount, [np.array([], np.int64)])
    return f


def searching(name):
    f = Family(name)
    rng = f.rng
    for t in ALL:
        x, y = numbers(rng, t, (3, 4)), numbers(rng, t, (3, 4))
        c = numbers(rng, np.bool_, (3, 4))
        f.run("where", np.where, [c, x, y])
        f.run("where", np.where, [c[:, :1], x, y[0]])
        f.run("where", np.where, [x, x, 2])
        f.run("nonzero", np.nonzero, [x])
        f.run("where", np.where, [x])
        f.run("flatnonzero", np.flatnonzero, [x])
        f.run("argwhere", np.argwhere, [x])
        f.run("extract", np.extract, [c, x])
        f.run("compress", np.compress, [np.array([True, False, True]), x], axis=0)
        f.run("compress", np.compress, [np.array([True, False, True]), x])
        f.run("take", np.take, [x, np.array([0, 5, -1])])
        f.run("take", np.take, [x, np.array([[0, 2], [-1, 1]])], axis=1)
        f.run("take", np.take, [x, 1], axis=0)
        f.run("take", np.take, [x, np.array([0, 7])], axis=1)
        f.run("take", np.take, [x, np.array([0, 7, -9])], axis=1, mode="wrap")
        f.run("take", np.take, [x, np.array([0, 7, -9])], axis=1, mode="clip")
        f.run("takeAlongAxis", np.take_along_axis, [x, np.argsort(x, axis=1, kind="stable")], axis=1)
        f.run("takeAlongAxis", np.take_along_axis, [x, np.array([[0, -1, 2, 1]])], axis=0)
        f.run("takeAlongAxis", np.take_along_axis, [x, np.array([[0, 3, 2, 1]])], axis=0)
        f.run("choose", np.choose, [np.array([[0, 1, 1, 0]]), [x, y]])
        f.run("arrayEqual", np.array_equal, [x, x.copy()])
        f.run("arrayEqual", np.array_equal, [x, y])
        f.run("arrayEqual", np.array_equal, [x, y[:2]])
        f.run("isclose", np.isclose, [x, y])
    for i, t in enumerate(ALL):
        f.run("where", np.where, [numbers(rng, np.bool_, 4), numbers(rng, t, 4), numbers(rng, ALL[(i * 5 + 3) % len(ALL)], 4)])
    f.run("where", np.where, [numbers(rng, np.bool_, 4), 1.5, numbers(rng, np.int32, 4)])
    f.run("where", np.where, [numbers(rng, np.bool_, 4), numbers(rng, np.int32, 3), numbers(rng, np.int32, 4)])
    f.run("choose", np.choose, [np.array([0, 2]), [np.arange(2), np.arange(2)]])
    f.run("choose", np.choose, [np.array([0, 5, -3]), [np.arange(3), np.arange(3) * 10]], mode="wrap")
    f.run("choose", np.choose, [np.array([0, 5, -3]), [np.arange(3), np.arange(3) * 10]], mode="clip")
    x = np.arange(10.0)
    f.run("select", lambda c, v: np.select(c, v), [[x < 3, x > 5], [x, x**2]])
    f.run("select", lambda c, v: np.select(c, v), [[x < 3], [x, x**2]])
    f.run("unravelIndex", lambda i, s: list(np.unravel_index(i, s)), [np.array([22, 41, 37]), [7, 6]])
    f.run("unravelIndex", lambda i, s: list(np.unravel_index(i, s)), [np.array([[22, 41], [3, 0]], np.int32), [3, 4, 5]])
    f.run("unravelIndex", lambda i, s: list(np.unravel_index(i, s)), [np.array([42]), [7, 6]])
    f.run("unravelIndex", lambda i, s: list(np.unravel_index(i, s)), [np.array([-1]), [7, 6]])
    f.run("ravelMultiIndex", lambda i, s: np.ravel_multi_index(tuple(i), s), [[np.array([3, 6, 6]), np.array([4, 5, 1])], [7, 6]])
    f.run("ravelMultiIndex", lambda i, s: np.ravel_multi_index(tuple(i), s), [[np.array([3, 7]), np.array([4, 5])], [7, 6]])
    f.run("ravelMultiIndex", lambda i, s, mode: np.ravel_multi_index(tuple(i), s, mode=mode), [[np.array([3, 8]), np.array([4, -5])], [7, 6]], mode="wrap")
    a = special(np.float32)
    for equal in (False, True):
        f.run("arrayEqual", np.array_equal, [a, a.copy()], equal_nan=equal)
        f.run("isclose", np.isclose, [a, a + np.float32(1e-6)], equal_nan=equal)
        f.run("allclose", np.allclose, [a, a.copy()], equal_nan=equal)
    f.run("allclose", np.allclose, [np.array([1e10, 1e-7]), np.array([1.00001e10, 1e-8])])
    f.run("nonzero", np.nonzero, [np.zeros((2, 0, 3), np.float32)])
    f.run("nonzero", np.nonzero, [np.float32(3)])
    f.run("nonzero", np.nonzero, [numbers(rng, np.int8, (3, 2, 4), 0, 2)])
    f.run("argwhere", np.argwhere, [np.float32(3)])
    f.run("argwhere", np.argwhere, [np.array([np.nan, 0, -0.0, 1])])
    return f


class Index:
    """An index expression: what numpy is given, and how the test spells it."""

    def __init__(self, *items):
        self.items = items

    def plain(self):
        return tuple(slice(*i) if isinstance(i, tuple) else i for i in self.items)

    def spelt(self):
        result = []
        for item in self.items:
            if item is None:
                result.append("newaxis")
            elif item is Ellipsis:
                result.append("...")
            elif isinstance(item, tuple):
                result.append(["slice", *item])
            else:
                result.append(item)
        return result


def indexing(name):
    f = Family(name)
    rng = f.rng
    mask = np.array([True, False, True])
    grid = np.array([[True, False, True, False], [False, False, True, True], [True, True, False, False]])
    s = (None, None)
    indices = [
        Index(0), Index(-1), Index(3), Index(-4), Index(1, 2), Index(0, 1, 2), Index(0, 1, 2, 3), Index(0, 4),
        Index((1, None)), Index((None, 2)), Index((None, None, -1)), Index((None, None, 2)), Index((-2, None)), Index((5, 1, -2)),
        Index((0, 0)), Index((2, 1)), Index((1, 100)), Index((-100, 2)), Index((None, None, 0)), Index((3, None, -1)),
        Index((None, None), 1), Index((1, 3), (0, 2)), Index((None, None, -1), (None, None, -2)), Index((1, 2), 0, (None, None, 2)),
        Index(None), Index((None, None), None), Index(None, 0, None), Index(Ellipsis), Index(Ellipsis, 0), Index(0, Ellipsis),
        Index(Ellipsis, (None, None, -1)), Index(0, Ellipsis, 1), Index(Ellipsis, None), Index(None, Ellipsis, 1), Index(Ellipsis, Ellipsis),
        Index(np.array([0, 2])), Index(np.array([-1, 0, 1])), Index(np.array([[0, 1], [2, 0]])), Index(np.array([0, 3])),
        Index((None, None), np.array([1, 0, 3])), Index(np.array([0, 1]), np.array([2, 3])), Index(np.array([[0], [2]]), np.array([1, 3])),
        Index(np.array([0, 1]), (None, None), np.array([0, 1])), Index((None, None), np.array([0, 1]), np.array([0, 1])),
        Index(0, (None, None), np.array([0, 1])), Index(np.array([0, 1]), 2), Index((None, None), np.array([0, 1]), 1),
        Index(np.array([0, 1]), None, np.array([1, 2])), Index(None, np.array([0, 2])), Index(np.array([0, 1]), np.array([0, 1, 2])),
        Index(mask), Index(mask, 1), Index(mask, (None, None, -1)), Index((None, None), np.array([True, False, True, True])), Index(grid),
        Index(grid, 0), Index(np.array([True, False])), Index(mask, np.array([0, 1])), Index(mask, Ellipsis, np.array([0, 1])),
        Index(np.zeros((0,), np.int64)), Index(np.array([0.5])), Index(np.zeros((3,), bool)), Index(np.array(1)), Index(Ellipsis, np.array([0, 1])),
        Index(np.array([2, 0], np.uint8)), Index((None, None), (None, None), np.array([0, 1])), Index(np.array([0, 1]), Ellipsis, 1),
        Index(Ellipsis, np.array([1, 0]), None), Index((None, None), None, np.array([1, 0])),
    ]
    for shape in ((3, 4, 2), (3, 4)):
        for t in (np.float32, np.int64, np.uint8):
            x = np.arange(np.prod(shape)).reshape(shape).astype(t)
            for index in indices:
                f.run("get", lambda a, i, plain=index.plain(): a[plain], [x, index.spelt()])
    for t in (np.float32, np.int32, np.bool_):
        x = numbers(rng, t, (3, 4, 2))
        for index in indices:
            with np.errstate(all="ignore"):
                try:
                    shape = x[index.plain()].shape
                except Exception:
                    shape = ()
            values = [np.array(1).astype(t), numbers(rng, np.float64, shape), numbers(rng, np.int32, shape[-1:])]
            if shape[:1] and shape[0] > 1:
                values.append(numbers(rng, t, (shape[0] + 5, *shape[1:])))
            for value in values:
                def assign(a, i, v, plain=index.plain()):
                    a = a.copy()
                    a[plain] = v
                    return a
                f.run("set", assign, [x, index.spelt(), value])
    v = np.arange(7, dtype=np.float32)
    for index in (Index(2), Index(7), Index((None, None, 3)), Index((6, 0, -2)), Index(v > 3), Index(Ellipsis), Index(None, (1, 3)), Index(np.array([[1, 1], [6, 0]]))):
        f.run("get", lambda a, i, plain=index.plain(): a[plain], [v, index.spelt()])
    z = np.array(5, np.float32)
    for index in (Index(Ellipsis), Index(None), Index(0), Index((None, None))):
        f.run("get", lambda a, i, plain=index.plain(): a[plain], [z, index.spelt()])
    e = np.zeros((0, 3), np.float32)
    for index in (Index((None, None, -1)), Index(0), Index((None, None), 1), Index(np.zeros((0, 3), bool)), Index(np.array([0]))):
        f.run("get", lambda a, i, plain=index.plain(): a[plain], [e, index.spelt()])
    return f
