extension Graph {
  /// The value of an input that may be absent.
  package subscript(id: Value.ID?) -> Value? { id.map { self[$0] } }

  /// What is known of a node's inputs; nil if the type of one is not known.
  package func operands(of node: Node) -> Operands? { operands(of: node.inputs) }

  /// What is known of the inputs of a node that may come to be.
  package func operands(of inputs: [Value.ID?]) -> Operands? {
    var list: [Operand?] = []
    for input in inputs {
      guard let input else { list.append(nil); continue }
      guard let operand = operand(input) else { return nil }
      list.append(operand)
    }
    return Operands(list)
  }
}
