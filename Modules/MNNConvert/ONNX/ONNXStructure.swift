import MNNGraph

/// What a name of a model stands for where it is no tensor. Sequences are lists of values as long as their lengths follow from
/// the model; from there on, and in loops and branches, they are two tensors each (``PackedList``).
enum ONNXStructure {
  /// A sequence whose tensors are known one by one; `dtype` is what the model says of an empty one.
  case elements([Value.ID], dtype: DType?)
  case packed(elements: Value.ID, layout: Value.ID)
  /// An optional without a value.
  case nothing

  /// The same of other values.
  func mapped(_ value: (Value.ID) -> Value.ID) -> ONNXStructure {
    switch self {
    case .elements(let ids, let dtype): .elements(ids.map(value), dtype: dtype)
    case .packed(let elements, let layout): .packed(elements: value(elements), layout: value(layout))
    case .nothing: .nothing
    }
  }
}

extension ONNXType {
  var isSequence: Bool {
    switch self {
    case .sequence: true
    case .optional(let type): type.isSequence
    default: false
    }
  }
}

extension ONNXScope {
  /// The two tensors that stand for a sequence.
  func packed(_ structure: ONNXStructure) throws(ImportError) -> (elements: Value.ID, layout: Value.ID) {
    switch structure {
    case .packed(let elements, let layout): return (elements, layout)
    case .elements(let ids, let dtype):
      let results = try converting { () throws(GraphError) in
        try target.graph.append(PackedList(.pack(dtype: dtype ?? .float32)), ids, name: "\(prefix)list")
      }
      return (results[0], results[1])
    case .nothing: throw ImportError(.invalidInput, "the optional has no value", expected: "a sequence")
    }
  }

  /// The graph's outputs for a sequence: of a branch or body its two tensors, of the model its elements as `name[0]`, ….
  func outputs(of structure: ONNXStructure, named name: String) throws(ImportError) -> [Value.ID] {
    if outer != nil {
      let list = try packed(structure)
      return [list.elements, list.layout]
    }
    guard case .elements(let ids, _) = structure else {
      throw ImportError(
        .unsupportedType, "output \"\(name)\" is not a tensor", expected: "a tensor",
        found: "a sequence or optional whose length is known only while running",
        advice: "join the sequence with ConcatFromSequence")
    }
    var outputs: [Value.ID] = []
    for (i, id) in ids.enumerated() {
      outputs.append(
        try converting { () throws(GraphError) in
          try target.graph.append(Identity(), [id], name: "\(name)[\(i)]", resultNames: ["\(name)[\(i)]"])[0]
        })
    }
    return outputs
  }
}
