import cv2
import numpy

MODES = {"external": cv2.RETR_EXTERNAL, "list": cv2.RETR_LIST, "ccomp": cv2.RETR_CCOMP, "tree": cv2.RETR_TREE,
         "floodfill": cv2.RETR_FLOODFILL}
METHODS = {"none": cv2.CHAIN_APPROX_NONE, "simple": cv2.CHAIN_APPROX_SIMPLE, "tc89L1": cv2.CHAIN_APPROX_TC89_L1, "tc89KCOS": cv2.CHAIN_APPROX_TC89_KCOS}


def shaped(result):
    return result.reshape(*result.shape[:2], -1)


def pictures(book):
    for size, threshold in (((9, 11), 90), ((14, 13), 150), ((20, 21), 60), ((6, 7), 200), ((12, 30), 120)):
        yield (book.image(*size, 1)[..., 0] > threshold).astype(numpy.uint8) * 255
    rings = numpy.zeros((24, 26), numpy.uint8)
    for step in range(0, 12, 3):
        cv2.rectangle(rings, (step, step), (25 - step, 23 - step), 255 if step % 2 == 0 else 0, -1)
    yield rings
    yield numpy.zeros((5, 6), numpy.uint8)
    yield numpy.full((4, 5), 7, numpy.uint8)


def add(book):
    for picture in pictures(book):
        for mode in ("external", "list", "ccomp", "tree"):
            contours(book, picture, mode)
        for connectivity in (4, 8):
            count, labels, stats, centroids = cv2.connectedComponentsWithStats(picture, connectivity=connectivity)
            if (picture == 0).any():
                book.case("connectedComponentsWithStats", [picture], [labels, stats, centroids], connectivity=connectivity)
        moments = cv2.moments(picture)
        book.case("moments", [picture], [numpy.array(list(moments.values()))], tolerance=1e-9)
    for n in (1, 2, 3, 5, 8, 12, 30, 60):
        for kind in (numpy.int32, numpy.float32):
            points = book.random.integers(-20, 60, (n, 2)).astype(kind)
            if kind is numpy.float32:
                points += book.random.random((n, 2)).astype(numpy.float32)
            book.case("boundingRect", [points], [numpy.array(cv2.boundingRect(points), numpy.int32)])
            for closed in (False, True):
                book.case("arcLength", [points], [numpy.float64(cv2.arcLength(points, closed))], closed=int(closed))
                book.case("contourArea", [points], [numpy.float64(cv2.contourArea(points, closed))], oriented=int(closed))
                if n > 2:
                    book.case("convexHull", [points], [cv2.convexHull(points, clockwise=closed)], clockwise=int(closed))
                    book.case("convexHull", [points], [cv2.convexHull(points, clockwise=closed, returnPoints=False)], clockwise=int(closed), places=1)
            if n > 5:
                # The rectangle comes from floats. Those of a triangle, which fewer points may make, are all as small.
                book.case("minAreaRect", [points], [cv2.boxPoints(cv2.minAreaRect(points))], tolerance=1e-5)
            moments = cv2.moments(points)
            book.case("moments", [points], [numpy.array(list(moments.values()))], tolerance=1e-6 if kind is numpy.float32 else 1e-9)
    for i in range(20):
        box = (book.random.uniform(0, 50, 2).tolist(), book.random.uniform(1, 20, 2).tolist(), float(book.random.uniform(-180, 180)))
        book.case("boxPoints", [], [cv2.boxPoints(box)], center=box[0], size=box[1], angle=box[2])
    drawing(book)
    curved(book, numpy.random.default_rng(21))
    labelled(book, numpy.random.default_rng(22))


def drawing(book):
    for c in (1, 3):
        for kind in ("uint8", "float32"):
            base = book.image(24, 28, c, kind)
            color = [200, 30, 90][:c] if kind == "uint8" else [0.9, 0.1, 0.4][:c]
            for _ in range(6):
                a, b = (book.random.integers(-3, 30, 2).tolist() for _ in range(2))
                inside = [min(max(v, 0), 23) for v in a], [min(max(v, 0), 23) for v in b]
                for thickness in (1, 2, 3, 5):
                    draw(book, "line", base, cv2.line(base.copy(), *inside, color, thickness), thickness, pt1=inside[0], pt2=inside[1], color=color)
                draw(book, "line", base, cv2.line(base.copy(), *inside, color, 1, cv2.LINE_4), "4", pt1=inside[0], pt2=inside[1], color=color, thickness=1, type="connected4")
                draw(book, "arrowedLine", base, cv2.arrowedLine(base.copy(), *inside, color, 1, tipLength=0.3), 1, pt1=inside[0], pt2=inside[1], color=color, tipLength=0.3)
                for thickness in (1, 3, -1):
                    draw(book, "rectangle", base, cv2.rectangle(base.copy(), a, b, color, thickness), thickness, pt1=a, pt2=b, color=color)
                radius = int(book.random.integers(0, 14))
                for thickness in (1, -1):
                    draw(book, "circle", base, cv2.circle(base.copy(), a, radius, color, thickness), thickness, center=a, radius=radius, color=color)
                polygon = book.random.integers(0, 23, (5, 2)).astype(numpy.int32)
                book.case("fillPoly", [base, polygon], [shaped(cv2.fillPoly(base.copy(), [polygon], color))], "fillPoly", 255, color=color)
                for thickness in (1, -1):
                    result = cv2.drawContours(base.copy(), [polygon], -1, color, thickness)
                    book.case("drawContours", [base, polygon], [shaped(result)], f"drawContours {thickness}", 255, color=color, thickness=thickness)


def draw(book, name, base, result, variant, **arguments):
    """A pixel belongs to a shape or not: what counts is how many are equal."""
    if isinstance(variant, int):
        arguments["thickness"] = variant
    book.case(name, [base], [shaped(result)], f"{name} {variant}", 255, **arguments)


def contours(book, picture, mode):
    for method, number in METHODS.items():
        found, hierarchy = cv2.findContours(picture, MODES[mode], number, offset=(2, -1))
        if hierarchy is None:
            hierarchy = numpy.zeros((1, 0, 4), numpy.int32)
        points = numpy.concatenate([c.reshape(-1, 2) for c in found]) if found else numpy.zeros((0, 2), numpy.int32)
        counts = numpy.array([len(c) for c in found], numpy.int32)
        book.case("findContours", [picture], [points, counts, hierarchy], mode=mode, method=method)


def curved(book, random, count=12):
    """Long borders, straight and round, for the choice of points on them."""
    for _ in range(count):
        height, width = random.integers(20, 60, 2).tolist()
        picture = numpy.zeros((height, width), numpy.uint8)
        for value in (255, 255, 0):
            center = random.integers(0, (width, height)).tolist()
            axes = random.integers(2, 25, 2).tolist()
            cv2.ellipse(picture, center, axes, float(random.uniform(0, 180)), 0, 360, value, -1)
            cv2.fillPoly(picture, [random.integers(0, (width, height), (4, 2)).astype(numpy.int32)], value)
        contours(book, picture, "tree")


def labelled(book, random, count=12):
    """Labels: noise, shapes over one another, and some that have no borders of their own."""
    for i in range(count):
        height, width = random.integers(1, 24, 2).tolist()
        noise = random.integers(0, 2 + i % 4, (height, width))
        contours(book, numpy.asarray(noise * (1, 128, 7)[i % 3], numpy.int32), "floodfill")
        picture = numpy.zeros((height + 12, width + 12), numpy.int32)
        for value in random.integers(0, 5, 7).tolist():
            (x, y), (w, h) = random.integers(0, (width + 10, height + 10)).tolist(), random.integers(2, 14, 2).tolist()
            picture[y:y + h, x:x + w] = value * 64
        contours(book, picture, ("floodfill", "ccomp")[i % 2])
        marked = numpy.where(random.random(picture.shape) < 0.02, (1 << 30) - 1 + i % 2, picture).astype(numpy.int32)
        contours(book, marked, "floodfill")
