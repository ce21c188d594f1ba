import MNNGraph

/// Regions, boxes and grids of images.
enum ONNXVision {
  static let operators: [ONNXOperator] = [
    .op("AffineGrid") { node, scope throws(ImportError) in
      try scope.append(AffineGrid(alignsCorners: try node.flag("align_corners", default: false)))
    },
    .op("CenterCropPad") { node, scope throws(ImportError) in
      try scope.append(CenterCropPad(axes: try node.ints("axes")))
    },
    .op("GridSample", gridSample),
    .op("MaxRoiPool") { node, scope throws(ImportError) in
      let size = try node.required("pooled_shape", try node.ints("pooled_shape"))
      guard size.count == 2 else { throw node.invalid("pooled_shape", expected: "2 numbers", found: "\(size)") }
      try scope.append(MaxRoiPool(height: size[0], width: size[1], scale: try node.float("spatial_scale", default: 1)))
    },
    .op("NonMaxSuppression") { node, scope throws(ImportError) in
      let isCenter = try node.flag("center_point_box", default: false)
      try scope.append(NonMaxSuppression(boxFormat: isCenter ? .centers : .corners))
    },
    .op(
      "RoiAlign",
      since: [
        10: { node, scope throws(ImportError) in try roiAlign(node, scope, isAligned: false) },
        16: { node, scope throws(ImportError) in
          let modes = ["half_pixel": true, "output_half_pixel": false]
          let isAligned = try node.choice("coordinate_transformation_mode", default: "half_pixel", modes)
          try roiAlign(node, scope, isAligned: isAligned)
        },
      ]),
  ]

  private static func gridSample(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let modes: [String: GridSample.Mode] = [
      "nearest": .nearest, "linear": .linear, "bilinear": .linear, "cubic": .cubic, "bicubic": .cubic,
    ]
    let paddings: [String: GridSample.Padding] = ["zeros": .zeros, "border": .border, "reflection": .reflection]
    let mode = try node.choice("mode", default: "linear", modes)
    let padding = try node.choice("padding_mode", default: "zeros", paddings)
    try scope.append(GridSample(mode, padding: padding, alignsCorners: try node.flag("align_corners", default: false)))
  }

  private static func roiAlign(_ node: ONNXCall, _ scope: ONNXScope, isAligned: Bool) throws(ImportError) {
    let functions: [String: RoiAlign.Function] = ["avg": .average, "max": .maximum]
    try scope.append(
      RoiAlign(
        try node.choice("mode", default: "avg", functions), height: try node.int("output_height", default: 1),
        width: try node.int("output_width", default: 1), samplesPerAxis: try node.int("sampling_ratio", default: 0),
        scale: try node.float("spatial_scale", default: 1), isAligned: isAligned))
  }
}
