import MNNGraph

/// Images and boxes.
enum TFVision {
  static let operators: [TFOperator] = [
    .op("CropAndResize", crop),
    .op("NonMaxSuppressionV2") { node, scope throws(ImportError) in try suppress(node, scope) },
    .op("NonMaxSuppressionV3") { node, scope throws(ImportError) in try suppress(node, scope) },
    .op("ResizeBilinear") { node, scope throws(ImportError) in try resize(node, scope, isLinear: true) },
    .op("ResizeNearestNeighbor") { node, scope throws(ImportError) in try resize(node, scope, isLinear: false) },
  ]

  private static func resize(_ node: TFCall, _ scope: TFScope, isLinear: Bool) throws(ImportError) {
    let y = try scope.resize(
      try node.input(0), sizes: try node.input(1), isLinear: isLinear, alignsCorners: try node.flag("align_corners"),
      hasHalfPixelCenters: try node.flag("half_pixel_centers"))
    guard isLinear else { return try scope.finish(y) }
    // Linear resizing gives floats, whatever it takes.
    try scope.finish(scope.type(of: y)?.dtype == .float32 ? y : try scope.add(Cast(to: .float32), y))
  }

  /// Inputs: boxes `[n, 4]`, scores `[n]`, the largest number of results, the overlap, the least score.
  private static func suppress(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let boxes = try scope.add(Unsqueeze(), try node.input(0), try scope.constant([Int64(0)]))
    let scores = try scope.add(Unsqueeze(), try node.input(1), try scope.constant([Int64(0), 1]))
    let most = try scope.wide(try node.input(2))
    let kept = try scope.add(results: NonMaxSuppression(), [boxes, scores, most, node.optionalInput(3), node.optionalInput(4)])
    let rows = try scope.add(Gather(axis: 1), kept[0], try scope.constant(Int64(2)))
    try scope.append(Cast(to: .int32), rows)
  }

  /// Inputs: the image, boxes `[n, 4]` as fractions `y1 x1 y2 x2`, which image each is of, the size of the results.
  private static func crop(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let method = try node.string("method", default: "bilinear")
    guard let mode = ["bilinear": GridSample.Mode.linear, "nearest": .nearest][method] else {
      throw node.invalid("method", expected: "bilinear or nearest", found: method)
    }
    guard let size = try scope.integers(input: 3), size.count == 2, size.allSatisfy({ $0 > 0 && $0 < 1 << 20 }) else {
      throw ImportError(.invalidInput, "the size of the crops is not known", expected: "two numbers above 0")
    }
    let images = try scope.add(Gather(axis: 0), try node.input(0), try node.input(2))
    let boxes = try node.input(1)
    let corners = try scope.add(results: Split(axis: 1, count: 4), [boxes])
    func positions(_ low: Value.ID, _ high: Value.ID, _ count: Int) throws(ImportError) -> Value.ID {
      // One sample lies in the middle.
      let steps = (0..<count).map { count > 1 ? Float($0) / Float(count - 1) : 0.5 }
      let length = try scope.add(Binary(.subtract), high, low)
      return try scope.add(Binary(.add), low, try scope.add(Binary(.multiply), length, try scope.constant(steps)))
    }
    let y = try scope.add(Unsqueeze(), try positions(corners[0], corners[2], size[0]), try scope.constant([Int64(2), 3]))
    let x = try scope.add(Unsqueeze(), try positions(corners[1], corners[3], size[1]), try scope.constant([Int64(1), 3]))
    // Both on the grid of the result, from -1 to 1.
    let rows = try scope.add(Expand(), y, try scope.constant([Int64(1), 1, Int64(size[1]), 1]))
    let columns = try scope.add(Expand(), x, try scope.constant([Int64(1), Int64(size[0]), 1, 1]))
    let grid = try scope.add(Concat(axis: 3), columns, rows)
    let centered = try scope.add(Unary(.affine(scale: 2, shift: -1)), grid)
    let sampled = try scope.add(channelsLast: GridSample(mode, padding: .border, alignsCorners: true), images, centered)
    // What lies outside of the image is not its border but a given number.
    let isOutside = try scope.add(Comparison(.greater), try scope.add(Unary(.absolute), centered), try scope.constant(Float(1)))
    let beyond = try scope.holds(.maximum, isOutside, axes: try scope.constant([Int64(3)]), keepsDimensions: true)
    try scope.append(
      Select(), beyond, try scope.constant(Double(try node.float("extrapolation_value", default: 0)), like: sampled), sampled)
  }
}
