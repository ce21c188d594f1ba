import MNNGraph

/// Layers that go along sequences.
enum TFLiteRecurrent {
  static let operators: [TFLiteOperator] = [
    .op("UNIDIRECTIONAL_SEQUENCE_LSTM", sequenceLSTM)
  ]

  /// Inputs: x; weights of x, then of the state, in the order input, forget, cell, output; peepholes input, forget, output; biases;
  /// projection and its bias; states h and c; coefficients of layer normalization.
  private static func sequenceLSTM(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    node.ignore("asymmetric_quantize_inputs")
    guard try node.int("fused_activation_function", default: 4) == 4 else {
      throw node.invalid("fused_activation_function", expected: "4 (TANH)", found: "another")
    }
    for name in ["cell_clip", "proj_clip"] {
      let bound = try node.float(name)
      guard bound == 0 else { throw node.invalid(name, expected: "0, for none", found: "\(bound)") }
    }
    guard try !node.flag("diagonal_recurrent_tensors") else {
      throw node.invalid("diagonal_recurrent_tensors", expected: "false", found: "true")
    }
    for index in [16, 17, 20, 21, 22, 23] where node.optionalInput(index) != nil {
      throw ImportError(.invalidInput, "projection and layer normalization are not supported", found: "input \(index)")
    }
    let isTimeMajor = try node.flag("time_major")
    let swap = Transpose(permutation: [1, 0, 2])
    let x = try isTimeMajor ? node.input(0) : scope.add(swap, try node.input(0))
    // The order here is input, output, forget, cell.
    func joined(_ first: Int, _ order: [Int]) throws(ImportError) -> Value.ID {
      var parts: [Value.ID?] = []
      for place in order { parts.append(try node.input(first + place)) }
      let rows = try scope.add(results: Concat(axis: 0), parts)[0]
      return try scope.add(Unsqueeze(), rows, try scope.constant([Int64(0)]))
    }
    let (w, r) = (try joined(1, [0, 3, 1, 2]), try joined(5, [0, 3, 1, 2]))
    let ownBias = try joined(12, [0, 3, 1, 2])
    let bias = try scope.add(Concat(axis: 1), ownBias, try scope.filled(like: ownBias, with: 0))
    let peepholes = try node.optionalInput(9) == nil ? nil : joined(9, [0, 2, 1])
    func state(_ index: Int) throws(ImportError) -> Value.ID? {
      guard let value = node.optionalInput(index) else { return nil }
      return try scope.add(Unsqueeze(), value, try scope.constant([Int64(0)]))
    }
    let results = try scope.add(results: LSTM(), [x, w, r, bias, nil, try state(18), try state(19), peepholes])
    let y = try scope.add(Squeeze(), results[0], try scope.constant([Int64(1)]))
    try scope.finish(isTimeMajor ? y : try scope.add(swap, y))
  }
}
