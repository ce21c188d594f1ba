/// Runs a graph again and again, each time on what the last run gave.
///
/// - Inputs: `limit`, the largest number of runs, and `condition`, whether there is a first run, one element each, both of
///   which may be absent; ``carriedCount`` initial values; then what the body uses from outside.
/// - Body: takes the number of the run (int64, from 0), the condition, the carried values and the outer values; gives
///   whether to go on, the carried values, and any number of results that are collected.
/// - Results: the carried values after the last run, then each collected result, stacked along a new first axis.
/// - SeeAlso: ONNX Loop; `.mnn` operator While.
public struct Loop: ControlFlowOperator {
  public var body: Graph
  public var carriedCount: Int

  public init(body: Graph, carriedCount: Int) {
    self.body = body
    self.carriedCount = carriedCount
  }

  public var subgraphs: [Graph] { [body] }

  public func replacingSubgraphs(_ subgraphs: [Graph]) -> Loop {
    subgraphs.count == 1 ? Loop(body: subgraphs[0], carriedCount: carriedCount) : self
  }

  public var resultCount: Int { max(body.outputs.count - 1, 0) }

  private func checkBody(inputCount: Int) throws(GraphError) {
    guard carriedCount >= 0, body.outputs.count > carriedCount, inputCount >= 2 + carriedCount,
      body.inputs.count == inputCount
    else {
      throw GraphError(
        .graphInvalid, "the body does not fit the loop", expected: "\(inputCount) inputs, more than \(carriedCount) outputs",
        found: "\(body.inputs.count) inputs, \(body.outputs.count) outputs")
    }
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try checkBody(inputCount: operands.count)
    let carried = Array(try operands.outer(from: 2).prefix(carriedCount))
    let inputs = [TensorType(.int64, []), TensorType(.bool, [])] + (try operands.outer(from: 2))
    let runs = try fixedRunCount(operands)
    if runs == 0, body.outputs.count == 1 + carriedCount { return carried }
    let outputs: [TensorType]
    do throws(GraphError) { outputs = try body.outputTypes(for: inputs) } catch {
      // A body that does not fit is an error only if it runs.
      guard error.isMisfit, runs ?? 0 == 0 else { throw error }
      throw GraphError(
        .dependsOnData, "the loop's body fits no run, and whether there is one is not known", found: error.description)
    }
    if runs == 0 { return carried + collectedTypes(outputs, runs: 0) }
    for (before, after) in zip(carried, outputs.dropFirst()) where before != after {
      throw GraphError(.dependsOnData, "a carried value changes its type", expected: "\(before)", found: "\(after)")
    }
    let collected = outputs.dropFirst(1 + carriedCount)
    guard !collected.isEmpty else { return carried }
    guard let runs else { throw GraphError(.dependsOnData, "the number of runs is not known before running") }
    return carried + collectedTypes(outputs, runs: runs)
  }

  private func collectedTypes(_ outputs: [TensorType], runs: Int) -> [TensorType] {
    outputs.dropFirst(1 + carriedCount).map { TensorType($0.dtype, Shape([Dimension(runs)] + $0.shape.dimensions)) }
  }

  /// The number of runs if it is constant and the body never ends the loop early.
  private func fixedRunCount(_ operands: Operands) throws(GraphError) -> Int? {
    if let condition = operands[optional: 1]?.constant, try condition.scalars(as: Bool.self) == [false] { return 0 }
    if let limit = operands[optional: 0]?.constant, try limit.scalars(as: Int64.self).first ?? 1 <= 0 { return 0 }
    guard let limit = operands[optional: 0]?.constant, limit.count == 1 else { return nil }
    if let condition = operands[optional: 1] {
      guard let constant = condition.constant, try constant.scalars(as: Bool.self) == [true] else { return nil }
    }
    let goesOn = body.outputs[0]
    if goesOn != body.inputs[1] {
      guard let constant = body.constant(goesOn), try constant.scalars(as: Bool.self) == [true] else { return nil }
    }
    return max(0, Int(try limit.scalars(as: Int64.self)[0]))
  }

  public func evaluate(
    _ arguments: Arguments, run: (Int, [Tensor]) throws(GraphError) -> [Tensor]
  ) throws(GraphError) -> [Tensor] {
    try checkBody(inputCount: arguments.count)
    let limit = try arguments[optional: 0].map { t throws(GraphError) in try t.scalars(as: Int64.self).first ?? 0 } ?? .max
    var goesOn = try arguments[optional: 1].map { t throws(GraphError) in try t.scalars(as: Bool.self).first ?? false } ?? true
    var carried: [Tensor] = []
    for i in 2..<2 + carriedCount { carried.append(try arguments.tensor(i)) }
    var outer: [Tensor] = []
    for i in 2 + carriedCount..<arguments.count { outer.append(try arguments.tensor(i)) }
    var collected = [[Tensor]](repeating: [], count: resultCount - carriedCount)
    var number: Int64 = 0
    while goesOn, number < limit {
      let results = try run(0, [try Tensor(number), try Tensor(true)] + carried + outer)
      goesOn = try results[0].scalars(as: Bool.self).first ?? false
      carried = Array(results[1..<1 + carriedCount])
      for (i, tensor) in results[(1 + carriedCount)...].enumerated() { collected[i].append(tensor) }
      number += 1
    }
    var stacked: [Tensor] = []
    let types =
      number > 0 ? [] : body.likelyOutputTypes([TensorType(.int64, []), TensorType(.bool, [])] + (carried + outer).map(\.type))
    for (i, tensors) in collected.enumerated() {
      stacked.append(try Tensor.stacked(tensors, axis: 0, emptyLike: number > 0 ? nil : types[1 + carriedCount + i]))
    }
    return carried + stacked
  }
}

extension Graph {
  /// What the outputs would be if the graph ran on inputs of these types, as far as that can be said of code that does not run.
  func likelyOutputTypes(_ inputs: [TensorType]) -> [TensorType?] {
    let graph = (try? specialized(for: inputs)) ?? self
    return graph.outputs.map { graph[$0].type }
  }
}

extension Tensor {
  /// Tensors of one type joined along a new axis. Of none, an empty tensor of the type that each would have.
  static func stacked(_ tensors: [Tensor], axis: Int, emptyLike type: TensorType?) throws(GraphError) -> Tensor {
    guard let first = tensors.first else {
      var sizes = type?.shape.dimensions.map { $0.value ?? 0 } ?? []
      sizes.insert(0, at: type == nil ? 0 : try normalizedAxis(axis, rank: sizes.count + 1))
      return try Tensor.zeros(type?.dtype ?? .float32, sizes)
    }
    let axis = try normalizedAxis(axis, rank: first.rank + 1)
    var regions: [Region] = []
    let outer = first.shape[..<axis].reduce(1, *)
    let inner = first.shape[axis...].reduce(1, *)
    for (i, tensor) in tensors.enumerated() {
      guard tensor.shape == first.shape else {
        throw GraphError(
          .shapeMismatch, "collected values differ in shape", expected: "\(first.shape)", found: "\(tensor.shape)")
      }
      regions.append(
        Region(
          input: i, size: [outer, inner], source: View(strides: [inner, 1]),
          target: View(offset: i * inner, strides: [tensors.count * inner, 1])))
    }
    let shape = Array(first.shape[..<axis]) + [tensors.count] + first.shape[axis...]
    return try Raster(shape: shape, regions: regions).evaluate(Arguments(tensors))[0]
  }

  /// The part at `index` of an axis, without that axis.
  func part(at index: Int, axis: Int) throws(GraphError) -> Tensor {
    let (outer, length, inner) = splitSizes(shape, at: axis)
    var sizes = shape
    sizes.remove(at: axis)
    let region = Region(
      size: [outer, inner], source: View(offset: index * inner, strides: [length * inner, 1]),
      target: View(strides: [inner, 1]))
    return try Raster(shape: sizes, regions: [region]).evaluate(Arguments([self]))[0]
  }
}
