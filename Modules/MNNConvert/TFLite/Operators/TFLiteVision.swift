import MNNGraph

/// Images and boxes.
enum TFLiteVision {
  static let operators: [TFLiteOperator] = [
    .op("RESIZE_BILINEAR") { node, scope throws(ImportError) in try resize(node, scope, isLinear: true) },
    .op("RESIZE_NEAREST_NEIGHBOR") { node, scope throws(ImportError) in try resize(node, scope, isLinear: false) },
  ]

  private static func resize(_ node: TFLiteCall, _ scope: TFLiteScope, isLinear: Bool) throws(ImportError) {
    try scope.finish(
      try scope.resize(
        try node.input(0), sizes: try node.input(1), isLinear: isLinear, alignsCorners: try node.flag("align_corners"),
        hasHalfPixelCenters: try node.flag("half_pixel_centers")))
  }
}
