/// Runs a graph along an axis of its inputs, carrying values from one run to the next.
///
/// - Inputs: ``stateCount`` initial values; the tensors to go along, one per entry of ``inputAxes``, all of one length along
///   their axis; then what the body uses from outside.
/// - Body: takes the states, one part of each tensor (without the axis) and the outer values; gives the states and any number
///   of results that are collected, one per entry of ``outputAxes``.
/// - Results: the states after the last run, then each collected result, stacked along its axis.
/// - SeeAlso: ONNX Scan, opset 9.
public struct Scan: ControlFlowOperator {
  public var body: Graph
  public var stateCount: Int
  /// The axis of each tensor that is gone along.
  public var inputAxes: [Int]
  /// True where a tensor is gone along from its end.
  public var inputsReversed: [Bool]
  /// The axis of each result along which its parts are stacked.
  public var outputAxes: [Int]
  /// True where the parts are stacked from the end.
  public var outputsReversed: [Bool]

  public init(
    body: Graph, stateCount: Int, inputAxes: [Int], inputsReversed: [Bool], outputAxes: [Int], outputsReversed: [Bool]
  ) {
    self.body = body
    self.stateCount = stateCount
    self.inputAxes = inputAxes
    self.inputsReversed = inputsReversed
    self.outputAxes = outputAxes
    self.outputsReversed = outputsReversed
  }

  public var subgraphs: [Graph] { [body] }

  public func replacingSubgraphs(_ subgraphs: [Graph]) -> Scan {
    var copy = self
    if subgraphs.count == 1 { copy.body = subgraphs[0] }
    return copy
  }

  public var resultCount: Int { body.outputs.count }

  private func checkBody(inputCount: Int) throws(GraphError) {
    guard stateCount >= 0, !inputAxes.isEmpty, inputsReversed.count == inputAxes.count, inputCount == body.inputs.count,
      inputCount >= stateCount + inputAxes.count, body.outputs.count == stateCount + outputAxes.count,
      outputsReversed.count == outputAxes.count
    else {
      throw GraphError(
        .graphInvalid, "the body does not fit the scan",
        expected: "\(inputCount) inputs, \(stateCount + outputAxes.count) outputs",
        found: "\(body.inputs.count) inputs, \(body.outputs.count) outputs")
    }
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try checkBody(inputCount: operands.count)
    var types = try operands.outer(from: 0)
    var length: Dimension?
    for (i, axis) in inputAxes.enumerated() {
      let axis = try types[stateCount + i].shape.axis(axis)
      let own = types[stateCount + i].shape.dimensions.remove(at: axis)
      if let x = length?.value, let y = own.value, x != y {
        throw GraphError(.shapeMismatch, "the scanned tensors differ in length", expected: "\(x)", found: "\(y)")
      }
      length = length ?? own
    }
    let outputs = try body.outputTypes(for: types)
    for (before, after) in zip(types.prefix(stateCount), outputs) where before != after {
      throw GraphError(.dependsOnData, "a state changes its type", expected: "\(before)", found: "\(after)")
    }
    var results = Array(outputs.prefix(stateCount))
    for (type, axis) in zip(outputs.dropFirst(stateCount), outputAxes) {
      var shape = type.shape
      shape.dimensions.insert(length ?? 0, at: try normalizedAxis(axis, rank: shape.rank + 1))
      results.append(TensorType(type.dtype, shape))
    }
    return results
  }

  public func evaluate(
    _ arguments: Arguments, run: (Int, [Tensor]) throws(GraphError) -> [Tensor]
  ) throws(GraphError) -> [Tensor] {
    try checkBody(inputCount: arguments.count)
    let all = try arguments.all()
    var states = Array(all[..<stateCount])
    let outer = Array(all[(stateCount + inputAxes.count)...])
    var lengths: [Int] = []
    var axes: [Int] = []
    for (i, axis) in inputAxes.enumerated() {
      let tensor = all[stateCount + i]
      axes.append(try normalizedAxis(axis, rank: tensor.rank))
      lengths.append(tensor.shape[axes[i]])
    }
    guard let length = lengths.first, lengths.allSatisfy({ $0 == length }) else {
      throw GraphError(.shapeMismatch, "the scanned tensors differ in length", found: "\(lengths)")
    }
    var collected = [[Tensor]](repeating: [], count: outputAxes.count)
    for step in 0..<length {
      var parts: [Tensor] = []
      for (i, axis) in axes.enumerated() {
        parts.append(try all[stateCount + i].part(at: inputsReversed[i] ? length - 1 - step : step, axis: axis))
      }
      let results = try run(0, states + parts + outer)
      states = Array(results[..<stateCount])
      for (i, tensor) in results[stateCount...].enumerated() { collected[i].append(tensor) }
    }
    var stacked: [Tensor] = []
    var types: [TensorType?] = []
    if length == 0 {
      var inputs = all.map(\.type)
      for (i, axis) in axes.enumerated() { inputs[stateCount + i].shape.dimensions.remove(at: axis) }
      types = body.likelyOutputTypes(inputs)
    }
    for (i, tensors) in collected.enumerated() {
      stacked.append(
        try Tensor.stacked(
          outputsReversed[i] ? tensors.reversed() : tensors, axis: outputAxes[i],
          emptyLike: length == 0 ? types[stateCount + i] : nil))
    }
    return states + stacked
  }
}
