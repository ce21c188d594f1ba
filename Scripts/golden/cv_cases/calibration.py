import cv2
import numpy


def add(book):
    for _ in range(20):
        vector = book.random.standard_normal((3, 1)) * book.random.choice([0.01, 1, 1.5])
        matrix = cv2.Rodrigues(vector)[0]
        book.case("Rodrigues", [vector], [matrix])
        # An angle from a cosine loses half the digits where it is small.
        book.case("Rodrigues", [matrix], [cv2.Rodrigues(matrix)[0]], tolerance=1e-6)
    book.case("Rodrigues", [numpy.zeros((3, 1))], [numpy.eye(3)])
    book.case("Rodrigues", [numpy.eye(3)], [numpy.zeros((3, 1))])
    camera = numpy.array([[800.0, 0, 320], [0, 780, 240], [0, 0, 1]])
    for i in range(16):
        n = (6, 8, 12, 30)[i % 4]
        points = book.random.uniform(-1, 1, (n, 3))
        if i % 3 == 0:
            points[:, 2] = 0
        vector, shift = book.random.uniform(-0.6, 0.6, 3), numpy.array([0.2, -0.3, 5.0]) + book.random.uniform(-0.5, 0.5, 3)
        distortion = None if i % 2 else numpy.array([0.05, -0.02, 0.001, -0.0005])
        pixels = cv2.projectPoints(points, vector, shift, camera, distortion)[0].reshape(-1, 2)
        extra = [] if distortion is None else [distortion]
        for name, flag in (("iterative", cv2.SOLVEPNP_ITERATIVE), ("sqpnp", cv2.SOLVEPNP_SQPNP)):
            # Exact points have one pose; with noise each method has its own least squares, here to where OpenCV's stops.
            found = cv2.solvePnP(points, pixels, camera, distortion, flags=flag)
            assert found[0]
            book.case("solvePnP", [points, pixels, camera] + extra, [vector.reshape(3, 1), shift.reshape(3, 1)], f"solvePnP {name}", 1e-5, method=name)
            assert numpy.abs(found[1].ravel() - vector).max() < 1e-3, (name, found[1].ravel(), vector)
        noisy = pixels + book.random.standard_normal(pixels.shape)
        found = cv2.solvePnP(points, noisy, camera, distortion, flags=cv2.SOLVEPNP_ITERATIVE)
        if i % 3:
            book.case("solvePnP", [points, noisy, camera] + extra, [found[1], found[2]], "solvePnP noisy", 1e-4, method="iterative")
