import MNNGraph

/// What is left of floats that were quantized with one scale and dequantized again.
///
/// - Inputs: `x`, float32. Result: its type.
struct FakeQuantize: PrimitiveOperator {
  var scale: Float
  var zeroPoint: Int
  var range: ClosedRange<Int>

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] { [try operands.type(0)] }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let y = try x.scalars(as: Float.self).map { value in
      let q = (value / scale).rounded(.toNearestOrEven) + Float(zeroPoint)
      return (min(max(q, Float(range.lowerBound)), Float(range.upperBound)) - Float(zeroPoint)) * scale
    }
    return [try Tensor(shape: x.shape, scalars: y)]
  }
}

extension Rule {
  /// `Dequantize(Quantize(x)) -> FakeQuantize(x)`, which can stay in registers and in any layout.
  static let fuseFakeQuantize = Rule("cpu-fuse-fake-quantize", on: DequantizeLinear.self) { op, node, graph throws(GraphError) in
    guard let (quantize, producer) = graph.producer(of: node.inputs[0], as: QuantizeLinear.self),
      graph[producer.inputs[0]]?.type?.dtype == .float32, graph[node.results[0]].type?.dtype == .float32,
      let dtype = graph[node.inputs[0]]?.type?.dtype, dtype.isByteInteger,
      let scale = graph.constant(producer.inputs[1]), scale.count == 1, graph.constant(node.inputs[1]) == scale
    else { return nil }
    guard node.inputs.count < 4 || node.inputs[3] == nil else { return nil }
    let zeros = [producer, node].map { $0.inputs.count > 2 ? $0.inputs[2] : nil }
    guard zeros.allSatisfy({ $0 == nil || graph.constant($0) != nil }),
      try zeros.map({ id throws(GraphError) in try graph.constant(id)?.scalars(as: Int64.self) ?? [0] })
        .allSatisfy({ $0.count == 1 })
    else { return nil }
    let points = try zeros.map { id throws(GraphError) in try graph.constant(id)?.scalars(as: Int64.self)[0] ?? 0 }
    guard points[0] == points[1], let value = try scale.scalars(as: Float.self).first, value.isFinite, value > 0 else {
      return nil
    }
    let fake = FakeQuantize(scale: value, zeroPoint: Int(points[0]), range: quantize.range ?? dtype.byteRange)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(fake, producer.inputs[0], name: node.name)]
    }
  }
}

extension Rule {
  /// Weights stored as integers become floats, which the kernels pack: `Dequantize(constant) -> constant`.
  static let dequantizeWeights = Rule("cpu-dequantize-weights", on: DequantizeLinear.self) { op, node, graph throws(GraphError) in
    var tensors: [Tensor?] = []
    for input in node.inputs {
      guard let input else { tensors.append(nil); continue }
      guard let tensor = graph.constant(input) else { return nil }
      tensors.append(tensor)
    }
    let arguments = Arguments(tensors)
    return GraphPatch(replacing: node) { builder throws(GraphError) in [builder.constant(try op.evaluate(arguments)[0])] }
  }
}
