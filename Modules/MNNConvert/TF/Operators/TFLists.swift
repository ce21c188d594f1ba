import MNNGraph

/// Lists of tensors: a tensor with one axis more.
enum TFLists {
  static let operators: [TFOperator] = [
    .op("EmptyTensorList") { node, scope throws(ImportError) in
      try reserve(node, scope, count: try scope.constant(Int64(0)), shape: 0)
    },
    .op("TensorArrayCloseV3") { _, scope throws(ImportError) in try scope.finish(values: []) },
    .op("TensorArrayGatherV3") { node, scope throws(ImportError) in
      try scope.append(Gather(axis: 0), try node.input(2), try node.input(1))
    },
    .op("TensorArrayReadV3") { node, scope throws(ImportError) in try item(try node.input(2), try node.input(1), scope) },
    .op("TensorArrayScatterV3") { node, scope throws(ImportError) in
      // Written from the first to the last.
      guard isCount(try node.input(1), scope) else {
        throw ImportError(
          .invalidInput, "a list that is written in another order is not supported", expected: "indices 0, 1, 2, …")
      }
      try scope.finish(try node.input(2))
    },
    .op("TensorArraySizeV3") { node, scope throws(ImportError) in try length(node, scope, 1) },
    .op("TensorArrayV3") { node, scope throws(ImportError) in
      let dtype = try node.dtype("dtype") ?? .float32
      let count = try node.input(0)
      var flow = TFValue.reserved(count: count, dtype: dtype)
      if let shape = try node.shape("element_shape"), shape.allSatisfy({ $0 >= 0 }) {
        flow = .tensor(try scope.zeros(count: count, shape, dtype))
      }
      try scope.finish(values: [.tensor(try scope.constant(Int32(0))), flow])
    },
    .op("TensorArrayWriteV3") { node, scope throws(ImportError) in
      try write(node, scope, list: 3, index: 1, item: 2)
    },
    .op("TensorListFromTensor") { node, scope throws(ImportError) in try scope.finish(try node.input(0)) },
    .op("TensorListGather") { node, scope throws(ImportError) in
      try scope.append(Gather(axis: 0), try node.input(0), try node.input(1))
    },
    .op("TensorListGetItem") { node, scope throws(ImportError) in try item(try node.input(0), try node.input(1), scope) },
    .op("TensorListLength") { node, scope throws(ImportError) in try length(node, scope, 0) },
    .op("TensorListPushBack") { node, scope throws(ImportError) in
      let item = try scope.add(Unsqueeze(), try node.input(1), try scope.constant([Int64(0)]))
      guard let list = node.optionalInput(0) else { return try scope.finish(item) }
      scope.learn(scope.type(of: try node.input(1)), of: list)
      try scope.append(Concat(axis: 0), list, item)
    },
    .op("TensorListReserve") { node, scope throws(ImportError) in
      try reserve(node, scope, count: try node.input(1), shape: 0)
    },
    .op("TensorListSetItem") { node, scope throws(ImportError) in
      try write(node, scope, list: 0, index: 1, item: 2)
    },
    .op("TensorListStack") { node, scope throws(ImportError) in try scope.finish(try node.input(0)) },
  ]

  private static func reserve(
    _ node: TFCall, _ scope: TFScope, count: Value.ID, shape index: Int
  ) throws(ImportError) {
    let dtype = try node.dtype("element_dtype") ?? .float32
    if let shape = scope.graph.constant(try node.input(index)), shape.rank == 1 {
      let sizes = try scope.converting { () throws(GraphError) in try shape.scalars(as: Int64.self).map { Int($0) } }
      if sizes.allSatisfy({ $0 >= 0 }) { return try scope.finish(try scope.zeros(count: count, sizes, dtype)) }
    }
    try scope.finish(values: [.reserved(count: count, dtype: dtype)])
  }

  private static func item(_ list: Value.ID, _ index: Value.ID, _ scope: TFScope) throws(ImportError) {
    try scope.append(Gather(axis: 0), list, try scope.add(Reshape(), index, scope.constant(try scalarShape(scope))))
  }

  private static func scalarShape(_ scope: TFScope) throws(ImportError) -> Tensor {
    try scope.converting { () throws(GraphError) in try Tensor([Int64]()) }
  }

  private static func write(
    _ node: TFCall, _ scope: TFScope, list: Int, index: Int, item: Int
  ) throws(ImportError) {
    let value = try node.input(item)
    let target: Value.ID
    if let known = node.optionalInput(list) {
      scope.learn(scope.type(of: value), of: known)
      target = known
    } else if list < node.values.count, case .reserved(let count, let dtype) = node.values[list],
      let sizes = scope.type(of: value)?.shape.sizes
    {
      target = try scope.zeros(count: count, sizes, dtype)
    } else {
      throw ImportError(.invalidInput, "the elements of a list have no known shape", advice: "export the model with fixed shapes")
    }
    let place = try scope.add(Reshape(), try scope.wide(try node.input(index)), try scope.constant([Int64(1), 1]))
    let row = try scope.add(Unsqueeze(), value, try scope.constant([Int64(0)]))
    try scope.append(ScatterND(), target, place, row)
  }

  private static func length(_ node: TFCall, _ scope: TFScope, _ index: Int) throws(ImportError) {
    if index < node.values.count, case .reserved(let count, _) = node.values[index] { return try scope.finish(count) }
    let shape = try scope.add(ShapeOf(dtype: .int32), try node.input(index))
    try scope.append(
      Gather(axis: 0), shape, scope.constant(try scope.converting { () throws(GraphError) in try Tensor(Int64(0)) }))
  }

  /// Whether indices are known to count from 0.
  private static func isCount(_ indices: Value.ID, _ scope: TFScope) -> Bool {
    if let tensor = scope.graph.constant(indices), let values = try? tensor.scalars(as: Int64.self) {
      return values.enumerated().allSatisfy { Int64($0) == $1 }
    }
    guard let (_, node) = scope.graph.producer(of: indices, as: Arange.self) else { return false }
    return [0: 0.0, 2: 1.0].allSatisfy { place, number in
      (try? scope.graph.constant(node.inputs[place])?.scalars(as: Double.self)) == [number]
    }
  }
}
