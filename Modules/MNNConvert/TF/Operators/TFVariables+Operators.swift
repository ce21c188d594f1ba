import MNNGraph

/// Variables are constants: what a saved model assigns while it runs is not kept.
extension TFVariables {
  static let operators: [TFOperator] =
    [
      .op("ReadVariableOp") { node, scope throws(ImportError) in try scope.finish(try node.input(0)) },
      .op("ResourceGather") { node, scope throws(ImportError) in
        try scope.finish(
          try scope.gather(try node.input(0), try node.input(1), axis: 0, batchAxes: try node.int("batch_dims", default: 0)))
      },
    ]
    + TFOperator.ops("VarHandleOp", "Variable", "VariableV2") { node, scope throws(ImportError) in
      node.ignore("shape")
      node.ignore("allowed_devices")
      try scope.finish(scope.constant(try scope.importer.variable(node.node.name), name: node.name))
    }
}
