"""Maps fitted to points, curves, and results that are finished in the same pass."""
import cv2
import numpy


def shaped(result):
    return result.reshape(*result.shape[:2], -1)


def add(book):
    finished(book)
    curves(book)
    maps(book)
    shapes(book)
    fixed_maps(book)
    rotations(book)


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


def shapes(book):
    for n in (2, 3, 8, 40):
        for kind in (numpy.int32, numpy.float32):
            points = (book.random.uniform(-20, 60, (n, 2))).astype(kind)
            for name, flag in (("l2", cv2.DIST_L2), ("l12", cv2.DIST_L12), ("fair", cv2.DIST_FAIR), ("huber", cv2.DIST_HUBER)):
                if name != "l2":
                    if n > 10:
                        continue  # OpenCV starts from random tens, and gives the best of its steps by another measure
                    # Near a line, where each kind has one least; OpenCV stops a thousandth of a pixel before.
                    along = book.random.uniform(-40, 40, n)
                    points = numpy.stack([10 + along * 0.8, 5 + along * 0.6 + book.random.normal(0, 0.3, n)], 1).astype(numpy.float32)
                result = cv2.fitLine(points, flag, 0, 1e-6, 1e-6)
                if name != "l2":
                    # Any point of the line will do: what counts is how far the line is from the origin.
                    vx, vy, x, y = result.ravel()
                    result = numpy.float32([vx, vy, x * vy - y * vx])
                book.case("fitLine", [points], [result], f"fitLine {name}", 1e-6 if name == "l2" else 2e-3, kind=name)
    for n in (5, 6, 12, 50):
        for noise in (0, 0.3):
            angle = numpy.arange(n) / n * 6 + book.random.uniform(0, 1)
            a, b, turn = book.random.uniform(10, 30), book.random.uniform(3, 9), book.random.uniform(0, 3)
            points = numpy.stack([a * numpy.cos(angle), b * numpy.sin(angle)], 1) @ numpy.array([[numpy.cos(turn), numpy.sin(turn)], [-numpy.sin(turn), numpy.cos(turn)]])
            points = (points + book.random.uniform(0, 99, 2) + book.random.normal(0, noise, (n, 2))).astype(numpy.float32)
            center, size, degrees = cv2.fitEllipse(points)
            book.case("fitEllipse", [points], [numpy.float32([*center, *size, degrees])], tolerance=1e-4)


def fixed_maps(book):
    y, x = numpy.mgrid[0:8, 0:9].astype(numpy.float32)
    map1, map2 = x * 1.3 - 1.27 + y * 0.11, y * 1.21 - 0.71 - x * 0.07
    far = numpy.float32([[1e6, -1e6, 40000.5], [-0.4, 0.6, 1.5]])
    for a, b in ((map1, map2), (far, far[::-1].copy())):
        for both in (False, True):
            source = [numpy.dstack([a, b])] if both else [a, b]
            whole, part = cv2.convertMaps(source[0], None if both else b, cv2.CV_16SC2)
            book.case("convertMaps", source, [whole, part], type="fixed")
            nearest = cv2.convertMaps(source[0], None if both else b, cv2.CV_16SC2, nninterpolation=True)[0]
            book.case("convertMaps", source, [nearest], type="fixed", nearest=1)
            if both:
                book.case("convertMaps", source, [a, b], type="separate")
            else:
                book.case("convertMaps", source, [numpy.dstack([a, b])], type="interleaved")
    whole, part = cv2.convertMaps(map1, map2, cv2.CV_16SC2)
    book.case("convertMaps", [whole, part], list(cv2.convertMaps(whole, part, cv2.CV_32FC1)), type="separate")
    nearest = cv2.convertMaps(map1, map2, cv2.CV_16SC2, nninterpolation=True)[0]
    for c in (1, 3):
        for kind in ("uint8", "float32"):
            image = book.image(9, 10, c, kind)
            for name, flag in (("linear", cv2.INTER_LINEAR), ("cubic", cv2.INTER_CUBIC), ("lanczos4", cv2.INTER_LANCZOS4), ("nearest", cv2.INTER_NEAREST)):
                for border, mode in (("constant", cv2.BORDER_CONSTANT), ("replicate", cv2.BORDER_REPLICATE), ("reflect101", cv2.BORDER_REFLECT_101)):
                    maps = [nearest] if name == "nearest" else [whole, part]
                    result = cv2.remap(image, maps[0], None if name == "nearest" else part, flag, borderMode=mode, borderValue=(10, 20, 30, 40))
                    book.case("remap", [image, *maps], [shaped(result)], f"remap fixed {name} {kind}", 2e-5 if kind == "float32" else None, interpolation=name, border=border, value=[10, 20, 30, 40])


def rotations(book):
    for scale in (0, 1e-9, 0.01, 1, 2):
        for _ in range(3):
            vector = book.random.standard_normal((3, 1)) * scale
            matrix, jacobian = cv2.Rodrigues(vector)
            book.case("RodriguesJacobian", [vector], [matrix, jacobian], tolerance=1e-6)
            if scale not in (1e-9,):
                back, jacobian = cv2.Rodrigues(matrix)
                # Small angles lose digits in a cosine.
                book.case("RodriguesJacobian", [matrix], [back, jacobian], tolerance=1e-5)
