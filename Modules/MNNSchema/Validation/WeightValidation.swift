extension NetContext {
  func validate(_ parameters: Wire.Convolution2D, of op: Wire.Op) throws(FormatError) {
    guard let common = parameters.common else {
      throw FormatError(.missing, "the convolution has no sizes", expected: "a table Convolution2DCommon")
    }
    try positive([
      ("kernelX", common.kernelX), ("kernelY", common.kernelY), ("strideX", common.strideX),
      ("strideY", common.strideY), ("dilateX", common.dilateX), ("dilateY", common.dilateY),
    ])
    guard op.type != .Im2Col, op.type != .Col2Im else { return }
    try positive([("group", common.group), ("outputCount", common.outputCount)])
    guard common.inputCount >= 0 else {
      throw FormatError(.attributeInvalid, "inputCount is negative", found: "\(common.inputCount)")
    }
    let outputs = Int(common.outputCount)
    try length(parameters.bias, "bias", outputs)
    try length(parameters.symmetricQuan?.bias, "symmetricQuan.bias", outputs)
    // Weights that are another input are shaped by that input.
    guard (op.inputIndexes?.count ?? 1) < 2 else { return }
    let expected = try WeightCount(common, of: op.type)
    if let external = parameters.external, !external.isEmpty {
      try validate(external: external, parameters, expected, outputs)
      return
    }
    if let weight = parameters.weight, !weight.isEmpty {
      try expected.check(weight.count, "weights")
    } else if let packed = parameters.quanParameter, packed.hasWeights {
      try validate(packed, expected, outputs)
    } else if let weight = parameters.symmetricQuan?.weight, !weight.isEmpty {
      try expected.check(weight.count, "weights")
    } else {
      throw FormatError(
        .missing, "the convolution has no weights", expected: expected.description,
        advice: "models that were stripped for benchmarks cannot be run")
    }
  }

  private func validate(
    external: WireVector<Int64>, _ parameters: Wire.Convolution2D, _ expected: WeightCount, _ outputs: Int
  ) throws(FormatError) {
    let packed = parameters.quanParameter
    try self.external(external, counts: packed == nil ? [3] : [5])
    let biasBytes = external[packed == nil ? 2 : 3]
    guard biasBytes == 0 || biasBytes == 4 * outputs else {
      throw FormatError(
        .externalDataInvalid, "the external bias has the wrong length", expected: "\(4 * outputs) bytes",
        found: "\(biasBytes)")
    }
    let weightBytes = Int(clamping: external[1])
    if packed == nil {
      try expected.check(weightBytes / 4, "external weights")
    } else if packed?.type == 3 {
      try expected.check(weightBytes / 2, "external weights")
    }
  }

  private func validate(
    _ packed: Wire.IDSTQuan, _ expected: WeightCount, _ outputs: Int
  ) throws(FormatError) {
    let buffer = packed.buffer ?? []
    switch packed.type {
    case 0:
      try expected.check(Int(packed.weightSize), "weights")
      try length(packed.index, "index", packed.alpha?.count ?? 0)
      for index in packed.index ?? [] where index >= packed.weightSize {
        throw FormatError(
          .indexOutOfRange, "a weight lies outside of the layer", expected: "below \(packed.weightSize)",
          found: "\(index)")
      }
    case 1, 2:
      let head = try buffer.withUnsafeBytes { (bytes) throws(FormatError) in
        try PackedWeights(parsing: bytes, wideDimensions: packed.shapeInt32, isSparse: packed.type == 2)
      }
      try expected.check(head.count, "packed weights")
      try validateScales(packed, groups: head.rows, outputs)
    case 3:
      try expected.check(buffer.count / 2, "half-precision weights")
    case 4:
      try expected.check(buffer.count, "8-bit weights")
    default:
      throw FormatError(
        .weightEncodingInvalid, "the encoding of the weights is not known", expected: "type 0 to 4",
        found: "\(packed.type)", advice: "the model may be of a later version of the format")
    }
  }

  private func validateScales(_ packed: Wire.IDSTQuan, groups: Int, _ outputs: Int) throws(FormatError) {
    let isHalf = packed.scaleStorage == .FP16
    guard let count = isHalf ? packed.alphaFp16?.count : packed.alpha?.count else {
      // Layers of full-int8 models may have theirs in symmetricQuan.
      return
    }
    let expected = packed.readType != 0 ? 2 * groups : groups
    guard count == expected else {
      throw FormatError(
        .lengthMismatch, "the scales do not fit the packed weights", expected: "\(expected) for \(groups) groups",
        found: "\(count)")
    }
    guard groups % outputs == 0 else {
      throw FormatError(
        .weightEncodingInvalid, "the packed weights have the wrong number of groups",
        expected: "a multiple of \(outputs)", found: "\(groups)")
    }
  }
}

extension Wire.IDSTQuan {
  /// Whether the table itself holds weights: it may only say how activations are quantized.
  fileprivate var hasWeights: Bool { !(buffer ?? []).isEmpty || weightSize > 0 }
}

/// How many weights a convolution has.
private struct WeightCount: CustomStringConvertible {
  let outputs: Int
  let area: Int
  /// Products that the conventions of writers allow; empty if the number of input channels is unknown.
  let allowed: [Int]

  init(_ common: Wire.Convolution2DCommon, of type: Wire.OpType) throws(FormatError) {
    let inputs = Int(common.inputCount)
    let group = Int(common.group)
    let (outputs, area) = (Int(common.outputCount), Int(common.kernelX).multipliedReportingOverflow(by: Int(common.kernelY)))
    let perChannel = outputs.multipliedReportingOverflow(by: area.partialValue)
    let dense = perChannel.partialValue.multipliedReportingOverflow(by: inputs)
    guard !area.overflow, !perChannel.overflow, !dense.overflow else {
      throw FormatError(.tooLarge, "the convolution is larger than any file", found: "\(outputs)×\(inputs) channels")
    }
    self.outputs = outputs
    self.area = area.partialValue
    switch type {
    case .ConvolutionDepthwise, .DeconvolutionDepthwise, .DepthwiseConvInt8:
      allowed = [perChannel.partialValue]
    default:
      // `inputCount` is of the whole layer, or of one group.
      allowed = inputs == 0 ? [] : [dense.partialValue / group] + (group > 1 ? [dense.partialValue] : [])
    }
  }

  var description: String {
    allowed.isEmpty ? "a multiple of \(outputs * area)" : allowed.map { "\($0)" }.joined(separator: " or ")
  }

  func check(_ count: Int, _ what: String) throws(FormatError) {
    let fits = allowed.isEmpty ? count > 0 && count % (outputs * area) == 0 : allowed.contains(count)
    guard !fits else { return }
    throw FormatError(
      .lengthMismatch, "the number of \(what) does not fit the layer", expected: description, found: "\(count)")
  }
}
