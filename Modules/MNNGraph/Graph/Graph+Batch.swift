extension Graph {
  /// Gives the first axis of inputs a size where it is open, and infers all types anew.
  package mutating func setBatch(_ batch: Int) throws(GraphError) {
    guard batch > 0 else {
      throw GraphError(.attributeInvalid, "bad batch", expected: "at least 1", found: "\(batch)")
    }
    for id in inputs {
      guard let type = self[id].type, let first = type.shape.dimensions.first, first.value == nil else { continue }
      setType(TensorType(type.dtype, Shape([Dimension(batch)] + type.shape.dimensions.dropFirst())), of: id)
    }
    try inferTypes()
  }
}
