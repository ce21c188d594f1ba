import cv2

INTERPOLATIONS = {"nearest": cv2.INTER_NEAREST, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC, "area": cv2.INTER_AREA,
                  "lanczos4": cv2.INTER_LANCZOS4, "linearExact": cv2.INTER_LINEAR_EXACT, "nearestExact": cv2.INTER_NEAREST_EXACT}


def shaped(result):
    return result.reshape(*result.shape[:2], -1)


def add(book):
    sizes = ((13, 17, 7, 9), (13, 17, 29, 31), (16, 24, 8, 12), (18, 12, 6, 4), (1, 1, 3, 5), (9, 1, 4, 1), (1, 11, 1, 4),
             (31, 37, 31, 11), (8, 8, 8, 8))
    for name, flag in INTERPOLATIONS.items():
        for h, w, to_h, to_w in sizes:
            for channels in (1, 3, 4):
                for kind in ("uint8", "float32"):
                    if kind == "float32" and name.endswith("Exact"):
                        continue
                    source = book.image(h, w, channels, kind)
                    result = shaped(cv2.resize(source, (to_w, to_h), interpolation=flag))
                    book.case("resize", [source], [result], f"resize {name} {kind}", width=to_w, height=to_h, interpolation=name)
        if name == "nearestExact":
            continue  # nothing but ties between two pixels, which OpenCV breaks now up and now down
        source = book.image(12, 14, 3)
        result = cv2.resize(source, None, fx=0.5, fy=1.25, interpolation=flag)
        book.case("resize", [source], [result], f"resize {name} uint8", fx=0.5, fy=1.25, interpolation=name)
    warps(book)
    matrices(book)


def warps(book):
    import numpy

    flags = {k: INTERPOLATIONS[k] for k in ("nearest", "linear", "cubic", "lanczos4")}
    borders = {"constant": cv2.BORDER_CONSTANT, "replicate": cv2.BORDER_REPLICATE, "reflect": cv2.BORDER_REFLECT, "wrap": cv2.BORDER_WRAP, "reflect101": cv2.BORDER_REFLECT_101}
    affine = numpy.array([[0.83, 0.21, 1.37], [-0.17, 1.12, -2.21]])
    projective = numpy.array([[0.9, 0.2, 1.37], [-0.13, 1.1, 0.21], [0.004, -0.003, 1]])
    # Coordinates are floats in the reference too: a result is as exact as its coordinates times the slope of the image.
    loose = 1e-5
    for h, w, c in ((12, 15, 1), (9, 10, 3), (1, 1, 1)):
        for kind in ("uint8", "float32"):
            source = book.image(h, w, c, kind)
            tolerance = loose if kind == "float32" else None
            y, x = numpy.mgrid[0:8, 0:9].astype(numpy.float32)
            map1, map2 = x * 1.3 - 1.27 + y * 0.11, y * 1.21 - 0.71 - x * 0.07
            for name, flag in flags.items():
                for border, mode in borders.items():
                    if h == 1 and border not in ("constant", "replicate"):
                        continue  # OpenCV does not return
                    value = (10, 20, 30, 40) if kind == "uint8" else (0.1, 0.2, 0.3, 0.4)
                    extra = dict(interpolation=name, border=border, value=value)
                    result = cv2.warpAffine(source, affine, (13, 11), flags=flag, borderMode=mode, borderValue=value)
                    book.case("warpAffine", [source, affine], [shaped(result)], f"warpAffine {name} {kind}", tolerance, size=(13, 11), **extra)
                    result = cv2.warpPerspective(source, projective, (13, 11), flags=flag, borderMode=mode, borderValue=value)
                    book.case("warpPerspective", [source, projective], [shaped(result)], f"warpPerspective {name} {kind}", tolerance, size=(13, 11), **extra)
                    result = cv2.remap(source, map1, map2, flag, borderMode=mode, borderValue=value)
                    book.case("remap", [source, map1, map2], [shaped(result)], f"remap {name} {kind}", tolerance, **extra)
            for size, center in (((5, 4), (4.3, 3.8)), ((3, 3), (0, 0)), ((6, 2), (20, 5.5)), ((11, 10), (5.7, 4.4)), ((9, 12), (6.15, 3.9))):
                if h > 1:
                    book.case("getRectSubPix", [source], [shaped(cv2.getRectSubPix(source, size, center))], f"getRectSubPix {kind}", tolerance, size=size, center=center)
    book.case("convertMaps", [numpy.dstack([map1, map2])], [map1, map2], channels=1)


def matrices(book):
    import numpy

    for _ in range(12):
        corners = numpy.array([[0, 0], [90, 0], [90, 70], [0, 70]])
        a, b = ((corners + book.random.uniform(0, 30, (4, 2))).astype(numpy.float32) for _ in range(2))
        book.case("getAffineTransform", [a[:3], b[:3]], [cv2.getAffineTransform(a[:3], b[:3])])
        book.case("getPerspectiveTransform", [a, b], [cv2.getPerspectiveTransform(a, b)])
        angle, scale, center = book.random.uniform(-180, 180), book.random.uniform(0.2, 3), book.random.uniform(0, 50, 2)
        m = cv2.getRotationMatrix2D(center.tolist(), angle, scale)
        book.case("getRotationMatrix2D", [], [m], center=center.tolist(), angle=angle, scale=scale)
        book.case("invertAffineTransform", [m], [cv2.invertAffineTransform(m)])
