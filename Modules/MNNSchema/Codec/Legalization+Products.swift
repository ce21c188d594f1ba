import MNNGraph

extension Legalization {
  /// A product with rows in few bits is a convolution over images of one pixel, the only operator whose weights the format keeps so:
  ///
  ///     MatMul(x, W') -> Reshape(Convolution(Reshape(x, [-1, k, 1, 1]), W), [..., n])
  static let pixelsOfProducts = Rule("write-pixels-of-products", on: MatMul.self) { op, node, graph throws(GraphError) in
    guard op.transposesB, !op.transposesA, op.activation == .identity, let x = node.inputs[0], !isQuantized(x, in: graph),
      graph[x].type.map({ $0.dtype == .float32 && $0.shape.rank >= 2 }) ?? true,
      let weight = QuantizedConstant(node.inputs[1], in: graph), weight.shape.count == 2,
      let kernel = try weight.withRank(4), QuantizedCodes(kernel, of: Convolution()) != nil
    else { return nil }
    let (rows, columns) = (weight.shape[0], weight.shape[1])
    let bias = node.inputs.count > 2 ? node.inputs[2] : nil
    let isStored = bias.map { graph.constant($0)?.shape == [rows] } ?? true
    // As MNN's converter names it, so that files of choices fit both.
    let name = "\(graph[node.results[0]].name)__matmul_converted"
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let pixels = try builder.add(Reshape(), x, builder.constant([-1, Int64(columns), 1, 1]))
      let w = try kernel.append(to: &builder, name: "\(name)/weight")
      let y = try builder.add(results: Convolution(), [pixels, w] + (isStored && bias != nil ? [bias] : []), name: name)[0]
      let shape = try targetShape(graph[x].type?.shape, x, last: rows, &builder)
      let result = try builder.add(Reshape(), y, shape)
      return [isStored ? result : try builder.add(Binary(.add), result, bias)]
    }
  }

  /// What comes out of kernels for bytes is multiplied by them, with weights that stay where they are.
  private static func isQuantized(_ x: Value.ID, in graph: Graph) -> Bool {
    graph.producer(of: x, as: DequantizeLinear.self) != nil
  }

  /// The sizes of a product: those of its left factor, but for the last one.
  private static func targetShape(
    _ shape: Shape?, _ x: Value.ID, last: Int, _ builder: inout GraphBuilder
  ) throws(GraphError) -> Value.ID {
    var sizes = (shape?.dimensions ?? []).dropLast().map { $0.value.map { Int64($0) } }
    let open = sizes.indices.filter { sizes[$0] == nil }
    if shape == nil || open.count > 1 {
      let lead = try builder.add(ShapeOf(end: -1, dtype: .int32), x)
      return try builder.add(Concat(axis: 0), lead, builder.constant([Int32(clamping: last)]))
    }
    // A size that is a number is an example in this format: the first gives way.
    if !sizes.contains(0), !sizes.isEmpty { sizes[open.first ?? 0] = nil }
    return try builder.constant(sizes.map { $0 ?? -1 } + [Int64(last)])
  }
}
