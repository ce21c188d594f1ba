import cv2
import numpy


def add(book):
    for c in (1, 3, 4):
        for h, w in ((9, 13), (1, 1), (16, 16)):
            source = book.image(h, w, c, smooth=True)
            for ext, options in ((".bmp", []), (".png", []), (".webp", []), (".webp", [cv2.IMWRITE_WEBP_QUALITY, 80]), (".jpg", [])):
                data = cv2.imencode(ext, source, options)[1].ravel()
                for mode, flag in (("color", cv2.IMREAD_COLOR), ("grayscale", cv2.IMREAD_GRAYSCALE)):
                    result = cv2.imdecode(data, flag)
                    # Versions of the libraries differ in the last bit of a transform, twice where colors are mixed.
                    lossy = ext == ".jpg" or bool(options)
                    book.case("imdecode", [data], [result.reshape(h, w, -1)], f"imdecode {ext} {mode}" + (" lossy" if lossy else ""), 2 if lossy else None, mode=mode)
            for ext in (".bmp", ".png", ".webp", ".jpg"):
                if c != 4 or ext != ".jpg":
                    data = cv2.imencode(ext, source)[1]
                    result = cv2.imdecode(data, cv2.IMREAD_UNCHANGED if ext != ".webp" or c != 1 else cv2.IMREAD_COLOR)
                    book.case("imencode", [source], [result.reshape(h, w, -1)], f"imencode {ext}", 2 if ext == ".jpg" else None, ext=ext)
