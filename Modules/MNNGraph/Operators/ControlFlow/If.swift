/// Runs one of two graphs.
///
/// - Inputs: `condition`, one element; then what the branches use from outside, which both take as their inputs.
/// - Results: those of the branch that ran; the branches have as many.
/// - SeeAlso: ONNX If; `.mnn` operator If.
public struct If: ControlFlowOperator {
  public var thenBranch: Graph
  public var elseBranch: Graph

  public init(thenBranch: Graph, elseBranch: Graph) {
    self.thenBranch = thenBranch
    self.elseBranch = elseBranch
  }

  public var subgraphs: [Graph] { [thenBranch, elseBranch] }

  public func replacingSubgraphs(_ subgraphs: [Graph]) -> If {
    subgraphs.count == 2 ? If(thenBranch: subgraphs[0], elseBranch: subgraphs[1]) : self
  }

  public var resultCount: Int { thenBranch.outputs.count }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    guard elseBranch.outputs.count == thenBranch.outputs.count else {
      throw GraphError(
        .graphInvalid, "the branches differ in their number of results", expected: "\(thenBranch.outputs.count)",
        found: "\(elseBranch.outputs.count)")
    }
    let captures = try operands.outer(from: 1)
    if let condition = try operands.required(0).constant {
      return try (holds(condition) ? thenBranch : elseBranch).outputTypes(for: captures)
    }
    // A branch that these operands do not fit is never taken, or it is an error then: the other one tells the types.
    let types: [TensorType]
    do throws(GraphError) { types = try thenBranch.outputTypes(for: captures) } catch {
      guard error.isMisfit else { throw error }
      do throws(GraphError) { return try elseBranch.outputTypes(for: captures) } catch {
        guard error.isMisfit else { throw error }
        // Sizes that a file states may be an example: it is for the run to tell.
        throw GraphError(.dependsOnData, "neither branch fits", found: error.description)
      }
    }
    let others: [TensorType]
    do throws(GraphError) { others = try elseBranch.outputTypes(for: captures) } catch {
      guard error.isMisfit else { throw error }
      return types
    }
    guard types == others else {
      throw GraphError(.dependsOnData, "the branches give different types", expected: "\(types)", found: "\(others)")
    }
    return types
  }

  public func evaluate(
    _ arguments: Arguments, run: (Int, [Tensor]) throws(GraphError) -> [Tensor]
  ) throws(GraphError) -> [Tensor] {
    let inputs = Array(try arguments.all().dropFirst())
    return try run(holds(arguments.tensor(0)) ? 0 : 1, inputs)
  }

  private func holds(_ condition: Tensor) throws(GraphError) -> Bool {
    guard condition.count == 1 else {
      throw GraphError(.shapeMismatch, "the condition is not one element", expected: "1", found: "\(condition.count)")
    }
    return try condition.scalars(as: Bool.self)[0]
  }
}

extension Operands {
  /// The types of all inputs from `index` on, none absent.
  func outer(from index: Int) throws(GraphError) -> [TensorType] {
    var types: [TensorType] = []
    for i in Swift.min(index, count)..<count { types.append(try type(i)) }
    return types
  }
}

extension Graph {
  /// The types that the outputs have when the inputs have these.
  func outputTypes(for inputs: [TensorType]) throws(GraphError) -> [TensorType] {
    var graph = self
    graph.toleratesMisfits = false
    graph = try graph.specialized(for: inputs)
    var types: [TensorType] = []
    for output in graph.outputs {
      guard let type = graph[output].type else {
        throw GraphError(.dependsOnData, "the type of \"\(graph[output].name)\" is not known before running")
      }
      types.append(type)
    }
    return types
  }
}
