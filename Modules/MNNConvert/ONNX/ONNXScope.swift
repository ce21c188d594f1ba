import MNNGraph

/// The graph that an importer is filling, and the values of the outer graph that it turned out to need.
final class ONNXTarget {
  var graph: Graph
  /// Inputs that stand for values of the outer graph.
  private(set) var captures: [(outer: Value.ID, inner: Value.ID)] = []
  /// What the outputs are, in the order of the file: nil for a tensor.
  private(set) var outputStructures: [ONNXStructure?] = []
  /// Bounds of constants of four- or two-bit integers, which are kept in bytes.
  private var narrowRanges: [Value.ID: ClosedRange<Int>] = [:]

  init(name: String) { graph = Graph(name: name) }

  func noteOutput(_ structure: ONNXStructure?) { outputStructures.append(structure) }

  /// A value of the outer graph, as a constant if it is one, else as one more input.
  func capture(_ value: Value.ID, of scope: ONNXScope, name: String) -> Value.ID {
    if let tensor = scope.graph.constant(value) { return graph.addConstant(tensor, name: name) }
    if let known = captures.first(where: { $0.outer == value }) { return known.inner }
    let inner = graph.addInput(name, type: scope.graph[value].type)
    captures.append((value, inner))
    return inner
  }

  /// Adds a constant of the file.
  func addConstant(_ stored: ONNXTensor, _ tensor: Tensor, name: String) -> Value.ID {
    let value = graph.addConstant(tensor, name: name)
    narrowRanges[value] = ONNXElementType(rawValue: stored.elementType)?.narrowRange
    return value
  }

  func narrowRange(of value: Value.ID) -> ClosedRange<Int>? { narrowRanges[value] }

  /// Makes the captured values exactly these, in this order, so that several graphs can share one list.
  func takeCaptures(_ values: [Value.ID], of scope: ONNXScope) {
    captures = values.map { value in
      let known = captures.first { $0.outer == value }?.inner
      return (value, known ?? graph.addInput(scope.graph[value].name, type: scope.graph[value].type))
    }
    graph.orderInputs(captures.map(\.inner))
  }
}

/// Where names mean values: a graph, or the body of a function while it is inlined. Translators add nodes through it.
final class ONNXScope {
  let importer: ONNXImporter
  let target: ONNXTarget
  /// For the graph of a branch or a loop body: where it stands, and finds the names that it does not define.
  let outer: ONNXScope?
  /// For a graph that is put in place of a node: where names are found that it does not define, in the same graph.
  let enclosing: ONNXScope?
  let opsets: [String: Int64]
  /// What attribute references of a function's body stand for.
  let parameters: [String: ONNXAttributeValue]
  /// Precedes the names of nodes of an inlined function.
  let prefix: String
  /// How many functions and graphs this one is within.
  let depth: Int
  private var values: [String: Value.ID] = [:]
  private var structures: [String: ONNXStructure] = [:]
  /// Inputs of a function that its caller leaves out.
  private var absent: Set<String> = []
  private var call: ONNXCall?
  private var counter = 0

  init(
    importer: ONNXImporter, target: ONNXTarget, outer: ONNXScope? = nil, enclosing: ONNXScope? = nil, opsets: [String: Int64],
    parameters: [String: ONNXAttributeValue] = [:], prefix: String = "", depth: Int = 0
  ) {
    self.importer = importer
    self.target = target
    self.outer = outer
    self.enclosing = enclosing
    self.opsets = opsets
    self.parameters = parameters
    self.prefix = prefix
    self.depth = depth
  }

  var graph: Graph { target.graph }

  // MARK: Names

  /// The value of that name, here or, for a branch or body, outside.
  func lookup(_ name: String) -> Value.ID? {
    if let value = values[name] { return value }
    if let enclosing { return enclosing.lookup(name) }
    guard let outer, let value = outer.lookup(name) else { return nil }
    let inner = target.capture(value, of: outer, name: name)
    values[name] = inner
    return inner
  }

  func define(_ name: String, as value: Value.ID) throws(ImportError) {
    try requireNew(name)
    values[name] = value
  }

  /// What the name stands for if it is no tensor, here or, for a branch or body, outside.
  func structure(_ name: String) -> ONNXStructure? {
    if let structure = structures[name] { return structure }
    guard values[name] == nil else { return nil }
    if let enclosing { return enclosing.structure(name) }
    guard let outer, let structure = outer.structure(name) else { return nil }
    let inner = structure.mapped { target.capture($0, of: outer, name: name) }
    structures[name] = inner
    return inner
  }

  func define(_ name: String, as structure: ONNXStructure) throws(ImportError) {
    try requireNew(name)
    structures[name] = structure
  }

  private func requireNew(_ name: String) throws(ImportError) {
    guard values[name] == nil, structures[name] == nil else {
      throw ImportError(
        .invalidGraph, "value \"\(name)\" is made twice", advice: "the model breaks a rule of the format; export it again")
    }
  }

  /// Lets `name` stand for no value: nodes that use it have an optional input left out.
  func leaveOut(_ name: String) { absent.insert(name) }
  func isLeftOut(_ name: String) -> Bool { name.isEmpty || absent.contains(name) }

  // MARK: Translating one node

  func translate(_ call: ONNXCall, by translate: ONNXOperator.Translate) throws(ImportError) {
    let outer = self.call
    self.call = call
    defer { self.call = outer }
    try translate(call, self)
    try call.requireAllRead()
  }

  /// The node being translated; translators run only while there is one.
  func current() throws(ImportError) -> ONNXCall {
    guard let call else { throw ImportError(.invalidGraph, "no node is being translated") }
    return call
  }

  /// Adds the operator with all inputs of the node; its results are the node's outputs.
  func append(_ op: any Operator) throws(ImportError) { try append(op, try current().inputs) }

  /// Adds the operator; its results are the node's outputs.
  func append(_ op: any Operator, _ inputs: Value.ID?...) throws(ImportError) { try append(op, inputs) }

  func append(_ op: any Operator, _ inputs: [Value.ID?]) throws(ImportError) {
    let call = try current()
    try finish(try add(results: op, inputs, name: call.name, resultNames: call.node.outputs.map { prefix + $0 }))
  }

  /// Adds a node on the way to the result.
  func add(_ op: any Operator, _ inputs: Value.ID?...) throws(ImportError) -> Value.ID {
    counter += 1
    let name = "\(try current().name)/\(op.name)_\(counter)"
    guard let first = try add(results: op, inputs, name: name, resultNames: []).first else {
      throw ImportError(.invalidGraph, "operator \(op.name) has no result")
    }
    return first
  }

  /// Adds the node that the results of the node being translated come from, with its names; ``finish(_:)-([Value.ID])`` is to
  /// follow.
  func add(results op: any Operator, _ inputs: [Value.ID?], named: Bool) throws(ImportError) -> [Value.ID] {
    let call = try current()
    return try add(
      results: op, inputs, name: call.name, resultNames: named ? call.node.outputs.map { prefix + $0 } : [])
  }

  func add(results op: any Operator, _ inputs: [Value.ID?]) throws(ImportError) -> [Value.ID] {
    counter += 1
    return try add(results: op, inputs, name: "\(try current().name)/\(op.name)_\(counter)", resultNames: [])
  }

  private func add(
    results op: any Operator, _ inputs: [Value.ID?], name: String, resultNames: [String]
  ) throws(ImportError) -> [Value.ID] {
    do throws(GraphError) {
      let results = try target.graph.append(op, inputs, name: name, resultNames: resultNames)
      // What follows from constants is computed at once, so that shapes are known to the nodes that come after.
      return try target.graph.foldIfSmall(results)
    } catch {
      throw ImportError(error)
    }
  }

  /// Says what the node's outputs are. Outputs that the node does not name are dropped.
  func finish(_ results: [Value.ID]) throws(ImportError) {
    let outputs = try current().node.outputs
    guard outputs.count <= results.count || outputs[results.count...].allSatisfy(\.isEmpty) else {
      throw ImportError(
        .invalidGraph, "more outputs than the operator has", expected: "at most \(results.count)",
        found: "\(outputs.count)")
    }
    for (name, value) in zip(outputs, results) where !name.isEmpty { try define(name, as: value) }
  }

  func finish(_ result: Value.ID) throws(ImportError) { try finish([result]) }

  /// Says that the node's first output is no tensor.
  func finish(_ structure: ONNXStructure) throws(ImportError) {
    guard let name = try current().node.outputs.first, !name.isEmpty else { return }
    try define(name, as: structure)
  }

  /// The bounds of a constant whose elements have fewer bits than their type here.
  func narrowRange(of value: Value.ID) -> ClosedRange<Int>? { target.narrowRange(of: value) }

  // MARK: Idioms

  func constant(_ tensor: Tensor, name: String = "") -> Value.ID { target.graph.addConstant(tensor, name: name) }

  func constant<T: TensorScalar>(_ scalar: T) throws(ImportError) -> Value.ID {
    try converting { () throws(GraphError) in constant(try Tensor(scalar)) }
  }

  func constant<T: TensorScalar>(_ scalars: [T]) throws(ImportError) -> Value.ID {
    try converting { () throws(GraphError) in constant(try Tensor(scalars)) }
  }

  /// A number in the element type of `value`.
  func constant(_ number: Double, like value: Value.ID) throws(ImportError) -> Value.ID {
    guard let dtype = graph[value].type?.dtype else { return try add(CastLike(), try constant(number), value) }
    return try converting { () throws(GraphError) in constant(try Tensor(number).converted(to: dtype)) }
  }

  /// The contents of an input that must be known when the model is converted; nil if the input is left out.
  func constant(input index: Int) throws(ImportError) -> Tensor? {
    guard let input = try current().optionalInput(index) else { return nil }
    guard let tensor = graph.constant(input) else {
      throw ImportError(
        .invalidInput, "input \(index) (\"\(graph[input].name)\") is computed by the model", expected: "a constant",
        advice: "export the model with fixed parameters")
    }
    return tensor
  }

  func integers(input index: Int) throws(ImportError) -> [Int]? {
    guard let tensor = try constant(input: index) else { return nil }
    return try converting { () throws(GraphError) in try tensor.scalars(as: Int64.self).map { Int($0) } }
  }

  /// What is known of a value's type.
  func type(of value: Value.ID) -> TensorType? { graph[value].type }

  func rank(of value: Value.ID) throws(ImportError) -> Int {
    guard let type = graph[value].type else {
      throw ImportError(
        .invalidInput, "the number of axes of \"\(graph[value].name)\" depends on data",
        expected: "a number known when the model is converted", advice: "export the model with fixed shapes")
    }
    return type.shape.rank
  }

  func converting<R>(_ body: () throws(GraphError) -> R) throws(ImportError) -> R {
    do throws(GraphError) { return try body() } catch { throw ImportError(error) }
  }

  // MARK: Graphs within the node

  /// Imports a graph that an attribute holds. `inputs` are the types of its own inputs, where the node decides them.
  func subgraph(_ graph: ONNXGraph, inputs: [TensorType?]) throws(ImportError) -> ONNXTarget {
    let inner = ONNXTarget(name: graph.name)
    inner.graph.toleratesMisfits = true
    let scope = ONNXScope(
      importer: importer, target: inner, outer: self, opsets: opsets, parameters: parameters, prefix: prefix,
      depth: depth + 1)
    try importer.fill(scope, from: graph, inputs: inputs)
    return inner
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
