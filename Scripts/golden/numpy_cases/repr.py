"""What `repr` of an array prints."""
import numpy as np

from .recorder import Family


def family(name):
    f = Family(name)
    rng = f.rng

    def show(value):
        f.add("repr", [value], repr(value))

    floats = [np.float32, np.float64, np.float16]
    for t in floats:
        show(np.array([[1, 2], [3, 4]], t))
        show(np.array(1, t))
        show(np.array(-0.0, t))
        show(np.array([0.1, 0.2, 0.3], t))
        show(np.array([1.5, -2.25, 100], t))
        show(np.array([], t))
        show(np.zeros((0, 3), t))
        show(np.zeros((2, 0), t))
        show(np.array([np.nan, np.inf, -np.inf, 1], t))
        show(np.array([np.nan, np.nan], t))
        show(np.array([np.inf, 1e-3, 2], t))
        show(np.array([-np.inf], t))
        show(np.array([np.nan, 1e-5], t))
        show(np.array([1e-5, 1], t))
        show(np.array([0.0001, 0.05], t))
        show(np.array([0.00009, 0.00005], t))
        show(np.array([999, 1000.5], t))
        show(np.array([1, 1000], t))
        show(np.array([1, 1001], t))
        show(np.array([12345, 67], t))
        show(np.array([1 / 3, 2 / 3], t))
        show(np.array(np.pi, t))
        show(np.array([0, 0, 0], t))
        show(np.zeros((1, 1, 1), t))
        show(np.array([0.99999999999, 1], t))
        show(np.array([6e4, 3e4], t))
        show(np.arange(30, dtype=t))
        show(np.arange(30, dtype=t) / 7)
        show(np.arange(24, dtype=t).reshape(2, 3, 4) - 11.5)
        show(np.arange(1001, dtype=t))
        show((np.arange(1200) / 100).astype(t).reshape(30, 40))
        show(rng.standard_normal((4, 5)).astype(t))
        show(rng.standard_normal(17).astype(t))
        show(rng.standard_normal((2, 2, 2, 2)).astype(t))
        show(np.exp(rng.uniform(-9, 9, 12)).astype(t))
        show((10.0 ** rng.integers(-4, 4, 9)).astype(t))
        show(rng.uniform(0, 255, (6, 3)).astype(t))
    for exponent in (-300, -120, -45, -30, -8, -3, 5, 6, 7, 8, 9, 15, 16, 22, 38, 100, 300):
        show(np.array([10.0**exponent, 2.5 * 10.0**exponent]))
        with np.errstate(over="ignore"):
            show(np.array([10.0**exponent], np.float32))
    for value in (125.76422, 135.97044, 85.656685, 1e7, 16777216, 123456789, 0.1 + 0.2, 5e-324, 1.7976931348623157e308):
        show(np.array([value]))
        with np.errstate(over="ignore"):
            show(np.array([value, 1], np.float32))
    for t in (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64):
        info = np.iinfo(t)
        show(np.array([info.min, 0, info.max], t))
        show(np.arange(12, dtype=t).reshape(3, 4))
        show(np.array(7, t))
        show(np.array([], t))
        show(np.zeros((3, 0, 2), t))
    show(np.arange(1000))
    show(np.arange(1001))
    show(np.arange(1001, dtype=np.int32))
    show(np.arange(2000).reshape(2, 1000))
    show(np.arange(2000, dtype=np.int32).reshape(1000, 2))
    show(np.arange(7**4, dtype=np.float32).reshape(7, 7, 7, 7))
    show(np.arange(8 * 9 * 16).reshape(8, 9, 16))
    show(np.arange(-50, 50).reshape(5, 20))
    show(np.arange(100000, 100100))
    for value in ([True, False], [True, True], [[False, True], [True, False]], True, False, []):
        show(np.array(value, bool))
    show(np.arange(1100) % 3 == 0)
    show(rng.standard_normal((40, 40)).astype(np.float32))
    show(rng.standard_normal((3, 400)))
    show(np.full((2, 3), np.nan, np.float32))
    show(np.arange(3, dtype=np.float32)[::-1])
    show(np.arange(12, dtype=np.float32).reshape(3, 4).T)
    for n in range(1, 26):
        show(rng.uniform(-1, 1, n).astype(np.float32) * 10 ** int(rng.integers(-3, 4)))
        show(rng.integers(-(10 ** (n % 9 + 1)), 10 ** (n % 9 + 1), n))
    return f
