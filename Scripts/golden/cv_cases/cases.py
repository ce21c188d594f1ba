"""The book in which golden cases are written down."""
import hashlib
import json

import numpy


class Book:
    def __init__(self):
        self.cases = []
        self.arrays = {}  # type -> list of flat arrays
        self.sizes = {}
        self.known = {}  # hash -> place
        self.random = numpy.random.default_rng(20)

    def array(self, value):
        value = numpy.asarray(value, order="C")
        kind = value.dtype.name
        key = (kind, value.shape, hashlib.sha1(value.tobytes()).digest())
        if key not in self.known:
            start = self.sizes.get(kind, 0)
            self.arrays.setdefault(kind, []).append(value.ravel())
            self.sizes[kind] = start + value.size
            self.known[key] = [kind, start, *value.shape]
        return self.known[key]

    def case(self, function, inputs, outputs, group=None, tolerance=None, **arguments):
        """`group`: cases of which 99 % of all bytes have to be equal; `tolerance`: relative, other than 1e-6 for floats."""
        entry = {"f": function, "g": group or function, "i": [self.array(a) for a in inputs], "a": arguments,
                 "o": [self.array(a) for a in outputs]}
        if tolerance is not None:
            entry["t"] = tolerance
        self.cases.append(entry)

    def image(self, height, width, channels, kind="uint8", smooth=False):
        """Random pixels, or for `smooth` waves such as photographs have. Floats lie in 0...1."""
        if smooth:
            y, x = numpy.mgrid[0:height, 0:width]
            planes = [127 + 80 * numpy.sin(x / (3.0 + c) + c) + 45 * numpy.cos(y / (4.0 - c / 2) - c) for c in range(channels)]
            pixels = numpy.stack(planes, -1).clip(0, 255)
        else:
            pixels = self.random.integers(0, 256, (height, width, channels))
        if kind == "uint8":
            return pixels.astype(numpy.uint8)
        return (pixels / 255).astype(numpy.float32) if kind == "float32" else pixels.astype(kind)

    def write(self, folder):
        text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in self.cases)
        (folder / "cases.json").write_text(f"[\n{text}\n]\n")
        numpy.savez_compressed(folder / "arrays.npz", **{k: numpy.concatenate(v) for k, v in self.arrays.items()})
        size = sum((folder / n).stat().st_size for n in ("cases.json", "arrays.npz"))
        return f"{len(self.cases)} cases, {size >> 10} KiB"
