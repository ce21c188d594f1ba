import re

import cv2
import numpy

SHAPES = ((13, 17), (1, 1), (8, 32))


def names():
    """The conversions that are offered, as Modules/MNNCV lists them."""
    import pathlib

    path = pathlib.Path(__file__).resolve().parents[3] / "Modules/MNNCV/Color/Constants+Color.swift"
    return re.findall(r"static let COLOR_(\w+)", path.read_text())


def channels(name):
    source = re.split("2(?=[A-Zm])", name, maxsplit=1)[0]
    if name.startswith(("BGR5",)):
        return 2
    return {"GRAY": 1, "BGRA": 4, "RGBA": 4, "mRGBA": 4}.get(source, 3)


def add(book):
    for name in names():
        code = getattr(cv2, "COLOR_" + name)
        video = re.search("I420|IYUV|YV12|NV12|NV21|420", name) is not None
        pairs = re.search("UYVY|UYNV|Y422|YUY2|YUYV|YUNV|YVYU", name) is not None
        from_video = name.startswith("YUV") and (video or pairs)
        for height, width in SHAPES:
            if re.match("(HSV|HLS|Lab|Luv)2", name) and width > 1:
                # OpenCV cuts off in the vector part of a row and rounds in its rest: rows here have no rest.
                width = 32
            if video or pairs:
                height, width = (height + 1) // 2 * 2, (width + 1) // 2 * 2
            for kind in ("uint8", "float32"):
                if kind == "float32" and (video or pairs or "565" in name or "555" in name or "mRGBA" in name):
                    continue
                if from_video and video:
                    picture = book.image(height // 2 * 3, width, 1)
                elif from_video:
                    picture = book.image(height, width, 2)
                else:
                    picture = book.image(height, width, channels(name), kind)
                source = picture
                # Spaces other than red, green and blue get values that are some color's.
                match = re.match(r"(Lab|Luv|HSV|HLS|XYZ|YCrCb|YUV)2L?(BGR|RGB)", name)
                if match and not from_video:
                    full = "_FULL" if name.endswith("_FULL") else ""
                    forward = getattr(cv2, f"COLOR_BGR2{match[1]}{full}")
                    source = cv2.cvtColor(picture, forward)
                result = cv2.cvtColor(source, code)
                if kind == "float32" and re.search("L[au][bv]", name):
                    result, tolerance = exact(source, name), 2e-6
                else:
                    # Tables of 12 bits may be two off where colors are dark and saturated.
                    tolerance = 2 if re.match("L[au][bv]2", name) else None
                book.case("cvtColor", [source], [result.reshape(*result.shape[:2], -1)], f"cvtColor {name}", tolerance, code=name)
    for name, wanted in (("YCrCb2BGR", 4), ("HSV2RGB", 4), ("GRAY2BGR", 4), ("XYZ2BGR", 4), ("BGRA2BGR", 3)):
        source = book.image(5, 32, channels(name))
        book.case("cvtColor", [source], [cv2.cvtColor(source, getattr(cv2, "COLOR_" + name), dstCn=wanted)], f"cvtColor {name}", code=name, dstCn=wanted)
    for name in ("YUV2BGR_NV12", "YUV2RGB_NV21", "YUV2BGRA_NV12"):
        luma, chroma = book.image(6, 8, 1), book.image(3, 4, 2)
        book.case("cvtColorTwoPlane", [luma, chroma], [cv2.cvtColorTwoPlane(luma, chroma, getattr(cv2, "COLOR_" + name))], code=name)


def exact(source, name):
    """CIE's formulas in float64: OpenCV itself interpolates in tables here, and is off by up to 0.3 of 100."""
    white = numpy.array([0.950456, 1, 1.088754])
    matrix = numpy.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
    inverse = numpy.array([[3.240479, -1.53715, -0.498535], [-0.969256, 1.875991, 0.041556], [0.055648, -0.204043, 1.057311]])
    # The coefficients are floats in OpenCV.
    matrix, inverse = matrix.astype(numpy.float32).astype(float), inverse.astype(numpy.float32).astype(float)
    un, vn = 4 * white[0] / (white[0] + 15 + 3 * white[2]), 9 / (white[0] + 15 + 3 * white[2])
    first, second = re.split("2(?=[A-Z])", name, maxsplit=1)
    linear, x = "L" in (first[0] if first in ("LBGR", "LRGB") else "", second[0] if second in ("LBGR", "LRGB") else ""), source.astype(float)
    with numpy.errstate(all="ignore"):
        if second in ("Lab", "Luv"):
            rgb = x[..., ::-1] if "BGR" in first else x
            if not linear:
                rgb = numpy.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
            xyz = rgb @ matrix.T
            y = xyz[..., 1]
            light = numpy.where(y > 0.008856, 116 * numpy.cbrt(y) - 16, 903.3 * y)
            if second == "Lab":
                f = xyz / white
                f = numpy.where(f > 0.008856, numpy.cbrt(f), 7.787 * f + 16 / 116)
                out = numpy.stack([light, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
            else:
                total = numpy.maximum(xyz @ numpy.array([1, 15, 3]), numpy.finfo(numpy.float32).eps)
                out = numpy.stack([light, 13 * light * (4 * xyz[..., 0] / total - un), 13 * light * (9 * y / total - vn)], -1)
            return out.astype(numpy.float32)
        light = x[..., 0]
        if first == "Lab":
            y = numpy.where(light <= 0.008856 * 903.3, light / 903.3, ((light + 16) / 116) ** 3)
            fy = numpy.where(light <= 0.008856 * 903.3, 7.787 * y + 16 / 116, (light + 16) / 116)
            f = numpy.stack([fy + x[..., 1] / 500, fy - x[..., 2] / 200], -1)
            f = numpy.where(f <= 0.206893, (f - 16 / 116) / 7.787, f**3)
            xyz = numpy.stack([f[..., 0], y, f[..., 1]], -1) * white
        else:
            y = numpy.where(light > 8, ((light + 16) / 116) ** 3, light / 903.3)
            up = 3 * (x[..., 1] + 13 * light * un)
            vp = numpy.clip(0.25 / (x[..., 2] + 13 * light * vn), -0.25, 0.25)
            xyz = numpy.stack([y * 3 * up * vp, y, y * ((12 * 13 * light - up) * vp - 5)], -1)
        rgb = numpy.clip(xyz @ inverse.T, 0, 1)
        if not linear:
            rgb = numpy.where(rgb <= 0.0031308, rgb * 12.92, 1.055 * rgb ** (1 / 2.4) - 0.055)
        return (rgb[..., ::-1] if "BGR" in second else rgb).astype(numpy.float32)
