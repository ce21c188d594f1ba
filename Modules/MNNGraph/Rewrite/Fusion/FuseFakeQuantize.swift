extension Rule {
  /// `Dequantize(Quantize(x)) -> FakeQuantize(x)`, which can stay in registers and in any layout.
  public static func fuseFakeQuantize(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-fake-quantize", on: DequantizeLinear.self) { op, node, graph throws(GraphError) in
      guard let (quantize, producer) = graph.producer(of: node.inputs[0], as: QuantizeLinear.self),
        let type = graph[producer.inputs[0]]?.type, type == graph[node.results[0]].type,
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
      let fused = FakeQuantize(scale: value, zeroPoint: Int(points[0]), dtype: dtype, range: quantize.range)
      return GraphPatch(replacing: node, with: fused, [producer.inputs[0]], in: graph, ifClaimed: claims)
    }
  }
}
