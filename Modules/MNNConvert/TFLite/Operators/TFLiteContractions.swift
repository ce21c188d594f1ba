import MNNGraph

/// Products of matrices.
enum TFLiteContractions {
  static let operators: [TFLiteOperator] = [
    .op("BATCH_MATMUL") { node, scope throws(ImportError) in
      node.ignore("asymmetric_quantize_inputs")
      let op = MatMul(transposesA: try node.flag("adj_x"), transposesB: try node.flag("adj_y"))
      try scope.append(op, try node.input(0), try node.input(1))
    },
    .op("FULLY_CONNECTED", fullyConnected),
  ]

  /// The weight is `[units, depth]`. Unless told otherwise, all axes but the last one of the weight's depth become rows.
  private static func fullyConnected(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    node.ignore("asymmetric_quantize_inputs", "quantized_bias_type", "quant_spec")
    guard try node.int("weights_format", default: 0) == 0 else {
      throw node.invalid("weights_format", expected: "0 (DEFAULT)", found: "1 (SHUFFLED4x16INT8)")
    }
    var x = try node.input(0)
    let weight = try node.input(1)
    if try !node.flag("keep_num_dims"), scope.type(of: x)?.shape.rank != 2 || scope.depthDiffers(x, weight) {
      guard let depth = scope.type(of: weight)?.shape.dimensions.last?.value else {
        throw ImportError(.invalidInput, "the weight's shape is not known", advice: "export the model with fixed shapes")
      }
      x = try scope.add(Reshape(), x, try scope.constant([-1, Int64(depth)]))
    }
    let y = try scope.add(MatMul(transposesB: true), x, weight, node.optionalInput(2))
    try scope.finish(activated: y, node)
  }
}

extension TFLiteScope {
  fileprivate func depthDiffers(_ x: Value.ID, _ weight: Value.ID) -> Bool {
    guard let a = type(of: x)?.shape.dimensions.last, let b = type(of: weight)?.shape.dimensions.last else { return false }
    return a != b
  }
}
