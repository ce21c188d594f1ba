import cv2
import numpy

BORDERS = {"constant": cv2.BORDER_CONSTANT, "replicate": cv2.BORDER_REPLICATE, "reflect": cv2.BORDER_REFLECT, "reflect101": cv2.BORDER_REFLECT_101}
DEPTHS = {"uint8": cv2.CV_8U, "int16": cv2.CV_16S, "float32": cv2.CV_32F}
SHAPES = ((9, 11, 1), (7, 10, 3), (1, 6, 1), (5, 1, 4))
TYPES = {"binary": cv2.THRESH_BINARY, "binaryInv": cv2.THRESH_BINARY_INV, "trunc": cv2.THRESH_TRUNC, "toZero": cv2.THRESH_TOZERO, "toZeroInv": cv2.THRESH_TOZERO_INV}


def shaped(result):
    return result.reshape(*result.shape[:2], -1)


def sources(book, shapes=SHAPES, kinds=("uint8", "float32")):
    return [book.image(h, w, c, kind) for h, w, c in shapes for kind in kinds]


def add(book):
    smoothing(book)
    derivatives(book)
    morphology(book)
    thresholds(book)
    for name in ("getGaussianKernel",):
        for size in (1, 3, 5, 7, 9, 11, 21):
            for sigma in (-1, 0, 0.8, 2.5):
                book.case(name, [], [cv2.getGaussianKernel(size, sigma)], ksize=size, sigma=sigma)
    for dx, dy, size in ((1, 0, 3), (0, 1, 5), (2, 1, 7), (1, 1, 3), (2, 0, 1), (0, 1, 1), (3, 2, 9), (1, 0, -1), (0, 1, -1)):
        for normalize in (False, True):
            book.case("getDerivKernels", [], cv2.getDerivKernels(dx, dy, size, normalize=normalize), dx=dx, dy=dy, ksize=size, normalize=int(normalize))
    for size, sigma, theta, lambd, gamma, psi in (((5, 7), 2, 0.3, 4, 0.5, 0.1), ((9, 9), 3, 1.2, 7, 1, 1.5), ((0, 0), 1.5, 0.7, 3, 0.8, 0)):
        book.case("getGaborKernel", [], [cv2.getGaborKernel(size, sigma, theta, lambd, gamma, psi)], size=size, sigma=sigma, theta=theta, lambd=lambd, gamma=gamma, psi=psi)
    for shape in ("rect", "cross", "ellipse"):
        for size in ((1, 1), (3, 3), (5, 3), (4, 6), (7, 7), (1, 5)):
            book.case("getStructuringElement", [], [cv2.getStructuringElement(getattr(cv2, "MORPH_" + shape.upper()), size)], shape=shape, size=size)


def smoothing(book):
    for source in sources(book):
        kind = source.dtype.name
        for size in ((3, 3), (5, 3), (1, 7), (4, 2)):
            for border, flag in BORDERS.items():
                book.case("blur", [source], [shaped(cv2.blur(source, size, borderType=flag))], f"blur {kind}", size=size, border=border)
        for normalize in (False, True):
            book.case("boxFilter", [source], [shaped(cv2.boxFilter(source, -1, (3, 5), normalize=normalize))], size=(3, 5), normalize=int(normalize))
            book.case("sqrBoxFilter", [source], [shaped(cv2.sqrBoxFilter(source, cv2.CV_32F, (3, 3), normalize=normalize))], size=(3, 3), normalize=int(normalize))
        for size, sx, sy in (((3, 3), 0, 0), ((5, 5), 1.1, 0), ((7, 3), 2, 0.7), ((0, 0), 1.3, 0), ((9, 9), 0, 0)):
            for border in ("reflect101", "replicate"):
                book.case("GaussianBlur", [source], [shaped(cv2.GaussianBlur(source, size, sx, sigmaY=sy, borderType=BORDERS[border]))], f"GaussianBlur {kind}", size=size, sigmaX=sx, sigmaY=sy, border=border)
        for size in (1, 3, 5) + ((7, 11) if kind == "uint8" else ()):
            book.case("medianBlur", [source], [shaped(cv2.medianBlur(source, size))], ksize=size)
        if source.shape[2] != 4:
            for d, color, space in ((5, 30, 3), (0, 50, 1.5), (7, 0.2, 2)):
                # The reference's exponential for floats comes from a table and is off by up to 1e-6 of a weight.
                book.case("bilateralFilter", [source], [shaped(cv2.bilateralFilter(source, d, color, space))], f"bilateralFilter {kind}", 2e-6 if kind == "float32" else None, d=d, sigmaColor=color, sigmaSpace=space)
    for h, w, c in ((9, 11, 1), (8, 6, 3), (1, 5, 1), (2, 2, 4), (7, 1, 1)):
        for kind in ("uint8", "float32"):
            source = book.image(h, w, c, kind)
            book.case("pyrDown", [source], [shaped(cv2.pyrDown(source))])
            book.case("pyrUp", [source], [shaped(cv2.pyrUp(source))])


def derivatives(book):
    kernels = [book.random.integers(-3, 4, (3, 3)).astype(numpy.float32), numpy.float32([[1, 2, 1]]) / 4, book.random.standard_normal((5, 4)).astype(numpy.float32)]
    for source in sources(book):
        kind = source.dtype.name
        for depth in ("uint8", "int16", "float32") if kind == "uint8" else ("float32",):
            for kernel in kernels:
                book.case("filter2D", [source, kernel], [shaped(cv2.filter2D(source, DEPTHS[depth], kernel, delta=3))], f"filter2D {kind} {depth}", depth=depth, delta=3)
            x, y = numpy.float32([1, 2, 1]), numpy.float32([-1, 0, 1])
            book.case("sepFilter2D", [source, x, y], [shaped(cv2.sepFilter2D(source, DEPTHS[depth], x, y, delta=1))], f"sepFilter2D {kind} {depth}", depth=depth, delta=1)
            for dx, dy, size in ((1, 0, 3), (0, 1, 5), (1, 1, 3), (2, 0, 7), (1, 0, 1)):
                book.case("Sobel", [source], [shaped(cv2.Sobel(source, DEPTHS[depth], dx, dy, ksize=size, scale=0.5, delta=2))], f"Sobel {kind} {depth}", depth=depth, dx=dx, dy=dy, ksize=size, scale=0.5, delta=2)
            for dx, dy in ((1, 0), (0, 1)):
                book.case("Scharr", [source], [shaped(cv2.Scharr(source, DEPTHS[depth], dx, dy))], f"Scharr {kind} {depth}", depth=depth, dx=dx, dy=dy)
            for size in (1, 3, 5):
                book.case("Laplacian", [source], [shaped(cv2.Laplacian(source, DEPTHS[depth], ksize=size, scale=0.5))], f"Laplacian {kind} {depth}", depth=depth, ksize=size, scale=0.5)
        if kind == "uint8" and source.shape[2] == 1:
            for border in ("reflect101", "replicate"):
                if min(source.shape[:2]) > 1:
                    book.case("spatialGradient", [source], [shaped(g) for g in cv2.spatialGradient(source, borderType=BORDERS[border])], border=border)


def morphology(book):
    cross, rect, ellipse = (cv2.getStructuringElement(s, z) for s, z in ((cv2.MORPH_CROSS, (3, 3)), (cv2.MORPH_RECT, (3, 2)), (cv2.MORPH_ELLIPSE, (5, 5))))
    for source in sources(book):
        for kernel in (cross, rect, ellipse):
            for iterations in (1, 2):
                for border in ("constant", "replicate"):
                    for name in ("dilate", "erode"):
                        result = getattr(cv2, name)(source, kernel, iterations=iterations, borderType=BORDERS[border])
                        book.case(name, [source, kernel], [shaped(result)], iterations=iterations, border=border)


def thresholds(book):
    for source in sources(book, ((8, 9, 1), (5, 7, 3))):
        scale = 1 if source.dtype == numpy.uint8 else 1 / 255
        for name, flag in TYPES.items():
            for limit in (100, 100.7, -3, 300, 0):
                used, result = cv2.threshold(source, limit * scale, 200 * scale, flag)
                book.case("threshold", [source], [numpy.float64(used).reshape(()), shaped(result)], f"threshold {name}", thresh=limit * scale, maxval=200 * scale, type=name)
    for i in range(8):
        source = (book.image(12, 15, 1, smooth=i % 2 == 0) // (i // 2 + 1) + 20 * (i // 2)).astype(numpy.uint8)
        for search, flag in (("otsu", cv2.THRESH_OTSU), ("triangle", cv2.THRESH_TRIANGLE)):
            used, result = cv2.threshold(source, 0, 255, cv2.THRESH_BINARY | flag)
            book.case("threshold", [source], [numpy.float64(used).reshape(()), shaped(result)], f"threshold {search}", thresh=0, maxval=255, type="binary", search=search)
        for method, flag in (("mean", cv2.ADAPTIVE_THRESH_MEAN_C), ("gaussian", cv2.ADAPTIVE_THRESH_GAUSSIAN_C)):
            for kind in ("binary", "binaryInv"):
                for block, c in ((3, 2), (7, -1.5), (11, 0)):
                    result = cv2.adaptiveThreshold(source, 250, flag, TYPES[kind], block, c)
                    # A pixel whose mean is one off flips: the share of equal pixels is what counts.
                    book.case("adaptiveThreshold", [source], [shaped(result)], f"adaptiveThreshold {method}", 250, maxValue=250, method=method, type=kind, blockSize=block, C=c)
