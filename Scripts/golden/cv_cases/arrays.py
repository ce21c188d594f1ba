import cv2
import numpy


def shaped(result):
    return result.reshape(*result.shape[:2], -1)


def add(book):
    for kind in ("uint8", "float32"):
        for h, w, c in ((7, 9, 1), (5, 6, 3), (1, 1, 4)):
            a, b = book.image(h, w, c, kind), book.image(h, w, c, kind)
            mask = (book.image(h, w, 1)[..., 0] > 100).astype(numpy.uint8)
            book.case("copyTo", [a, mask], [shaped(cv2.copyTo(a, mask))])
            for name in ("bitwise_and", "bitwise_or", "bitwise_xor") if kind == "uint8" else ():
                book.case(name, [a, b], [shaped(getattr(cv2, name)(a, b))])
                book.case(name, [a, b, mask], [shaped(getattr(cv2, name)(a, b, dst=numpy.zeros_like(a), mask=mask))])
            book.case("hconcat", [a, b], [shaped(cv2.hconcat([a, b]))])
            book.case("vconcat", [a, b], [shaped(cv2.vconcat([a, b]))])
            book.case("mean", [a], [numpy.array(cv2.mean(a))])
            book.case("mean", [a, mask], [numpy.array(cv2.mean(a, mask))])
            for code in (0, 1, -1):
                book.case("flip", [a], [shaped(cv2.flip(a, code))], code=code)
            for name, code in (("clockwise90", cv2.ROTATE_90_CLOCKWISE), ("by180", cv2.ROTATE_180), ("counterclockwise90", cv2.ROTATE_90_COUNTERCLOCKWISE)):
                book.case("rotate", [a], [shaped(cv2.rotate(a, code))], code=name)
            for name, flag in (("inf", cv2.NORM_INF), ("l1", cv2.NORM_L1), ("l2", cv2.NORM_L2), ("minMax", cv2.NORM_MINMAX)):
                for alpha, beta in ((1, 0), (200, 50)):
                    for depth, number in (("uint8", cv2.CV_8U), ("float32", cv2.CV_32F)):
                        book.case("normalize", [a], [shaped(cv2.normalize(a, None, alpha, beta, flag, number))], alpha=alpha, beta=beta, type=name, depth=depth)
            if h > 1 and c == 1:
                result = cv2.normalize(a, numpy.zeros_like(a), 0, 100, cv2.NORM_MINMAX, -1, mask)
                book.case("normalize", [a, mask], [shaped(result)], alpha=0, beta=100, type="minMax")
            book.case("merge", [a, b], [shaped(cv2.merge([a, b]))])
            book.case("split", [a], list(cv2.split(a)))
            for alpha, beta, gamma in ((0.3, 0.7, 0), (1.5, -0.5, 10)):
                book.case("addWeighted", [a, b], [shaped(cv2.addWeighted(a, alpha, b, beta, gamma))], f"addWeighted {kind}", alpha=alpha, beta=beta, gamma=gamma)
            wa, wb = (book.image(h, w, 1, "float32")[..., 0] for _ in range(2))
            book.case("blendLinear", [a, b, wa, wb], [shaped(cv2.blendLinear(a, b, wa, wb))], f"blendLinear {kind}")
            for channels, sizes, ranges in (([0], [16], [0, 256]), ([0], [10], [20, 200]), ([c - 1, c], [4, 5], [0, 256, 10, 250])):
                scale = 1 if kind == "uint8" else 1 / 256
                ranges = [float(numpy.float32(r * scale)) for r in ranges]
                for m in (None, mask):
                    result = cv2.calcHist([a, b], channels, m, sizes, ranges)
                    book.case("calcHist", [a, b] + ([] if m is None else [m]), [result], channels=channels, sizes=sizes, ranges=ranges)
    for n, count in ((3, 1), (4, 2), (1, 1)):
        a, b = book.random.standard_normal((n, n)), book.random.standard_normal((n, count))
        book.case("solve", [a, b], [cv2.solve(a, b)[1]], method="lu")
        spd = a @ a.T + numpy.eye(n)
        for name, flag in (("lu", cv2.DECOMP_LU), ("cholesky", cv2.DECOMP_CHOLESKY), ("qr", cv2.DECOMP_QR), ("svd", cv2.DECOMP_SVD)):
            book.case("solve", [spd, b], [cv2.solve(spd, b, flags=flag)[1]], method=name)
    tall, b = book.random.standard_normal((7, 3)), book.random.standard_normal((7, 2))
    for name, flag in (("qr", cv2.DECOMP_QR), ("svd", cv2.DECOMP_SVD), ("normal", cv2.DECOMP_NORMAL)):
        flag = cv2.DECOMP_LU | cv2.DECOMP_NORMAL if name == "normal" else flag
        book.case("solve", [tall, b], [cv2.solve(tall, b, flags=flag)[1]], method=name)
