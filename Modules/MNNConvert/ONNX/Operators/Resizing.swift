import MNNGraph

/// Operators that sample images anew.
enum ONNXResizing {
  static let operators: [ONNXOperator] = [
    .op("Resize", since: [10: resizeByScales, 11: resize]),
    .op("Upsample", since: [1: upsampleByFactors, 7: upsampleByAttribute, 9: resizeByScales]),
  ]

  /// Opset 10, and Upsample since 9: scales are the second input, positions count from the corner.
  private static func resizeByScales(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let op = Resize(try mode(node, rounding: .floor), transformation: .asymmetric)
    try scope.append(op, try node.input(0), nil, try node.input(1))
  }

  /// The first version has a factor each for height and width of images.
  private static func upsampleByFactors(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let height = try node.required("height_scale", try node.float("height_scale"))
    let width = try node.required("width_scale", try node.float("width_scale"))
    let op = Resize(try mode(node, rounding: .floor), transformation: .asymmetric)
    try scope.append(op, try node.input(0), nil, try scope.constant([1, 1, height, width]))
  }

  private static func upsampleByAttribute(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let op = Resize(try mode(node, rounding: .floor), transformation: .asymmetric)
    let scales = try node.required("scales", try node.floats("scales"))
    try scope.append(op, try node.input(0), nil, try scope.constant(scales))
  }

  private static func resize(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let names: [String: Resize.NearestRounding] = [
      "round_prefer_floor": .preferFloor, "round_prefer_ceil": .preferCeil, "floor": .floor, "ceil": .ceil,
    ]
    let rounding = try node.choice("nearest_mode", default: "round_prefer_floor", names)
    let transformation = try node.choice(
      "coordinate_transformation_mode", default: "half_pixel",
      [
        "half_pixel": Resize.CoordinateTransformation.halfPixel, "half_pixel_symmetric": .halfPixelSymmetric,
        "pytorch_half_pixel": .halfPixelOrZero, "align_corners": .alignCorners, "asymmetric": .asymmetric,
        "tf_crop_and_resize": .cropAndResize, "tf_half_pixel_for_nn": .halfPixelForNearest,
      ])
    let aspectRatio = try node.choice(
      "keep_aspect_ratio_policy", default: "stretch",
      ["stretch": Resize.AspectRatio.stretch, "not_larger": .notLarger, "not_smaller": .notSmaller])
    var op = Resize(
      try mode(node, rounding: rounding), transformation: transformation, axes: try node.ints("axes"),
      aspectRatio: aspectRatio, antialiases: try node.flag("antialias", default: false),
      excludesOutside: try node.flag("exclude_outside", default: false),
      extrapolationValue: try node.float("extrapolation_value", default: 0))
    var inputs = (0..<4).map { index in node.optionalInput(index).flatMap { isEmpty($0, scope) ? nil : $0 } }
    inputs[0] = try node.input(0)
    if inputs[2] == nil, aspectRatio == .stretch, transformation != .cropAndResize,
      let (axes, sizes) = try resized(node, of: inputs[0], to: inputs[3], scope)
    {
      op.axes = axes
      inputs[3] = try scope.constant(sizes)
    }
    try scope.append(op, inputs)
  }

  /// The axes to resize and their sizes, if sizes are stated for all axes and batch or channels keep theirs: a graph exported for
  /// one image shall take several.
  private static func resized(
    _ node: ONNXCall, of input: Value.ID?, to sizes: Value.ID?, _ scope: ONNXScope
  ) throws(ImportError) -> (axes: [Int], sizes: [Int64])? {
    guard let sizes, let tensor = scope.graph.constant(sizes), let input, let shape = scope.type(of: input)?.shape,
      shape.rank > 2, tensor.shape == [shape.rank], try node.ints("axes") == nil
    else { return nil }
    let wanted = try scope.converting { () throws(GraphError) in try tensor.scalars(as: Int64.self) }
    let axes = (0..<shape.rank).filter { $0 > 1 || shape[$0].value.map(Int64.init) != wanted[$0] }
    return axes.count == shape.rank ? nil : (axes, axes.map { wanted[$0] })
  }

  /// Exporters give an empty tensor for what they leave out.
  private static func isEmpty(_ value: Value.ID, _ scope: ONNXScope) -> Bool {
    scope.graph.constant(value)?.count == 0 || scope.type(of: value)?.shape.dimensions == [0]
  }

  private static func mode(_ node: ONNXCall, rounding: Resize.NearestRounding) throws(ImportError) -> Resize.Mode {
    let coefficient = try node.float("cubic_coeff_a", default: -0.75)
    return try node.choice(
      "mode", default: "nearest",
      [
        "nearest": .nearest(rounding), "linear": .linear, "bilinear": .linear, "cubic": .cubic(coefficient: coefficient),
      ])
  }
}
