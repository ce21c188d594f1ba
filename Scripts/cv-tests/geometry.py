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
