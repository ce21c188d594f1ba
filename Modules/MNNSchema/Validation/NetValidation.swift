extension Wire.Net {
  /// Judges what the verifier cannot: that indices name tensors, that every tensor has one producer, that parameter
  /// tables are there and belong to their operators, and that vectors are as long as the sizes beside them promise.
  ///
  /// Touches the headers of packed weights, not the weights. MNN checks none of this and crashes, or answers
  /// with what lies beyond a buffer (`Docs/format.md`, 1).
  ///
  /// - Parameter externalByteCount: the size of the file of external weights, if it is known.
  package func validate(externalByteCount: Int? = nil) throws(FormatError) {
    guard let operators = oplists, !operators.isEmpty, let names = tensorName, !names.isEmpty else {
      throw FormatError(
        .missing, "the model is empty", expected: "a list of operators and a list of tensor names",
        advice: "convert the model again")
    }
    let subgraphs = subgraphs ?? []
    var subgraphNames: Set<String> = []
    for (index, subgraph) in subgraphs.enumerated() {
      guard let name = subgraph.name, !name.isEmpty else {
        throw FormatError(.subgraphInvalid, "subgraph \(index) has no name")
      }
      guard subgraphNames.insert(name).inserted else {
        throw FormatError(.subgraphInvalid, "two subgraphs are named \"\(name)\"")
      }
    }

    let context = NetContext(subgraphs: subgraphNames, externalByteCount: externalByteCount)
    try context.validate(operators, tensorCount: names.count)
    try context.validate(extraTensorDescribe, tensorCount: names.count)
    for subgraph in subgraphs {
      do throws(FormatError) {
        try context.validate(subgraph)
      } catch {
        throw error.inSubgraph(subgraph.name)
      }
    }
  }
}

/// What the operators of a model may refer to.
struct NetContext {
  let subgraphs: Set<String>
  let externalByteCount: Int?

  func validate(_ subgraph: Wire.SubGraphProto) throws(FormatError) {
    let count = subgraph.tensors?.count ?? 0
    try check(subgraph.inputs, "an input of the subgraph", below: count, allowingAbsent: false)
    try check(subgraph.outputs, "an output of the subgraph", below: count, allowingAbsent: false)
    try validate(subgraph.nodes ?? [], tensorCount: count)
    try validate(subgraph.extraTensorDescribe, tensorCount: count)
  }

  func validate(_ descriptions: [Wire.TensorDescribe]?, tensorCount: Int) throws(FormatError) {
    for description in descriptions ?? [] where description.index < 0 || description.index >= tensorCount {
      throw FormatError(
        .indexOutOfRange, "a tensor description names no tensor", expected: "0 to \(tensorCount - 1)",
        found: "\(description.index)")
    }
  }

  func validate(_ operators: [Wire.Op], tensorCount: Int) throws(FormatError) {
    var producers = [Int32](repeating: -1, count: tensorCount)
    for (index, op) in operators.enumerated() {
      do throws(FormatError) {
        try validate(op, tensorCount: tensorCount)
        for output in op.outputIndexes ?? [] where output >= 0 {
          let other = producers[Int(output)]
          guard other < 0 else {
            let name = operators[Int(other)].name ?? "operator \(other)"
            throw FormatError(.producedTwice, "tensor \(output) is written twice", found: "also written by \"\(name)\"")
          }
          producers[Int(output)] = Int32(truncatingIfNeeded: index)
        }
      } catch {
        throw error.at(node: op.name ?? "#\(index)", operator: op.type.description)
      }
    }
  }

  private func validate(_ op: Wire.Op, tensorCount: Int) throws(FormatError) {
    try check(op.inputIndexes, "an input", below: tensorCount)
    try check(op.outputIndexes, "an output", below: tensorCount)
    try OperatorParameters.validate(op)
    try validateParameters(of: op)
  }

  /// -1 stands for an optional input or output that is not there.
  func check(
    _ indices: WireVector<Int32>?, _ what: String, below count: Int, allowingAbsent: Bool = true
  ) throws(FormatError) {
    let lowest = allowingAbsent ? -1 : 0
    for index in indices ?? [] where index < lowest || index >= count {
      throw FormatError(
        .indexOutOfRange, "\(what) names no tensor", expected: "\(lowest) to \(count - 1)", found: "\(index)",
        advice: "the file is damaged")
    }
  }
}
