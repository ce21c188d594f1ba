extension NetContext {
  /// Checks the values of the parameter table against each other.
  func validateParameters(of op: Wire.Op) throws(FormatError) {
    switch op.type {
    case .Convolution, .ConvolutionDepthwise, .Deconvolution, .DeconvolutionDepthwise, .ConvInt8, .DepthwiseConvInt8,
      .Im2Col, .Col2Im:
      guard let parameters = op.main(as: Wire.Convolution2D.self) else { return }
      try validate(parameters, of: op)
    case .Convolution3D, .ConvTranspose3D:
      guard let parameters = op.main(as: Wire.Convolution3D.self) else { return }
      try validate(parameters)
    case .Const, .TrainableParam:
      guard let blob = op.main(as: Wire.Blob.self) else { return }
      try validate(blob)
    case .Pooling:
      guard let pool = op.main(as: Wire.Pool.self), !pool.isGlobal else { return }
      // MNN's converter writes stride 0 where an ONNX node leaves `strides` out; 1 is meant.
      try positive([("kernelX", pool.kernelX), ("kernelY", pool.kernelY)])
      try atLeast(0, [("strideX", pool.strideX), ("strideY", pool.strideY)])
    case .Pooling3D:
      guard let pool = op.main(as: Wire.Pool3D.self), !pool.isGlobal else { return }
      try positive((pool.kernels ?? []).map { ("kernels", $0) } + (pool.strides ?? []).map { ("strides", $0) })
    case .Scale:
      guard let scale = op.main(as: Wire.Scale.self) else { return }
      try length(scale.scaleData, "scaleData", Int(scale.channels))
      try length(scale.biasData, "biasData", Int(scale.channels))
      try external(scale.external, counts: [3])
    case .LayerNorm:
      guard let norm = op.main(as: Wire.LayerNorm.self) else { return }
      if let gamma = norm.gamma { try length(norm.beta, "beta", gamma.count) }
      try external(norm.external, counts: [3])
    case .BatchNorm:
      guard let norm = op.main(as: Wire.BatchNorm.self) else { return }
      for (name, vector) in [
        ("slopeData", norm.slopeData), ("meanData", norm.meanData), ("varData", norm.varData), ("biasData", norm.biasData),
      ] { try length(vector, name, Int(norm.channels)) }
    case .DepthToSpace, .SpaceToDepth:
      guard let parameters = op.main(as: Wire.DepthSpaceParam.self) else { return }
      try positive([("blockSize", parameters.blockSize)])
    case .If:
      guard let parameters = op.main(as: Wire.IfParam.self) else { return }
      try subgraph(parameters.then_graph, "then_graph")
      try subgraph(parameters.else_graph, "else_graph")
    case .While:
      if let parameters = op.main(as: Wire.WhileParam.self) {
        // The body of an ONNX loop gives the condition itself.
        if let condition = parameters.cond_graph { try subgraph(condition, "cond_graph") }
        try subgraph(parameters.body_graph, "body_graph")
      } else if let loop = op.main(as: Wire.LoopParam.self) {
        try validate(loop)
      }
    default:
      return
    }
  }

  private func subgraph(_ name: String?, _ field: String) throws(FormatError) {
    guard let name, subgraphs.contains(name) else {
      throw FormatError(
        .subgraphInvalid, "\(field) names no subgraph", expected: "one of \(subgraphs.sorted())",
        found: name.map { "\"\($0)\"" } ?? "no name")
    }
  }

  private func validate(_ loop: Wire.LoopParam) throws(FormatError) {
    let count = Int(loop.tensorNumber)
    guard count >= 0, loop.loopNumber >= 0 else {
      throw FormatError(.attributeInvalid, "the loop has a negative count", found: "\(count) and \(loop.loopNumber)")
    }
    try check(loop.inputIndexes, "an input of the loop", below: count)
    try check(loop.outputIndexes, "an output of the loop", below: count)
    for command in (loop.initCommand ?? []) + (loop.commands ?? []) {
      try check(command.indexes, "a command of the loop", below: count)
      try check(command.iterIndexes, "an iteration of the loop", below: count)
      guard let op = command.op else { throw FormatError(.missing, "a command of the loop has no operator") }
      do throws(FormatError) {
        try OperatorParameters.validate(op)
        try validateParameters(of: op)
      } catch {
        throw error.at(node: op.name, operator: "\(op.type) in a loop")
      }
    }
  }

  func validate(_ blob: Wire.Blob) throws(FormatError) {
    guard let count = elementCount((blob.dims ?? []).map(Int.init)) else {
      throw FormatError(
        .attributeInvalid, "the shape of the constant is not valid", found: "\((blob.dims ?? []).map { $0 })")
    }
    try external(blob.external, counts: [2])
    guard blob.external == nil, count > 0 else { return }
    let stored: (name: String, count: Int?, perElement: Int)
    switch blob.dataType {
    case .DT_FLOAT: stored = ("float32s", blob.float32s?.count, 1)
    case .DT_INT32: stored = ("int32s", blob.int32s?.count, 1)
    case .DT_INT64: stored = ("int64s", blob.int64s?.count, 1)
    case .DT_INT8: stored = ("int8s", blob.int8s?.count, 1)
    case .DT_UINT8: stored = ("uint8s", blob.uint8s?.count, 1)
    case .DT_HALF, .DT_BFLOAT16: stored = ("uint8s", blob.uint8s?.count, 2)
    case .DT_STRING: stored = ("strings", blob.strings?.count, 1)
    default: return
    }
    guard stored.count == count * stored.perElement else {
      throw FormatError(
        .lengthMismatch, "the constant's data do not fit its shape \((blob.dims ?? []).map { $0 })",
        expected: "\(count * stored.perElement) \(stored.name)", found: stored.count.map { "\($0)" } ?? "none")
    }
  }

  private func validate(_ parameters: Wire.Convolution3D) throws(FormatError) {
    guard let common = parameters.common else { throw FormatError(.missing, "the convolution has no sizes") }
    let kernels = (common.kernels ?? []).map { ("kernels", $0) }
    try positive(
      kernels + (common.strides ?? []).map { ("strides", $0) } + (common.dilates ?? []).map { ("dilates", $0) }
        + [("group", common.group), ("outputCount", common.outputCount)])
    try length(parameters.bias, "bias", Int(common.outputCount))
    try external(parameters.external, counts: [3])
  }

  func positive(_ values: [(String, Int32)]) throws(FormatError) { try atLeast(1, values) }

  private func atLeast(_ minimum: Int32, _ values: [(String, Int32)]) throws(FormatError) {
    for (name, value) in values where value < minimum {
      throw FormatError(.attributeInvalid, "\(name) is too small", expected: "\(minimum) or more", found: "\(value)")
    }
  }

  func length<T>(_ vector: WireVector<T>?, _ name: String, _ expected: Int) throws(FormatError) {
    guard let vector, vector.count != expected else { return }
    throw FormatError(
      .lengthMismatch, "\(name) has the wrong length", expected: "\(expected)", found: "\(vector.count)")
  }

  /// `external` is an offset into the file of weights, then the bytes of each array that lies there.
  func external(_ range: WireVector<Int64>?, counts: [Int]) throws(FormatError) {
    guard let range, !range.isEmpty else { return }
    guard counts.contains(range.count) else {
      throw FormatError(
        .externalDataInvalid, "the range of external data is malformed",
        expected: "\(counts.map { "\($0)" }.joined(separator: " or ")) numbers", found: "\(range.count)")
    }
    var end: Int64 = 0
    for part in range {
      let (sum, overflow) = end.addingReportingOverflow(part)
      guard part >= 0, !overflow else {
        throw FormatError(.externalDataInvalid, "the range of external data is malformed", found: "\(range.elements)")
      }
      end = sum
    }
    if let externalByteCount, end > externalByteCount {
      throw FormatError(
        .externalDataInvalid, "the file of external weights is too short", expected: "at least \(end) bytes",
        found: "\(externalByteCount)", advice: "fetch the .weight file that was written with this model")
    }
  }

  /// The product; `nil` if a dimension is negative or the product is beyond any file.
  func elementCount(_ dimensions: [Int]) -> Int? {
    var result = 1
    for dimension in dimensions {
      let (product, overflow) = result.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow, product < 1 << 48 else { return nil }
      result = product
    }
    return result
  }
}
