import MNNCV
import MNNExpr
import MNNGraph
import Testing

private func code(_ golden: GoldenCase) throws -> ColorConversion? {
  try golden.word("code").map { try #require(colorConversions[$0]) }
}

private func numbers(_ golden: GoldenCase, _ name: String) -> [Float] { (golden.list(name) ?? []).map { Float($0) } }

let goldenGeometry: [String: GoldenFunction] = [
  "resize": { golden, inputs in
    let interpolation: Interpolation = try golden.choice("interpolation")
    if let width = golden.integer("width"), let height = golden.integer("height") {
      return [
        try cv.resize(
          inputs[0], (width, height), interpolation: interpolation, code: code(golden), mean: numbers(golden, "mean"),
          norm: numbers(golden, "norm"))
      ]
    }
    return [
      try cv.resize(
        inputs[0], nil, fx: golden.number("fx") ?? 0, fy: golden.number("fy") ?? 0, interpolation: interpolation)
    ]
  },
  "warpAffine": { g, i in
    [
      try cv.warpAffine(
        i[0], i[1], g.pair("size"), flag: g.choice("interpolation"), borderMode: g.choice("border"),
        borderValue: g.list("value") ?? [], code: code(g), mean: numbers(g, "mean"), norm: numbers(g, "norm"))
    ]
  },
  "warpPerspective": { g, i in
    [
      try cv.warpPerspective(
        i[0], i[1], g.pair("size"), flag: g.choice("interpolation"), borderMode: g.choice("border"),
        borderValue: g.list("value") ?? [])
    ]
  },
  "remap": { g, i in
    [
      try cv.remap(
        i[0], i[1], i.count > 2 ? i[2] : nil, g.choice("interpolation"), borderMode: g.choice("border"),
        borderValue: g.list("value") ?? [])
    ]
  },
  "getRectSubPix": { g, i in [try cv.getRectSubPix(i[0], g.pair("size"), g.point("center"))] },
  "convertMaps": { g, i in
    guard g.word("type") != nil else {
      let (x, y) = try cv.convertMaps(i[0], nil, channels: 1)
      return [x, try #require(y)]
    }
    let (first, second) = try cv.convertMaps(
      i[0], i.count > 1 ? i[1] : nil, g.choice("type"), nninterpolation: g.integer("nearest") == 1)
    return [first] + (second.map { [$0] } ?? [])
  },
  "getAffineTransform": { _, i in [try cv.getAffineTransform(i[0], i[1])] },
  "getPerspectiveTransform": { _, i in [try cv.getPerspectiveTransform(i[0], i[1])] },
  "getRotationMatrix2D": { g, _ in
    [try cv.getRotationMatrix2D(g.point("center"), g.number("angle") ?? 0, g.number("scale") ?? 0)]
  },
  "invertAffineTransform": { _, i in [try cv.invertAffineTransform(i[0])] },
]
