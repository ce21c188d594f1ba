/// Adds nodes to a graph on behalf of a composite operator, a rule or an importer.
public struct GraphBuilder {
  public private(set) var graph: Graph
  /// New nodes are named after the node they stand for.
  private let prefix: String
  private var counter = 0

  public init(_ graph: Graph, prefix: String = "") {
    self.graph = graph
    self.prefix = prefix
  }

  /// Takes the graph out, leaving an empty one, so that it can be changed without a copy.
  package mutating func take() -> Graph {
    let result = graph
    graph = Graph()
    return result
  }

  /// Adds a node with several results.
  public mutating func add(
    results op: any Operator, _ inputs: [Value.ID?], name: String? = nil
  ) throws(GraphError) -> [Value.ID] {
    counter += 1
    return try graph.append(op, inputs, name: name ?? "\(prefix)/\(op.name)_\(counter)")
  }

  /// Adds a node with one result.
  public mutating func add(
    _ op: any Operator, _ inputs: Value.ID?..., name: String? = nil
  ) throws(GraphError) -> Value.ID {
    let results = try add(results: op, inputs, name: name)
    guard let first = results.first else {
      throw GraphError(.graphInvalid, "operator \(op.name) has no result")
    }
    return first
  }

  public mutating func constant(_ tensor: Tensor, name: String? = nil) -> Value.ID {
    counter += 1
    return graph.addConstant(tensor, name: name ?? "\(prefix)/const_\(counter)")
  }

  public mutating func constant<T: TensorScalar>(_ scalar: T) throws(GraphError) -> Value.ID {
    constant(try Tensor(scalar))
  }

  public mutating func constant<T: TensorScalar>(_ scalars: [T]) throws(GraphError) -> Value.ID {
    constant(try Tensor(scalars))
  }

  /// The type of a value, which an operator's expansion may rely on.
  public func type(of id: Value.ID?) throws(GraphError) -> TensorType {
    guard let id else { throw GraphError(.inputMissing, "an input is missing") }
    guard let type = graph[id].type else {
      throw GraphError(.dependsOnData, "the type of \"\(graph[id].name)\" is not known before running")
    }
    return type
  }
}
