"""Maps fitted to points, curves, and results that are finished in the same pass."""
import cv2
import numpy


def shaped(result):
    return result.reshape(*result.shape[:2], -1)


def add(book):
    finished(book)
    curves(book)
    maps(book)


def finished(book):
    codes = {"BGR2RGB": 3, "BGR2GRAY": 1, "BGR2RGBA": 4, "BGR2HSV": 3, "RGB2YCrCb": 3}
    matrix = numpy.array([[0.83, 0.21, 1.37], [-0.17, 1.12, -2.21]])
    for kind in ("uint8", "float32"):
        source = book.image(13, 17, 3, kind)
        for name, channels in codes.items():
            code = getattr(cv2, "COLOR_" + name)
            for mean, norm in (([], []), ([0.25], [2.0]), ([1.5, 2.0, 0.5, 4.0][:channels], []), ([], [0.1, 0.2, 0.3, 0.4][:channels])):
                numbers = dict(code=name, mean=mean, norm=norm)

                def finish(image):
                    image = shaped(cv2.cvtColor(image, code))
                    if not mean and not norm:
                        return image
                    shift, scale = numpy.float32(mean or [0]), numpy.float32(norm or [1])
                    return (image.astype(numpy.float32) - shift) * scale

                def loose(result):
                    """A byte that is one off is one off after the factor too; hue is a ratio of differences."""
                    if kind == "float32":
                        return 1e-4 if name == "BGR2HSV" else 1e-5
                    return None if not mean and not norm else 1.001 * max(norm or [1]) / float(numpy.abs(result).max())

                for width, height in ((9, 7), (17, 13), (31, 29)):
                    if name == "BGR2HSV" and kind == "uint8" and width != source.shape[1]:
                        continue  # hue of bytes that are one off
                    result = finish(cv2.resize(source, (width, height)))
                    book.case("resize", [source], [result], f"resize finished {kind}", loose(result), width=width, height=height, interpolation="linear", **numbers)
                result = finish(cv2.warpAffine(source, matrix, (13, 11), borderValue=(7, 8, 9)))
                book.case("warpAffine", [source, matrix], [result], f"warpAffine finished {kind}", loose(result), size=(13, 11), interpolation="linear", border="constant", value=[7, 8, 9], **numbers)


def curves(book):
    for n in (1, 2, 3, 5, 9, 20, 60):
        for kind in (numpy.int32, numpy.float32):
            for _ in range(3):
                if _ == 0:
                    points = book.random.integers(-20, 60, (n, 2)).astype(kind)
                else:
                    angle = numpy.arange(n) / n * 6.28
                    radius = 40 + book.random.uniform(-5, 5, n)
                    points = (numpy.stack([numpy.cos(angle), numpy.sin(angle)], 1) * radius[:, None]).astype(kind)
                for closed in (False, True):
                    for epsilon in (0.0, 0.8, 2.5, 10.0):
                        book.case("approxPolyDP", [points], [cv2.approxPolyDP(points, epsilon, closed)], epsilon=epsilon, closed=int(closed))
                for measured in (False, True):
                    for spot in ((3, 4), (points[0].tolist()), (50.5, -2.25), (0, 0), book.random.uniform(-30, 60, 2).tolist()):
                        spot = [float(v) for v in spot]
                        result = cv2.pointPolygonTest(points, spot, measured)
                        book.case("pointPolygonTest", [points], [numpy.float64(result)], tolerance=1e-6, point=spot, measured=int(measured))


def maps(book):
    for n in (4, 5, 12, 60):
        for trial in range(4):
            a = book.random.uniform(0, 100, (n, 2)).astype(numpy.float32)
            m = numpy.array([[1.1, 0.2, 5], [-0.3, 0.9, 8], [0.001, -0.0015, 1]]) + book.random.normal(0, 0.0001, (3, 3))
            flat = numpy.array([[1, 0, 0], [0, 1, 0]]) @ m @ numpy.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
            turn = cv2.getRotationMatrix2D((40, 30), 20 + 5 * trial, 0.8)
            noise = book.random.normal(0, 0.2 if trial % 2 else 0, (n, 2))
            far = numpy.zeros((n, 2))
            outliers = n // 4 if n > 5 else 0
            far[:outliers] = 60 + 40 * book.random.random((outliers, 2))
            ones = numpy.c_[a, numpy.ones(n)]
            projected = ones @ m.T
            b = (projected[:, :2] / projected[:, 2:] + noise).astype(numpy.float32)
            # Where OpenCV's descent stops; fewer equations leave more of it open.
            tolerance = 1e-4
            result = cv2.findHomography(a, b, 0)[0]
            book.case("findHomography", [a, b], [result, numpy.ones((n, 1), numpy.uint8)], tolerance=tolerance, method="all")
            b = (b + far).astype(numpy.float32)
            result, mask = cv2.findHomography(a, b, cv2.RANSAC, 3.0)
            assert mask.sum() == n - outliers
            book.case("findHomography", [a, b], [result, mask], tolerance=tolerance, method="ransac")
            for name, true in (("estimateAffine2D", flat), ("estimateAffinePartial2D", turn)):
                b = (ones @ true.T + noise + far).astype(numpy.float32)
                result, mask = getattr(cv2, name)(a, b)
                assert mask.sum() == n - outliers, (name, mask.sum(), n, outliers)
                book.case(name, [a, b], [result, mask], tolerance=tolerance)
