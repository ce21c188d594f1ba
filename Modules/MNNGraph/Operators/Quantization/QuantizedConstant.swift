/// A constant in few bits, as it stands in a graph: `DequantizeLinear` of constants.
package struct QuantizedConstant {
  package var op: DequantizeLinear
  package var codes: Tensor
  package var scale: Tensor
  package var zeroPoint: Tensor?
  package var offset: Tensor?

  /// The constant that makes a value, or nil if the value is something else.
  package init?(_ id: Value.ID?, in graph: Graph) {
    guard let (op, node) = graph.producer(of: id, as: DequantizeLinear.self) else { return nil }
    func given(_ i: Int) -> Value.ID? { i < node.inputs.count ? node.inputs[i] : nil }
    guard let codes = graph.constant(given(0)), let scale = graph.constant(given(1)) else { return nil }
    (self.op, self.codes, self.scale) = (op, codes, scale)
    zeroPoint = graph.constant(given(2))
    offset = graph.constant(given(3))
    guard (zeroPoint == nil) == (given(2) == nil), (offset == nil) == (given(3) == nil) else { return nil }
  }

  package init(_ op: DequantizeLinear, codes: Tensor, scale: Tensor, zeroPoint: Tensor? = nil, offset: Tensor? = nil) {
    (self.op, self.codes, self.scale, self.zeroPoint, self.offset) = (op, codes, scale, zeroPoint, offset)
  }

  /// The constant of grouped codes.
  package init(_ groups: GroupedCodes) throws(GraphError) {
    let (op, operands) = try groups.dequantization()
    self.init(
      op, codes: operands[0], scale: operands[1], zeroPoint: operands.count > 2 ? operands[2] : nil,
      offset: operands.count > 3 ? operands[3] : nil)
  }

  package var shape: [Int] { codes.shape }

  /// Bytes of codes, scales and offsets.
  package var byteCount: Int { codes.byteCount + scale.byteCount + (offset?.byteCount ?? 0) }

  /// The same with axes of size 1 behind the others, or without the last ones; nil if these are not of size 1, or if scales go along
  /// them.
  package func withRank(_ rank: Int) throws(GraphError) -> QuantizedConstant? {
    guard rank != shape.count else { return self }
    func resized(_ tensor: Tensor) throws(GraphError) -> Tensor? {
      if rank > tensor.rank { return try tensor.reshaped(tensor.shape + [Int](repeating: 1, count: rank - tensor.rank)) }
      guard tensor.shape[rank...].allSatisfy({ $0 == 1 }) else { return nil }
      return try tensor.reshaped(Array(tensor.shape[..<rank]))
    }
    var result = self
    guard rank > 0, op.granularity.axis >= 0, op.granularity.axis < rank, let narrow = try resized(codes) else { return nil }
    result.codes = narrow
    guard op.granularity.blockSize > 0 else { return result }
    guard let fewer = try resized(scale) else { return nil }
    result.scale = fewer
    if let offset {
      guard let fewer = offset.rank == scale.rank ? try resized(offset) : offset else { return nil }
      result.offset = fewer
    }
    if let zeroPoint, zeroPoint.rank == scale.rank {
      guard let fewer = try resized(zeroPoint) else { return nil }
      result.zeroPoint = fewer
    }
    return result
  }

  /// Adds it to a graph.
  package func append(to builder: inout GraphBuilder, name: String) throws(GraphError) -> Value.ID {
    let inputs = [codes, scale, zeroPoint, offset].map { tensor in tensor.map { builder.constant($0, name: "\(name)/constant") } }
    return try builder.add(results: op, inputs.trimmed, name: name)[0]
  }
}

extension [Value.ID?] {
  /// Without absent inputs at the end.
  fileprivate var trimmed: [Value.ID?] {
    var result = self
    while result.last == .some(nil) { result.removeLast() }
    return result
  }
}
