"""Products of arrays, and linear algebra."""
import numpy as np

from .recorder import Family, View
from .samples import ALL, numbers


def products(name):
    f = Family(name)
    rng = f.rng
    pairs = [((3,), (3,)), ((2, 3), (3, 4)), ((2, 3), (3,)), ((3,), (3, 2)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)), ((2, 1, 2, 3), (5, 3, 1)),
             ((2, 3), (2, 3)), ((), (3,)), ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((3,), (5, 3, 2)), ((1, 1), (1, 1)), ((7, 5), (5, 9)), ((17, 33), (33, 18))]
    for t in ALL:
        for a, b in pairs:
            if np.prod(a + b) > 3000 and t not in (np.float32, np.float64):
                continue
            for call, function in (("matmul", np.matmul), ("dot", np.dot), ("inner", np.inner)):
                f.run(call, function, [numbers(rng, t, a), numbers(rng, t, b)], norm=True)
        f.run("vdot", np.vdot, [numbers(rng, t, (2, 3)), numbers(rng, t, (2, 3))], norm=True)
        f.run("outer", np.outer, [numbers(rng, t, (2, 2)), numbers(rng, t, (3,))])
        f.run("kron", np.kron, [numbers(rng, t, (2, 2)), numbers(rng, t, (3,))])
        f.run("kron", np.kron, [numbers(rng, t, (2, 1, 2)), numbers(rng, t, (2, 3))])
    for t in (np.int32, np.float32, np.float64):
        x, y = numbers(rng, t, (2, 3, 4)), numbers(rng, t, (4, 3, 5))
        f.run("tensordot", np.tensordot, [x, y], axes=1, norm=True)
        f.run("tensordot", np.tensordot, [x, y], axes=0, norm=True)
        f.run("tensordot", np.tensordot, [x, numbers(rng, t, (3, 4, 2))], axes=2, norm=True)
        f.run("tensordotPairs", lambda a, b, i, j: np.tensordot(a, b, (i, j)), [x, y, [1, 2], [1, 0]], norm=True)
        f.run("tensordotPairs", lambda a, b, i, j: np.tensordot(a, b, (i, j)), [x, y, [-1], [0]], norm=True)
        f.run("tensordotPairs", lambda a, b, i, j: np.tensordot(a, b, (i, j)), [x, y, [0], [0]], norm=True)
        f.run("cross", np.cross, [numbers(rng, t, (4, 3)), numbers(rng, t, (3,))], norm=True)
        a, b, c, v = numbers(rng, t, (3, 4)), numbers(rng, t, (4, 5)), numbers(rng, t, (3, 3)), numbers(rng, t, (4,))
        batch, other = numbers(rng, t, (2, 3, 4)), numbers(rng, t, (2, 4, 5))
        for text, operands in (
            ("ij,jk->ik", [a, b]), ("ij,jk", [a, b]), ("ij->ji", [a]), ("ij->", [a]), ("ij->i", [a]), ("ii->i", [c]), ("ii", [c]), ("ii->", [c]),
            ("ij,ij->ij", [a, a]), ("ij,ij->", [a, a]), ("i,j->ij", [v, v]), ("i,i", [v, v]), ("ij,j->i", [a, v]), ("bij,bjk->bik", [batch, other]),
            ("...ij,...jk->...ik", [batch, other]), ("...ij,jk->...ik", [batch, b]), ("bij->bji", [batch]), ("bij->b", [batch]), ("...j->...", [batch]),
            ("ij,jk,ki->", [a, b, numbers(rng, t, (5, 3))]), ("ij,jk,kl->il", [a, b, numbers(rng, t, (5, 2))]), ("ba", [a]), ("b...a->a...b", [batch]),
            ("ij,kj->ik", [a, numbers(rng, t, (5, 4))]), ("bij,bij->bi", [batch, batch]), (" i j , j k -> k i ", [a, b]), ("i,ij,j->", [numbers(rng, t, (3,)), a, v]),
            ("ij,jk->iz", [a, b]), ("ij,jk->iik", [a, b]), ("ijk,jk->ik", [a, b]), ("ij,jk->ik", [a, a]), ("ij", [a, b]), ("ij->ij->i", [a]), ("i1->i", [a]),
            ("bij,bj->bi", [batch, numbers(rng, t, (2, 4))]), ("...,...", [a, a]), ("...i,...i->...", [a, v]),
        ):
            f.run("einsum", lambda s, o: np.einsum(s, *o), [text, operands], norm=True)
    f.run("matmul", np.matmul, [numbers(rng, np.int32, (2, 3)), numbers(rng, np.float32, (3, 2))], norm=True)
    f.run("matmul", np.matmul, [View(numbers(rng, np.float32, (4, 6)), [None, None, -1], [None, None, 2]), numbers(rng, np.float32, (3, 2))], norm=True)
    f.run("dot", np.dot, [numbers(rng, np.float32, (2, 3)), 2])
    return f


def linalg(name):
    """What does not depend on the signs that LAPACK chooses: those are told by the products of the factors."""
    f = Family(name)
    rng = f.rng
    for t in (np.float32, np.float64, np.int32, np.int64):
        for shape in ((2, 2), (3, 3), (5, 5), (2, 3, 3), (1, 1), (0, 0), (4, 0, 0)):
            x = numbers(rng, t, shape)
            if shape[-1]:
                x = x + (7 * np.eye(shape[-1])).astype(t)
            f.run("det", np.linalg.det, [x], norm=True)
            f.run("inv", np.linalg.inv, [x], norm=True)
            f.run("slogdet", np.linalg.slogdet, [x], norm=True)
            f.run("solve", np.linalg.solve, [x, numbers(rng, t, (*shape[:-1], 2))], norm=True)
            f.run("matrixRank", np.linalg.matrix_rank, [x])
            symmetric = x + np.swapaxes(x, -1, -2)
            f.run("eigvalsh", np.linalg.eigvalsh, [symmetric], norm=True)
            for n in (-1, 0, 1, 2, 5):
                if shape[-1]:
                    f.run("matrixPower", np.linalg.matrix_power, [x, n], norm=True)
        for shape in ((3, 2), (2, 3), (4, 4), (2, 5, 3), (1, 4)):
            x = numbers(rng, t, shape)
            f.run("svdvals", np.linalg.svdvals, [x], norm=True)
            f.run("pinv", np.linalg.pinv, [x], norm=True)
            f.run("svdProduct", lambda a: a.astype(np.result_type(a, np.float32) if a.dtype == np.float32 else np.float64), [x], norm=True)
            f.run("qrProduct", lambda a: a.astype(np.float32 if a.dtype == np.float32 else np.float64), [x], norm=True)
        square = numbers(rng, t, (4, 4))
        f.run("eighProduct", lambda a: a.astype(np.float32 if a.dtype == np.float32 else np.float64), [square + square.T], norm=True)
        f.run("cholesky", np.linalg.cholesky, [square @ square.T + (20 * np.eye(4)).astype(t)], norm=True)
        a, b = numbers(rng, t, (6, 3)), numbers(rng, t, (6, 2))
        f.run("lstsq", lambda a, b: np.linalg.lstsq(a, b, rcond=None), [a, b], norm=True)
        f.run("lstsq", lambda a, b: np.linalg.lstsq(a, b, rcond=None), [a, b[:, 0]], norm=True)
        f.run("lstsq", lambda a, b: np.linalg.lstsq(a, b, rcond=None), [a[:2], b[:2]], norm=True)
        f.run("solve", np.linalg.solve, [square + (9 * np.eye(4)).astype(t), numbers(rng, t, (4,))], norm=True)
        f.run("inv", np.linalg.inv, [np.ones((2, 2), t)])
        f.run("solve", np.linalg.solve, [np.ones((2, 2), t), np.ones((2, 1), t)])
        f.run("inv", np.linalg.inv, [np.ones((2, 3), t)])
        f.run("det", np.linalg.det, [np.ones((2, 3), t)])
        f.run("det", np.linalg.det, [np.ones((3, 3), t)], norm=True)
        f.run("det", np.linalg.det, [np.ones(3, t)])
        f.run("solve", np.linalg.solve, [np.ones((2, 2), t), np.ones((3, 1), t)])
        f.run("cholesky", np.linalg.cholesky, [-np.eye(2).astype(t)])
        f.run("matrixRank", np.linalg.matrix_rank, [np.ones((3, 4), t)])
        f.run("matrixRank", np.linalg.matrix_rank, [np.zeros((3, 4), t)])
        v, m = numbers(rng, t, (5,)), numbers(rng, t, (2, 3, 4))
        f.run("norm", np.linalg.norm, [v])
        f.run("norm", np.linalg.norm, [m])
        f.run("norm", np.linalg.norm, [m], keepdims=True)
        for order in (0, 1, 2, 3, -1, 0.5, float("inf"), float("-inf")):
            f.run("norm", lambda a, ord=None, axis=None, keepdims=False: np.linalg.norm(a, ord, axis, keepdims), [v], ord=order)
            f.run("norm", lambda a, ord=None, axis=None, keepdims=False: np.linalg.norm(a, ord, axis, keepdims), [m], ord=order, axis=1)
            f.run("norm", lambda a, ord=None, axis=None, keepdims=False: np.linalg.norm(a, ord, axis, keepdims), [m], ord=order, axis=-1, keepdims=True)
        for order in ("fro", "nuc", 1, -1, 2, -2, 3, float("inf"), float("-inf")):
            f.run("norm", lambda a, ord=None, axis=None, keepdims=False: np.linalg.norm(a, ord, axis, keepdims), [m[0]], ord=order)
            f.run("norm", lambda a, ord=None, axis=None, keepdims=False: np.linalg.norm(a, ord, axis, keepdims), [m], ord=order, axis=(0, 2))
            f.run("norm", lambda a, ord=None, axis=None, keepdims=False: np.linalg.norm(a, ord, axis, keepdims), [m], ord=order, axis=(1, 0), keepdims=True)
        f.run("norm", np.linalg.norm, [m], axis=(0, 1, 2))
        f.run("norm", np.linalg.norm, [m], axis=3)
    return f
