import MNNCV
import MNNGraph
import Testing

let goldenGeometry: [String: GoldenFunction] = [
  "resize": { golden, inputs in
    let interpolation: Interpolation = try golden.choice("interpolation")
    if let width = golden.integer("width"), let height = golden.integer("height") {
      return [try cv.resize(inputs[0], (width, height), interpolation: interpolation)]
    }
    return [
      try cv.resize(
        inputs[0], nil, fx: golden.number("fx") ?? 0, fy: golden.number("fy") ?? 0, interpolation: interpolation)
    ]
  }
]
