import MNNGraph

/// Operators that are not the format's own, by the names that models call them.
enum TFLiteCustom {
  static let operators: [TFLiteOperator] = [
    .op("Convolution2DTransposeBias", transposedConvolution),
    .op("TFLite_Detection_PostProcess", detection),
  ]

  private static func options(_ node: TFLiteCall, _ scope: TFLiteScope) -> UnsafeRawBufferPointer {
    node.node.customOptions.map { scope.importer.data($0) } ?? UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// MediaPipe's: the image, the weight `[OC, h, w, C]`, the bias; the options are three 32-bit numbers: padding, strides across and down.
  private static func transposedConvolution(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    let bytes = options(node, scope)
    guard bytes.count >= 12 else {
      throw ImportError(.invalidAttribute, "the operator's options are damaged", expected: "12 bytes", found: "\(bytes.count)")
    }
    let numbers = [0, 4, 8].map { Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self))) }
    let padding: SpatialPadding
    switch numbers[0] {
    case 1: padding = .sameUpper
    case 2: padding = .valid
    default: throw node.invalid("padding", expected: "1 (SAME) or 2 (VALID)", found: "\(numbers[0])")
    }
    let op = ConvolutionTranspose(strides: [numbers[2], numbers[1]], padding: padding)
    let weight = try scope.permuted(try node.input(1), by: [3, 0, 1, 2])
    try scope.finish(try scope.add(channelsLast: op, try node.input(0), weight, node.optionalInput(2)))
  }

  /// Boxes, scores and anchors of SSD models to detections.
  private static func detection(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    let numbers = try FlexMap(options(node, scope)).numbers
    func number(_ name: String, default value: Double? = nil) throws(ImportError) -> Double {
      guard let found = numbers[name] ?? value else { throw node.missing(name) }
      return found
    }
    func count(_ name: String, default value: Double? = nil) throws(ImportError) -> Int {
      let found = try number(name, default: value)
      guard found > 0, found < 0x1p24, let count = Int(exactly: found) else {
        throw node.invalid(name, expected: "a whole number above 0", found: "\(found)")
      }
      return count
    }
    var scales: [Float] = []
    for name in ["y_scale", "x_scale", "h_scale", "w_scale"] { scales.append(Float(try number(name))) }
    try scope.append(
      DetectionPostProcess(
        classCount: try count("num_classes"), maxDetections: try count("max_detections"),
        maxClassesPerDetection: try count("max_classes_per_detection"),
        detectionsPerClass: try count("detections_per_class", default: 100),
        scoreThreshold: Float(try number("nms_score_threshold")),
        iouThreshold: Float(try number("nms_iou_threshold")), suppressesPerClass: try number("use_regular_nms", default: 0) != 0,
        scales: scales), try node.input(0), try node.input(1), try node.input(2))
  }
}
