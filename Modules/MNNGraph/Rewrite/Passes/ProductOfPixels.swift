extension Rule {
  /// A convolution over images of one pixel is a product, as which `.mnn` files keep those with constant weights:
  ///
  ///     Convolution(Reshape(x, [-1, k, 1, 1]), W [n, k, 1, 1]) -> Reshape(MatMul(Reshape(x, [-1, k]), W'), [-1, n, 1, 1])
  public static let productOfPixels = Rule("product-of-pixels", on: Convolution.self) { op, node, graph throws(GraphError) in
    guard let (reshape, producer) = graph.producer(of: node.inputs[0], as: Reshape.self), let x = producer.inputs[0],
      let sizes = try graph.constant(producer.inputs[1])?.scalars(as: Int64.self), sizes.count == 4, sizes[2...] == [1, 1],
      sizes[1] > 0, reshape.allowsZero || sizes[0] != 0, graph.producer(of: x, as: DequantizeLinear.self) == nil,
      op.groups == 1, op.isPointwise, let weight = PixelWeight(node.inputs[1], columns: Int(clamping: sizes[1]), in: graph),
      !graph[node.results[0]].consumers.contains(where: { graph[$0]?.op is QuantizeLinear })
    else { return nil }
    let bias = node.inputs.count > 2 ? node.inputs[2] : nil
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let rows = try builder.add(reshape, x, builder.constant([sizes[0], sizes[1]]))
      let w = try weight.append(to: &builder, name: "\(node.name)/weight")
      let product = MatMul(transposesB: true, activation: op.activation)
      let y = try builder.add(results: product, [rows, w] + (bias.map { [$0] } ?? []), name: node.name)[0]
      return [try builder.add(Reshape(), y, builder.constant([-1, Int64(weight.rowCount), 1, 1]))]
    }
  }

  /// Rows that are made for a product alone need not be: `Reshape(MatMul(Reshape(x, [-1, k]), W), [..., n]) -> MatMul(x, W)`.
  public static let rowsOfProduct = Rule("rows-of-product", on: Reshape.self) { _, node, graph throws(GraphError) in
    guard let (op, product) = graph.soleProducer(of: node.inputs[0], as: MatMul.self), !op.transposesA,
      let (_, reshape) = graph.producer(of: product.inputs[0], as: Reshape.self), let x = reshape.inputs[0],
      let type = graph[x].type, type.shape.rank > 2, let rows = product.inputs[0].flatMap({ graph[$0].type }),
      rows.shape.rank == 2, rows.shape[1] == type.shape[type.shape.rank - 1],
      product.inputs[1].flatMap({ graph[$0].type })?.shape.rank == 2, let result = graph[node.results[0]].type,
      let columns = graph[product.results[0]].type?.shape.dimensions.last,
      result.shape == Shape(type.shape.dimensions.dropLast() + [columns]), graph.hasBiasOfColumns(product)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: op, [x] + product.inputs.dropFirst(), name: product.name)
    }
  }
}

extension Convolution {
  /// Whether every element of the result follows from one place of the image.
  fileprivate var isPointwise: Bool {
    guard strides.allSatisfy({ $0 == 1 }) else { return false }
    guard case .explicit(let before, let after) = padding else { return true }
    return before.allSatisfy { $0 == 0 } && after.allSatisfy { $0 == 0 }
  }
}

/// The constant weights of a 1x1 convolution, as rows of a matrix.
private struct PixelWeight {
  private enum Form {
    case floats(Tensor)
    case halves(Tensor)
    case codes(QuantizedConstant)
  }
  private let form: Form
  let rowCount: Int

  init?(_ id: Value.ID?, columns: Int, in graph: Graph) {
    guard let id, let type = graph[id].type, type.dtype == .float32, let shape = type.shape.sizes, shape.count == 4,
      shape[1...] == [columns, 1, 1]
    else { return nil }
    rowCount = shape[0]
    if let tensor = try? graph.constant(id)?.reshaped([rowCount, columns]) {
      form = .floats(tensor)
    } else if let (_, cast) = graph.producer(of: id, as: Cast.self), let tensor = graph.constant(cast.inputs[0]),
      let halves = try? tensor.reshaped([rowCount, columns])
    {
      form = .halves(halves)
    } else if let constant = try? QuantizedConstant(id, in: graph)?.withRank(2) {
      form = .codes(constant)
    } else {
      return nil
    }
  }

  func append(to builder: inout GraphBuilder, name: String) throws(GraphError) -> Value.ID {
    switch form {
    case .floats(let tensor): builder.constant(tensor, name: name)
    case .halves(let tensor): try builder.add(Cast(to: .float32), builder.constant(tensor), name: name)
    case .codes(let constant): try constant.append(to: &builder, name: name)
    }
  }
}

extension Graph {
  /// Whether a product's bias, if it has one, is one number per column or one for all.
  fileprivate func hasBiasOfColumns(_ product: Node) -> Bool {
    guard product.inputs.count > 2, let bias = product.inputs[2] else { return true }
    return self[bias].type.map { $0.shape.rank <= 1 } ?? false
  }
}
