import MNNGraph

extension Legalization {
  /// The format's transposed convolutions have one group, or one per channel; others become one operator per group, side by
  /// side.
  static let groupsApart = Rule("write-groups-apart", on: ConvolutionTranspose.self) { op, node, graph throws(GraphError) in
    guard op.groups > 1, op.groups <= 1 << 12, op.outputShape == nil, node.inputs.count < 4 || node.inputs[3] == nil,
      let x = node.inputs[0], let shape = node.inputs[1].flatMap({ graph[$0].type?.shape.sizes }), shape.count >= 3, shape[1] > 1,
      shape[0] % op.groups == 0
    else { return nil }
    let parts = try QuantizedConstant(node.inputs[1], in: graph)?.parts(op.groups)
    guard parts != nil || graph.constant(node.inputs[1]) != nil else { return nil }
    let bias = node.inputs.count > 2 ? node.inputs[2] : nil
    var single = op
    single.groups = 1
    let part = single
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let images = try builder.add(results: Split(axis: 1, count: op.groups), [x])
      var weights: [Value.ID] = []
      if let parts {
        for i in parts.indices { weights.append(try parts[i].append(to: &builder, name: "\(node.name)/weight\(i)")) }
      } else {
        weights = try builder.add(results: Split(axis: 0, count: op.groups), [node.inputs[1]])
      }
      let biases = try bias.map { id throws(GraphError) in try builder.add(results: Split(axis: 0, count: op.groups), [id]) }
      var results: [Value.ID?] = []
      for i in 0..<op.groups {
        results += try builder.add(results: part, [images[i], weights[i], biases?[i]], name: "\(node.name)/group\(i)")
      }
      return [try builder.add(results: Concat(axis: 1), results, name: node.name)[0]]
    }
  }
}

extension QuantizedConstant {
  /// Equal parts along the first axis; nil if one scale serves several of them.
  fileprivate func parts(_ count: Int) throws(GraphError) -> [QuantizedConstant]? {
    let runs = try op.granularity.groups(scale.shape, of: codes.shape)
    guard codes.dtype.isSignedInteger, codes.dtype.bitCount <= 8, count > 0, codes.shape[0] % count == 0,
      runs.indices.count % count == 0, (zeroPoint == nil) == (offset == nil), zeroPoint.map({ $0.count == 1 }) ?? true
    else { return nil }
    let (values, scales) = (try codes.scalars(as: Int8.self), try scale.scalars(as: Float.self))
    let offsets = try offset?.scalars(as: Float.self)
    let lowest = try zeroPoint?.scalars(as: Int64.self).first ?? 0
    guard offsets.map({ $0.count == scales.count }) ?? true else { return nil }
    var shape = codes.shape
    shape[0] /= count
    let (size, groups) = (values.count / count, runs.indices.count / count)
    var result: [QuantizedConstant] = []
    for i in 0..<count {
      let own = runs.indices[i * groups..<(i + 1) * groups]
      let part = GroupedCodes(
        codes: try Tensor(shape: shape, scalars: Array(values[i * size..<(i + 1) * size])), bits: codes.dtype.bitCount,
        scales: own.map { scales[$0] }, minima: offsets.map { offsets in own.map { offsets[$0] } }, lowest: Int(lowest),
        areHalves: scale.dtype == .float16)
      result.append(try QuantizedConstant(part))
    }
    return result
  }
}
