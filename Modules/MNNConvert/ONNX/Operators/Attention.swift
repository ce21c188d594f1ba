import MNNGraph

/// What language models are made of.
enum ONNXAttention {
  static let operators: [ONNXOperator] = [
    .op("Attention", since: [23: attention]),
    .op("LinearAttention", linearAttention),
    .op("RotaryEmbedding") { node, scope throws(ImportError) in
      let isInterleaved = try node.flag("interleaved", default: false)
      let size = try node.int("rotary_embedding_dim", default: 0)
      try scope.append(
        RotaryEmbedding(isInterleaved: isInterleaved, turnedSize: size, heads: try node.int("num_heads", default: 0)))
    },
  ]

  private static func attention(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let queryHeads = try node.int("q_num_heads")
    let keyHeads = try node.int("kv_num_heads")
    var op = Attention(
      scale: try node.float("scale"), isCausal: try node.flag("is_causal", default: false),
      window: (try window(node, "left_window_size"), try window(node, "right_window_size")),
      softcap: try node.float("softcap", default: 0), softmaxType: try node.dtype("softmax_precision"),
      givesPresent: node.hasOutput(1) || node.hasOutput(2))
    // With four axes the heads have one of their own.
    if try scope.rank(of: try node.input(0)) == 3 {
      op.heads = Attention.Heads(
        query: try node.required("q_num_heads", queryHeads), key: try node.required("kv_num_heads", keyHeads))
    }
    let stage = try node.int("qk_matmul_output_mode", default: 0)
    let stages: [Attention.ScoreStage] = [.product, .capped, .biased, .probabilities]
    guard stages.indices.contains(stage) else {
      throw node.invalid("qk_matmul_output_mode", expected: "0 to 3", found: "\(stage)")
    }
    if node.hasOutput(3) { op.scores = stages[stage] }
    var results = try scope.add(results: op, node.inputs)[...]
    let y = results.removeFirst()
    let scores = op.scores == nil ? nil : results.popLast()
    try scope.finish(y: y, present: Array(results), scores: scores)
  }

  /// -1 stands for no bound.
  private static func window(_ node: ONNXCall, _ name: String) throws(ImportError) -> Int? {
    let size = try node.int(name, default: -1)
    guard size >= -1 else { throw node.invalid(name, expected: "at least -1", found: "\(size)") }
    return size == -1 ? nil : size
  }

  private static func linearAttention(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("chunk_size")  // of the computation, not of the result
    let rules: [String: LinearAttention.Rule] = [
      "linear": .linear, "gated": .gated, "delta": .delta, "gated_delta": .gatedDelta,
    ]
    try scope.append(
      LinearAttention(
        try node.choice("update_rule", default: "gated_delta", rules),
        heads: try node.required("q_num_heads", try node.int("q_num_heads")),
        keyHeads: try node.required("kv_num_heads", try node.int("kv_num_heads")),
        scale: try node.float("scale", default: 0)))
  }
}

extension ONNXScope {
  /// Outputs that the operator does not give are ones that the node does not name.
  fileprivate func finish(y: Value.ID, present: [Value.ID], scores: Value.ID?) throws(ImportError) {
    guard let scores else { return try finish([y] + present) }
    try finish([y] + (present.isEmpty ? [y, y] : present) + [scores])
  }
}
