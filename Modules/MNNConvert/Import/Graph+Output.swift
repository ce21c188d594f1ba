import MNNGraph

extension Graph {
  /// The value to give out under `name`: itself if it may take the name, else a copy.
  mutating func output(
    _ value: Value.ID, named name: String, besides others: [Value.ID]
  ) throws(GraphError) -> Value.ID {
    if self[value].name == name, !others.contains(value) { return value }
    switch self[value].origin {
    case .constant(let tensor): return addConstant(tensor, name: name)
    case .result where !others.contains(value):
      setName(name, of: value)
      return value
    default: return try append(Identity(), [value], name: name, resultNames: [name])[0]
    }
  }
}
