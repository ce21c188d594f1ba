import MNNGraph

/// A subgraph while it is translated, into a graph of its own or in place of a node. Translators add nodes through it.
final class TFLiteScope: ImportScope {
  let importer: TFLiteImporter
  let target: ImportTarget
  let subgraph: TFLiteSubgraph
  /// Precedes the names of nodes of a subgraph that is put in place of a node.
  let prefix: String
  /// The subgraphs that this one is within, and itself.
  let path: [Int]
  /// By the number of the tensor, as it is stored.
  private var values: [Int: Value.ID] = [:]
  /// The numbers that quantized tensors stand for.
  private var numbers: [Int: Value.ID] = [:]

  init(importer: TFLiteImporter, target: ImportTarget, subgraph: TFLiteSubgraph, prefix: String = "", path: [Int]) {
    self.importer = importer
    self.target = target
    self.subgraph = subgraph
    self.prefix = prefix
    self.path = path
    super.init(target: target)
  }

  // MARK: Tensors

  func define(_ tensor: Int, as value: Value.ID) throws(ImportError) {
    guard values[tensor] == nil else {
      throw ImportError(
        .invalidGraph, "tensor \"\(subgraph.tensors[tensor].name)\" is made twice",
        advice: "the model breaks a rule of the format")
    }
    values[tensor] = value
    let info = subgraph.tensors[tensor]
    noteSizes(info, of: value)
  }

  private func noteSizes(_ info: TFLiteTensor, of value: Value.ID) {
    guard !info.shape.isEmpty else { return }
    note(sizes: (info.signature ?? info.shape).map { $0 < 0 ? nil : $0 }, of: value)
  }

  /// The tensor as it is stored: integers, if it is quantized.
  func stored(_ tensor: Int) throws(ImportError) -> Value.ID {
    if let value = values[tensor] { return value }
    let info = subgraph.tensors[tensor]
    let value: Value.ID
    if let contents = try importer.load(info) {
      value = constant(contents, name: prefix + info.name)
    } else if info.isVariable {
      value = try zeros(info)
    } else {
      throw ImportError(
        .invalidGraph, "tensor \"\(info.name)\" is not made by any node before", advice: "export the model again")
    }
    values[tensor] = value
    return value
  }

  /// The state of a layer before the first step.
  private func zeros(_ info: TFLiteTensor) throws(ImportError) -> Value.ID {
    let dtype = try DType(tflite: info.type, of: "tensor \"\(info.name)\"")
    let zero = try constant(Double(info.isQuantized ? info.quantization?.zeroPoints.first ?? 0 : 0), like: try constant(Float(0)))
    return try add(
      Fill(), try add(Cast(to: dtype), zero), try constant(info.shape.map { Int64($0) }))
  }

  /// The numbers that the tensor stands for.
  func number(_ tensor: Int) throws(ImportError) -> Value.ID {
    let info = subgraph.tensors[tensor]
    guard info.isQuantized else { return try stored(tensor) }
    if let known = numbers[tensor] { return known }
    let value = try dequantize(try stored(tensor), info)
    noteSizes(info, of: value)
    numbers[tensor] = value
    return value
  }

  /// A bias: integers on the scale of the products.
  func bias(_ tensor: Int) throws(ImportError) -> Value.ID? {
    guard tensor >= 0 else { return nil }
    let info = subgraph.tensors[tensor]
    guard info.type == 2 || info.type == 4, info.quantization != nil else { return try number(tensor) }
    return try dequantize(try stored(tensor), info)
  }

  /// `(q - zeroPoint) * scale`.
  func dequantize(_ value: Value.ID, _ info: TFLiteTensor) throws(ImportError) -> Value.ID {
    guard let quantization = info.quantization else { return value }
    if let blocks = quantization.blocks { return try dequantize(value, info, blocks) }
    let op = DequantizeLinear(granularity: QuantizationGranularity(axis: quantization.axis))
    let isConstant = graph.constant(value) != nil
    let inputs = [value, try scales(quantization), try zeroPoints(quantization, graph[value].type?.dtype ?? .int8)]
    return try isConstant ? addUnfolded(op, inputs) : add(results: op, inputs)[0]
  }

  private func dequantize(
    _ value: Value.ID, _ info: TFLiteTensor, _ blocks: TFLiteQuantization.Blocks
  ) throws(ImportError) -> Value.ID {
    guard blocks.scales >= 0, blocks.scales < subgraph.tensors.count, blocks.size > 0, !info.shape.isEmpty else {
      throw ImportError(.invalidTensor, "the blocks of tensor \"\(info.name)\" are not valid")
    }
    var scales = try stored(blocks.scales)
    if graph[scales].type?.dtype == .float16 { scales = try add(Cast(to: .float32), scales) }
    return try addUnfolded(
      DequantizeLinear(granularity: QuantizationGranularity(axis: info.shape.count - 1, blockSize: blocks.size)), [value, scales])
  }

  private func scales(_ quantization: TFLiteQuantization) throws(ImportError) -> Value.ID {
    quantization.scales.count == 1 ? try constant(quantization.scales[0]) : try constant(quantization.scales)
  }

  /// nil where all are zero and the type says so itself.
  private func zeroPoints(_ quantization: TFLiteQuantization, _ dtype: DType) throws(ImportError) -> Value.ID? {
    let isZero = quantization.zeroPoints.allSatisfy { $0 == 0 }
    if dtype.isPacked || dtype == .int32 || dtype == .int64 {
      guard isZero else {
        throw ImportError(.invalidTensor, "zero points of \(dtype)", expected: "0", found: "\(quantization.zeroPoints[0])")
      }
      return nil
    }
    var points = quantization.zeroPoints.map { Int64($0) }
    if points.count == 1, quantization.scales.count > 1 { points = quantization.scales.map { _ in points[0] } }
    return try converting { () throws(GraphError) in
      let tensor = quantization.scales.count == 1 ? try Tensor(points[0]) : try Tensor(points)
      return constant(try tensor.converted(to: dtype))
    }
  }

  /// Numbers as the tensor stores them.
  func quantize(_ value: Value.ID, _ info: TFLiteTensor) throws(ImportError) -> Value.ID {
    guard info.isQuantized, let quantization = info.quantization, graph[value].type?.dtype.isFloatingPoint ?? true else {
      return value
    }
    let dtype = try DType(tflite: info.type, of: "tensor \"\(info.name)\"")
    let op = QuantizeLinear(granularity: QuantizationGranularity(axis: quantization.axis), dtype: dtype)
    return try add(op, value, try scales(quantization), try zeroPoints(quantization, dtype))
  }

  // MARK: Translating one node

  func translate(_ call: TFLiteCall, by translate: TFLiteOperator.Translate) throws(ImportError) {
    try translating(call) { () throws(ImportError) in
      try translate(call, self)
      try call.requireAllRead()
    }
  }

  func info(input index: Int, of call: TFLiteCall) throws(ImportError) -> TFLiteTensor {
    guard index < call.node.inputs.count, call.node.inputs[index] >= 0 else {
      throw ImportError(.invalidInput, "input \(index) is missing", found: "\(call.node.inputs.count) inputs")
    }
    return subgraph.tensors[call.node.inputs[index]]
  }

  override func finish(_ results: [Value.ID]) throws(ImportError) {
    guard let call = try runningCall() as? TFLiteCall else { return }
    let outputs = call.node.outputs
    guard outputs.count <= results.count else {
      throw ImportError(
        .invalidGraph, "more outputs than the operator has", expected: "at most \(results.count)", found: "\(outputs.count)")
    }
    for (tensor, result) in zip(outputs, results) where tensor >= 0 {
      let info = subgraph.tensors[tensor]
      guard info.isQuantized, !call.isStored else { try define(tensor, as: result); continue }
      try define(tensor, as: try quantize(result, info))
    }
  }

  /// The result, with the function that the node says is applied to it.
  func finish(activated result: Value.ID, _ call: TFLiteCall) throws(ImportError) {
    guard let activation = try call.activation() else { return try finish(result) }
    try finish(try add(Unary(activation), result))
  }
}

extension TFLiteTensor {
  /// True for integers that stand for other numbers. The integers of biases are handled where they are used.
  var isQuantized: Bool { quantization != nil && [3, 7, 9, 17, 19, 20].contains(type) }
}
