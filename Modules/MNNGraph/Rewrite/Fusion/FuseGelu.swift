extension Rule {
  /// GELU however it is spelled, up to the order of its factors:
  ///
  ///     x * 1/2 * (1 + erf(x / √2)) -> gelu(x)
  ///     x * 1/2 * (1 + tanh(√(2/π) * (x + 0.044715 x³))) -> geluTanh(x)
  public static let fuseGelu = Rule("fuse-gelu", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .multiply, let product = ScaledProduct(of: node.results[0], in: graph), product.factors.count == 2
    else { return nil }
    for (x, gate) in [(product.factors[0], product.factors[1]), (product.factors[1], product.factors[0])] {
      guard graph[x].type != nil, graph[x].type == graph[node.results[0]].type,
        let gate = Gate(gate, of: x, in: graph), product.scale * gate.scale ~~ 0.5
      else { continue }
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        [try builder.add(Unary(gate.function), x, name: node.name)]
      }
    }
    return nil
  }
}

/// `scale * (1 + erf(x / √2))` or `scale * (1 + tanh(…))`.
private struct Gate {
  let function: ScalarFunction
  let scale: Double

  init?(_ id: Value.ID, of x: Value.ID, in graph: Graph) {
    guard let sum = ScaledSum(of: id, in: graph), sum.terms.count == 1, sum.constant != 0 else { return nil }
    scale = sum.constant
    // The sum is `scale * (1 + f)`; its term may carry the scale as a factor.
    guard let term = ScaledProduct(of: sum.terms[0], in: graph), term.factors.count == 1, term.scale ~~ sum.constant,
      let (unary, producer) = graph.producer(of: term.factors[0], as: Unary.self), let argument = producer.inputs[0],
      let inner = ScaledProduct(of: argument, in: graph)
    else { return nil }
    switch unary.function {
    case .erf:
      guard inner.factors == [x], inner.scale ~~ 0.5.squareRoot() else { return nil }
      function = .gelu
    case .tanh:
      guard Gate.isCubic(inner, of: x, in: graph) else { return nil }
      function = .geluTanh
    default: return nil
    }
  }

  /// `√(2/π) * (x + 0.044715 x³)`, or with `x` as a factor: `√(2/π) * x * (1 + 0.044715 x²)`.
  private static func isCubic(_ product: ScaledProduct, of x: Value.ID, in graph: Graph) -> Bool {
    guard product.scale ~~ (2 / Double.pi).squareRoot() else { return false }
    if product.factors.count == 1 {
      guard let sum = ScaledSum(of: product.factors[0], in: graph), sum.constant == 0, sum.terms.count == 2,
        let linear = sum.terms.firstIndex(of: x), let cube = ScaledProduct(of: sum.terms[1 - linear], in: graph)
      else { return false }
      return cube.scale ~~ 0.044715 && cube.factors == [x, x, x]
    }
    guard product.factors.count == 2, let linear = product.factors.firstIndex(of: x),
      let sum = ScaledSum(of: product.factors[1 - linear], in: graph), sum.constant ~~ 1, sum.terms.count == 1,
      let square = ScaledProduct(of: sum.terms[0], in: graph)
    else { return false }
    return square.scale ~~ 0.044715 && square.factors == [x, x]
  }
}

/// A value as a number times other values: nested products, quotients by constants and small powers multiplied out.
private struct ScaledProduct {
  var scale = 1.0
  var factors: [Value.ID] = []

  init?(of id: Value.ID, in graph: Graph) {
    guard collect(id, graph, depth: 0) else { return nil }
  }

  private mutating func collect(_ id: Value.ID, _ graph: Graph, depth: Int) -> Bool {
    guard depth < 6, factors.count < 4 else { return false }
    if let number = graph.scalar(id) {
      scale *= number
      return true
    }
    if let (unary, node) = graph.producer(of: id, as: Unary.self), unary.function == .square, let x = node.inputs[0] {
      return collect(x, graph, depth: depth + 1) && collect(x, graph, depth: depth + 1)
    }
    guard let (op, node) = graph.producer(of: id, as: Binary.self), op.activation == .identity, let a = node.inputs[0],
      let b = node.inputs[1]
    else {
      factors.append(id)
      return true
    }
    switch (op.function, graph.scalar(b)) {
    case (.multiply, _): return collect(a, graph, depth: depth + 1) && collect(b, graph, depth: depth + 1)
    case (.divide, let divisor?):
      scale /= divisor
      return collect(a, graph, depth: depth + 1)
    case (.power, let exponent?) where exponent == 2 || exponent == 3:
      return (0..<Int(converting: exponent)).allSatisfy { _ in collect(a, graph, depth: depth + 1) }
    default:
      factors.append(id)
      return true
    }
  }
}

/// A value as a number plus one or two other values.
private struct ScaledSum {
  var constant = 0.0
  var terms: [Value.ID] = []

  init?(of id: Value.ID, in graph: Graph) {
    guard let (op, node) = graph.producer(of: id, as: Binary.self), op.function == .add, op.activation == .identity else {
      return nil
    }
    for case let input? in node.inputs {
      if let number = graph.scalar(input) { constant += number } else { terms.append(input) }
    }
  }
}

extension Graph {
  /// The number that a constant of one element holds.
  fileprivate func scalar(_ id: Value.ID) -> Double? {
    guard let tensor = constant(id), tensor.count == 1, tensor.dtype.isFloatingPoint else { return nil }
    return try? tensor.scalars(as: Double.self).first
  }
}

infix operator ~~ : ComparisonPrecedence

/// Equal as far as exporters write constants: some print 1.41421354, others 1.4142.
private func ~~ (a: Double, b: Double) -> Bool { abs(a - b) <= 1e-4 * abs(b) }
