"""Collects calls and their arrays, and writes them."""
import json
import warnings

import numpy as np


class View:
    """An array that the test makes by slicing `base`, and what numpy makes of it. A slice is [start, stop, step]."""

    def __init__(self, base, *slices):
        self.base, self.slices = base, slices
        self.value = base[tuple(slice(*s) for s in slices)]


class Family:
    def __init__(self, name, seed=7):
        self.name = name
        self.rng = np.random.default_rng(seed)
        self.table, self.known, self.blob, self.calls = [], {}, bytearray(), []

    def array(self, value):
        """The number of an array in the table."""
        value = np.ascontiguousarray(value) if np.ndim(value) else np.asarray(value)
        key = (value.dtype.name, value.shape, value.tobytes())
        if key not in self.known:
            self.blob += bytes(-len(self.blob) % 8)
            self.known[key] = len(self.table)
            self.table.append([value.dtype.name, list(value.shape), len(self.blob)])
            self.blob += value.tobytes()
        return self.known[key]

    def argument(self, value):
        if isinstance(value, View):
            return {"v": self.array(value.base), "i": [list(s) for s in value.slices]}
        if isinstance(value, (np.ndarray, np.generic)):
            return {"v": self.array(value)}
        if isinstance(value, (list, tuple)):
            return [self.argument(item) for item in value]
        if isinstance(value, dict):
            return {"o": {key: self.argument(item) for key, item in value.items()}}
        if isinstance(value, np.dtype) or isinstance(value, type):
            return {"d": np.dtype(value).name}
        if isinstance(value, float):
            return {"f": repr(value)}
        return value

    def add(self, function, arguments, result, norm=False, **keywords):
        """A call and the array, tuple of arrays, or text that it must give."""
        call = {"f": function, "a": [self.argument(a) for a in arguments]}
        if keywords:
            call["k"] = {key: self.argument(value) for key, value in keywords.items()}
        if norm:
            call["n"] = True
        if isinstance(result, str):
            call["s"] = result
        elif isinstance(result, (tuple, list)):
            call["r"] = [self.array(np.asarray(item)) for item in result]
        else:
            call["r"] = [self.array(np.asarray(result))]
        self.calls.append(call)

    def fails(self, function, arguments, **keywords):
        """A call that must throw."""
        call = {"f": function, "a": [self.argument(a) for a in arguments], "e": True}
        if keywords:
            call["k"] = {key: self.argument(value) for key, value in keywords.items()}
        self.calls.append(call)

    def run(self, name, function, arguments, norm=False, python=None, **keywords):
        """Calls numpy and records what it gives: a result, or that it fails.

        `norm` measures the error of an element against the largest element of the result: sums whose terms cancel are no
        more exact than that. `python` replaces the keywords that numpy is given, where they differ from those of the test."""
        plain = [plain_value(a) for a in arguments]
        real = keywords if python is None else python
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                result = function(*plain, **{k: plain_value(v) for k, v in real.items()})
            except (ValueError, TypeError, IndexError, OverflowError, ZeroDivisionError, np.exceptions.AxisError, np.linalg.LinAlgError):
                self.fails(name, arguments, **keywords)
                return
        self.add(name, arguments, result, norm, **keywords)

    def write(self, folder):
        text = {"arrays": self.table, "calls": self.calls}
        with open(folder / f"{self.name}.json", "w") as file:
            file.write('{"arrays":[\n')
            file.write(",\n".join(json.dumps(a, separators=(",", ":")) for a in text["arrays"]))
            file.write('\n],"calls":[\n')
            file.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in text["calls"]))
            file.write("\n]}\n")
        np.savez_compressed(folder / f"{self.name}.npz", bytes=np.frombuffer(bytes(self.blob), np.uint8))
        return len(self.calls)


def plain_value(value):
    if isinstance(value, View):
        return value.value
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain_value(item) for item in value)
    return value
