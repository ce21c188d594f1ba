extension Rule {
  /// An activation becomes part of the operator before it: `f(Convolution(x)) -> Convolution(x, activation: f)`.
  public static let fuseActivation = Rule("fuse-activation") { node, graph throws(GraphError) in
    guard let function = (node.op as? Unary)?.function, function.kind.isActivation else { return nil }
    let op: any Operator
    let producer: Node
    if let (convolution, source) = graph.soleProducer(of: node.inputs[0], as: Convolution.self),
      convolution.activation == .identity
    {
      var fused = convolution
      fused.activation = function
      (op, producer) = (fused, source)
    } else if let (convolution, source) = graph.soleProducer(of: node.inputs[0], as: ConvolutionTranspose.self),
      convolution.activation == .identity
    {
      var fused = convolution
      fused.activation = function
      (op, producer) = (fused, source)
    } else {
      return nil
    }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: op, producer.inputs, name: producer.name)
    }
  }

  /// An input times a function of itself: `x * sigmoid(x) -> silu(x)`, `x * hardSigmoid(x; 1/6, 1/2) -> hardSwish(x)`,
  /// `x * tanh(softplus(x)) -> mish(x)`.
  public static let fuseSelfGate = Rule("fuse-self-gate", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .multiply, op.activation == .identity, node.inputs.count == 2 else { return nil }
    for (x, gate) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
      guard let x, let gate, let producer = graph.producer(of: gate), graph.hasSoleUse(gate) else { continue }
      let function: ScalarFunction
      switch producer.op {
      case let f as Unary where f.function == .sigmoid && producer.inputs[0] == x: function = .silu
      case let f as Unary where f.function.isHardSwishGate && producer.inputs[0] == x: function = .hardSwish
      case let f as Unary where f.function == .tanh:
        guard let (inner, source) = graph.soleProducer(of: producer.inputs[0], as: Unary.self),
          inner.function == .softplus, source.inputs[0] == x
        else { continue }
        function = .mish
      default: continue
      }
      return GraphPatch(replacing: node) { builder throws(GraphError) in [try builder.add(Unary(function), x)] }
    }
    return nil
  }
}

extension ScalarFunction {
  /// `relu6(x + 3) / 6`.
  fileprivate var isHardSwishGate: Bool { kind == .hardSigmoid && abs(a - 1 / 6) < 1e-6 && abs(b - 0.5) < 1e-6 }
}
