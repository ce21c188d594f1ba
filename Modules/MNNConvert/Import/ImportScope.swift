import MNNGraph

/// The graph that an importer is filling, and the values of the outer graph that it turned out to need.
class ImportTarget {
  var graph: Graph
  /// Inputs that stand for values of the outer graph.
  private(set) var captures: [(outer: Value.ID, inner: Value.ID)] = []

  init(name: String) { graph = Graph(name: name) }

  /// A value of the outer graph, as a constant if it is one, else as one more input.
  final func capture(_ value: Value.ID, of scope: ImportScope, name: String) -> Value.ID {
    if let tensor = scope.graph.constant(value) { return graph.addConstant(tensor, name: name) }
    if let known = captures.first(where: { $0.outer == value }) { return known.inner }
    let inner = graph.addInput(name, type: scope.graph[value].type)
    captures.append((value, inner))
    return inner
  }

  /// Makes the captured values exactly these, in this order, so that several graphs can share one list.
  final func takeCaptures(_ values: [Value.ID], of scope: ImportScope) {
    captures = values.map { value in
      let known = captures.first { $0.outer == value }?.inner
      return (value, known ?? graph.addInput(scope.graph[value].name, type: scope.graph[value].type))
    }
    graph.orderInputs(captures.map(\.inner))
  }
}

/// What translators of all formats add nodes through. Which names or numbers mean which values is for each format.
class ImportScope {
  private let holder: ImportTarget
  private var running: ImportCall?
  private var counter = 0
  /// What the file says of values whose type does not follow from the graph.
  private var statedSizes: [Value.ID: [Int?]] = [:]

  init(target: ImportTarget) { holder = target }

  var graph: Graph { holder.graph }

  // MARK: Translating one node

  /// The node being translated; translators run only while there is one.
  final func runningCall() throws(ImportError) -> ImportCall {
    guard let running else { throw ImportError(.invalidGraph, "no node is being translated") }
    return running
  }

  /// Makes this the node being translated while `body` runs.
  final func translating(_ call: ImportCall, _ body: () throws(ImportError) -> Void) throws(ImportError) {
    let outer = running
    running = call
    defer { running = outer }
    try body()
  }

  /// Says what the node's outputs are. Outputs that the node does not name are dropped.
  func finish(_ results: [Value.ID]) throws(ImportError) {
    throw ImportError(.invalidGraph, "the format says nothing of outputs")
  }

  final func finish(_ result: Value.ID) throws(ImportError) { try finish([result]) }

  /// Adds the operator with all inputs of the node; its results are the node's outputs.
  final func append(_ op: any Operator) throws(ImportError) { try append(op, try runningCall().inputs) }

  /// Adds the operator; its results are the node's outputs.
  final func append(_ op: any Operator, _ inputs: Value.ID?...) throws(ImportError) { try append(op, inputs) }

  final func append(_ op: any Operator, _ inputs: [Value.ID?]) throws(ImportError) {
    let call = try runningCall()
    try finish(try add(results: op, inputs, name: call.name, resultNames: call.outputNames))
  }

  /// Adds a node on the way to the result.
  final func add(_ op: any Operator, _ inputs: Value.ID?...) throws(ImportError) -> Value.ID {
    guard let first = try add(results: op, inputs).first else {
      throw ImportError(.invalidGraph, "operator \(op.name) has no result")
    }
    return first
  }

  /// Adds the node that the results of the node being translated come from, with its names; ``finish(_:)-([Value.ID])`` is to
  /// follow.
  final func add(results op: any Operator, _ inputs: [Value.ID?], named: Bool) throws(ImportError) -> [Value.ID] {
    let call = try runningCall()
    return try add(results: op, inputs, name: call.name, resultNames: named ? call.outputNames : [])
  }

  final func add(results op: any Operator, _ inputs: [Value.ID?]) throws(ImportError) -> [Value.ID] {
    counter += 1
    return try add(results: op, inputs, name: "\(running?.name ?? graph.name)/\(op.name)_\(counter)", resultNames: [])
  }

  final func add(
    results op: any Operator, _ inputs: [Value.ID?], name: String, resultNames: [String]
  ) throws(ImportError) -> [Value.ID] {
    do throws(GraphError) {
      let results = try holder.graph.append(op, inputs, name: name, resultNames: resultNames)
      // What follows from constants is computed at once, so that shapes are known to the nodes that come after.
      return try holder.graph.foldIfSmall(results)
    } catch {
      throw ImportError(error)
    }
  }

  /// Adds a node that stays even if its result follows from constants: weights that are to be kept in few bytes.
  final func addUnfolded(_ op: any Operator, _ inputs: [Value.ID?]) throws(ImportError) -> Value.ID {
    counter += 1
    let name = "\(running?.name ?? graph.name)/\(op.name)_\(counter)"
    let results = try converting { () throws(GraphError) in try holder.graph.append(op, inputs, name: name) }
    guard let first = results.first else { throw ImportError(.invalidGraph, "operator \(op.name) has no result") }
    return first
  }

  // MARK: Idioms

  final func constant(_ tensor: Tensor, name: String = "") -> Value.ID { holder.graph.addConstant(tensor, name: name) }

  final func constant<T: TensorScalar>(_ scalar: T) throws(ImportError) -> Value.ID {
    try converting { () throws(GraphError) in constant(try Tensor(scalar)) }
  }

  final func constant<T: TensorScalar>(_ scalars: [T]) throws(ImportError) -> Value.ID {
    try converting { () throws(GraphError) in constant(try Tensor(scalars)) }
  }

  /// A number in the element type of `value`.
  final func constant(_ number: Double, like value: Value.ID) throws(ImportError) -> Value.ID {
    guard let dtype = graph[value].type?.dtype else { return try add(CastLike(), try constant(number), value) }
    return try converting { () throws(GraphError) in constant(try Tensor(number).converted(to: dtype)) }
  }

  /// The contents of an input that must be known when the model is converted; nil if the input is left out.
  final func constant(input index: Int) throws(ImportError) -> Tensor? {
    guard let input = try runningCall().optionalInput(index) else { return nil }
    guard let tensor = graph.constant(input) else {
      throw ImportError(
        .invalidInput, "input \(index) (\"\(graph[input].name)\") is computed by the model", expected: "a constant",
        advice: "export the model with fixed parameters")
    }
    return tensor
  }

  final func integers(input index: Int) throws(ImportError) -> [Int]? {
    guard let tensor = try constant(input: index) else { return nil }
    return try converting { () throws(GraphError) in try tensor.scalars(as: Int64.self).map { Int($0) } }
  }

  /// What is known of a value's type.
  final func type(of value: Value.ID) -> TensorType? { graph[value].type }

  /// Notes what the file says of a value, for where its type depends on data; nil stands for a size that is open.
  final func note(sizes: [Int?], of value: Value.ID) { if graph[value].type?.shape.sizes == nil { statedSizes[value] = sizes } }

  /// The size of an axis, if it follows from the graph or the file states it; negative axes count from the end.
  final func size(of value: Value.ID, axis: Int) -> Int? {
    if let shape = graph[value].type?.shape {
      let own = axis < 0 ? axis + shape.rank : axis
      if own >= 0, own < shape.rank, let size = shape[own].value { return size }
    }
    guard let sizes = statedSizes[value] else { return nil }
    let own = axis < 0 ? axis + sizes.count : axis
    return own >= 0 && own < sizes.count ? sizes[own] : nil
  }

  final func rank(of value: Value.ID) throws(ImportError) -> Int {
    guard let type = graph[value].type else {
      if let sizes = statedSizes[value] { return sizes.count }
      throw ImportError(
        .invalidInput, "the number of axes of \"\(graph[value].name)\" depends on data",
        expected: "a number known when the model is converted", advice: "export the model with fixed shapes")
    }
    return type.shape.rank
  }

  final func converting<R>(_ body: () throws(GraphError) -> R) throws(ImportError) -> R {
    do throws(GraphError) { return try body() } catch { throw ImportError(error) }
  }
}

extension ImportError {
  init(_ error: GraphError) {
    self.init(
      error.code == .workExceeded ? .workExceeded : .invalidShape, error.what, operator: error.operatorName,
      expected: error.expected, found: error.found,
      advice: error.advice)
  }
}
