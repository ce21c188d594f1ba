/// Whether a backend computes an operator on operands of these types, with these results: what fusion asks before it makes one.
///
/// Fusion knows no backend, and a backend is never given a fused operator that would only be expanded again.
public typealias Claim = @Sendable (_ op: any Operator, _ operands: Operands, _ results: [TensorType]) -> Bool

extension GraphPatch {
  /// A fused operator in place of a node, whose results its own are; nil if it is not claimed.
  ///
  /// - Parameter name: nil for the node's.
  package init?(
    replacing node: Node, with op: any Operator, _ inputs: [Value.ID?], name: String? = nil, in graph: Graph,
    ifClaimed claims: Claim
  ) {
    guard let operands = graph.operands(of: inputs) else { return nil }
    guard let results = try? op.resultTypes(for: operands), claims(op, operands, results) else { return nil }
    self.init(replacing: node) { builder throws(GraphError) in
      try builder.add(results: op, inputs, name: name ?? node.name)
    }
  }
}

extension PassPipeline {
  /// What makes fused operators (`Operators/Fused`) of those that a graph has, as far as a backend claims them. A backend that has
  /// layouts of its own puts their rules between these.
  public static func fusion(_ claims: @escaping Claim) -> PassPipeline {
    PassPipeline(
      spellings(claims) + invertedResiduals(claims) + attention(claims) + products(claims)
        + [Pass(.fuseResidualIntoLayerNorm(claims)), .removeDeadNodes])
  }

  /// What could not be seen before shapes were known, and activations as operators of their own, which others may take in.
  public static func spellings(_ claims: @escaping Claim) -> [Pass] {
    [
      .removeDeadNodes, Pass(.foldBatchNormalization), Pass(.fuseHardSigmoid), Pass(.fuseSelfGate), Pass(.fuseGelu),
      Pass(.fuseFakeQuantize(claims)), Pass(.splitActivation),
    ]
  }

  public static func invertedResiduals(_ claims: @escaping Claim) -> [Pass] {
    [
      Pass(.fuseInvertedResidual(claims)), Pass(.fuseResidualIntoInvertedResidual(claims)),
      Pass(.fuseActivationIntoInvertedResidual(claims)),
    ]
  }

  public static func attention(_ claims: @escaping Claim) -> [Pass] {
    [Pass(.fuseAttention(claims)), Pass(.fuseTransposeOfAttention(claims))]
  }

  /// The rules about products, in order: the residual comes last, as little can be added after it.
  public static func products(_ claims: @escaping Claim) -> [Pass] {
    [
      Pass(.fuseBiasIntoProduct(claims)), Pass(.fuseTransposeIntoProduct(claims)), Pass(.fuseTransposeOfProduct(claims)),
      Pass(.fuseScaleIntoProduct(claims)), Pass(.fuseActivationIntoProduct(claims)), Pass(.fuseResidualIntoProduct(claims)),
    ]
  }

  /// Chains of elementwise operators: made when nothing else takes one of them in.
  public static func chains(_ claims: @escaping Claim) -> PassPipeline {
    PassPipeline([Pass(.fuseElementwise(claims)), .removeDeadNodes])
  }
}
