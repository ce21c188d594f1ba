import MNNCV
import MNNExpr
import MNNGraph
import Testing

private func depth(_ golden: GoldenCase) throws -> DType? { golden.word("depth").flatMap { DType(rawValue: $0) } }
private func border(_ golden: GoldenCase) throws -> Border {
  golden.word("border") == nil ? .reflect101 : try golden.choice("border")
}

let goldenFilters: [String: GoldenFunction] = [
  "blur": { g, i in [try cv.blur(i[0], g.pair("size"), borderType: border(g))] },
  "boxFilter": { g, i in [try cv.boxFilter(i[0], nil, g.pair("size"), normalize: g.integer("normalize") == 1)] },
  "sqrBoxFilter": { g, i in [try cv.sqrBoxFilter(i[0], .float32, g.pair("size"), normalize: g.integer("normalize") == 1)] },
  "GaussianBlur": { g, i in
    [try cv.GaussianBlur(i[0], g.pair("size"), g.number("sigmaX") ?? 0, sigmaY: g.number("sigmaY") ?? 0, borderType: border(g))]
  },
  "medianBlur": { g, i in [try cv.medianBlur(i[0], g.integer("ksize") ?? 0)] },
  "bilateralFilter": { g, i in
    [try cv.bilateralFilter(i[0], g.integer("d") ?? 0, g.number("sigmaColor") ?? 0, g.number("sigmaSpace") ?? 0)]
  },
  "pyrDown": { _, i in [try cv.pyrDown(i[0])] },
  "pyrUp": { _, i in [try cv.pyrUp(i[0])] },
  "filter2D": { g, i in [try cv.filter2D(i[0], depth(g), i[1], delta: g.number("delta") ?? 0)] },
  "sepFilter2D": { g, i in [try cv.sepFilter2D(i[0], depth(g), i[1], i[2], delta: g.number("delta") ?? 0)] },
  "Sobel": { g, i in
    [
      try cv.Sobel(
        i[0], depth(g), g.integer("dx") ?? 0, g.integer("dy") ?? 0, ksize: g.integer("ksize") ?? 3,
        scale: g.number("scale") ?? 1, delta: g.number("delta") ?? 0)
    ]
  },
  "Scharr": { g, i in [try cv.Scharr(i[0], depth(g), g.integer("dx") ?? 0, g.integer("dy") ?? 0)] },
  "Laplacian": { g, i in
    [try cv.Laplacian(i[0], depth(g), ksize: g.integer("ksize") ?? 1, scale: g.number("scale") ?? 1)]
  },
  "spatialGradient": { g, i in
    let (dx, dy) = try cv.spatialGradient(i[0], borderType: border(g))
    return [dx, dy]
  },
  "dilate": { g, i in [try cv.dilate(i[0], i[1], iterations: g.integer("iterations") ?? 1, borderType: border(g))] },
  "erode": { g, i in [try cv.erode(i[0], i[1], iterations: g.integer("iterations") ?? 1, borderType: border(g))] },
  "threshold": { g, i in
    let search: ThresholdSearch? = g.word("search") == nil ? nil : try g.choice("search")
    let (used, image) = try cv.threshold(i[0], g.number("thresh") ?? 0, g.number("maxval") ?? 0, g.choice("type"), search)
    return [Variable(try Tensor(used)), image]
  },
  "adaptiveThreshold": { g, i in
    [
      try cv.adaptiveThreshold(
        i[0], g.number("maxValue") ?? 0, g.choice("method"), g.choice("type"), g.integer("blockSize") ?? 3, g.number("C") ?? 0)
    ]
  },
  "getGaussianKernel": { g, _ in [try cv.getGaussianKernel(g.integer("ksize") ?? 0, g.number("sigma") ?? 0)] },
  "getDerivKernels": { g, _ in
    let (x, y) = try cv.getDerivKernels(
      g.integer("dx") ?? 0, g.integer("dy") ?? 0, g.integer("ksize") ?? 0, normalize: g.integer("normalize") == 1)
    return [x, y]
  },
  "getGaborKernel": { g, _ in
    [
      try cv.getGaborKernel(
        g.pair("size"), sigma: g.number("sigma") ?? 0, theta: g.number("theta") ?? 0, lambd: g.number("lambd") ?? 0,
        gamma: g.number("gamma") ?? 0, psi: g.number("psi") ?? 0)
    ]
  },
  "getStructuringElement": { g, _ in [try cv.getStructuringElement(g.choice("shape"), g.pair("size"))] },
]
