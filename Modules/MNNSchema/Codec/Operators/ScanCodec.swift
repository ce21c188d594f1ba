import MNNGraph

/// `Scan`, whose body is a subgraph of the model.
enum ScanCodec {
  static let name = Scan.name

  private struct Parameters: Codable {
    var body: String
    var stateCount: Int
    var inputAxes: [Int]
    var inputsReversed: [Bool]
    var outputAxes: [Int]
    var outputsReversed: [Bool]
  }

  static let writer = OperatorWriter.write(Scan.self) { op, node, scope throws(FormatError) in
    let body = try scope.model.subgraph(op.body, suggestedName: "\(node.name)/body")
    let parameters = Parameters(
      body: body.name, stateCount: op.stateCount, inputAxes: op.inputAxes, inputsReversed: op.inputsReversed,
      outputAxes: op.outputAxes, outputsReversed: op.outputsReversed)
    return .make(.Extra, try ExtraCodec.extra(name, ExtraCodec.encoded(parameters), node, scope))
  }

  static func read(_ extra: Wire.Extra, _ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let p = try ExtraCodec.decoded(Parameters.self, ExtraCodec.parameters(extra))
    let names = try scope.model.inputNames(of: p.body)
    guard p.stateCount >= 0, p.stateCount <= names.count, p.inputAxes.count <= names.count - p.stateCount else {
      throw FormatError(
        .subgraphInvalid, "the scan's body has too few inputs", expected: "\(p.stateCount) states", found: "\(names.count)")
    }
    let parts = p.stateCount..<p.stateCount + p.inputAxes.count
    var types: [TensorType?] = []
    for (i, name) in names.enumerated() {
      // A part has one axis less than the tensor it is cut from.
      let type = ControlFlowCodec.open(scope.optional(i), scope, name)
      types.append(
        parts.contains(i) ? type.map { TensorType($0.dtype, Shape(Array($0.shape.dimensions.dropFirst()))) } : type)
    }
    var body = try scope.model.graph(named: p.body, types: types)
    body.name = p.body
    return try scope.append(
      Scan(
        body: body, stateCount: p.stateCount, inputAxes: p.inputAxes, inputsReversed: p.inputsReversed,
        outputAxes: p.outputAxes, outputsReversed: p.outputsReversed), scope.inputs)
  }
}
