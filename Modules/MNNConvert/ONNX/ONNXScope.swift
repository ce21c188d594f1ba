import MNNGraph

/// A graph of an ONNX model while it is filled.
final class ONNXTarget: ImportTarget {
  /// What the outputs are, in the order of the file: nil for a tensor.
  private(set) var outputStructures: [ONNXStructure?] = []
  /// Bounds of constants of four- or two-bit integers, which are kept in bytes.
  private var narrowRanges: [Value.ID: ClosedRange<Int>] = [:]

  func noteOutput(_ structure: ONNXStructure?) { outputStructures.append(structure) }

  /// Adds a constant of the file.
  func addConstant(_ stored: ONNXTensor, _ tensor: Tensor, name: String) -> Value.ID {
    let value = graph.addConstant(tensor, name: name)
    narrowRanges[value] = ONNXElementType(rawValue: stored.elementType)?.narrowRange
    return value
  }

  func narrowRange(of value: Value.ID) -> ClosedRange<Int>? { narrowRanges[value] }
}

/// Where names mean values: a graph, or the body of a function while it is inlined. Translators add nodes through it.
final class ONNXScope: ImportScope {
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
    super.init(target: target)
  }

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
    try translating(call) { () throws(ImportError) in
      try translate(call, self)
      try call.requireAllRead()
    }
  }

  /// Says what the node's outputs are. Outputs that the node does not name are dropped.
  override func finish(_ results: [Value.ID]) throws(ImportError) {
    let outputs = try current().node.outputs
    guard outputs.count <= results.count || outputs[results.count...].allSatisfy(\.isEmpty) else {
      throw ImportError(
        .invalidGraph, "more outputs than the operator has", expected: "at most \(results.count)",
        found: "\(outputs.count)")
    }
    for (name, value) in zip(outputs, results) where !name.isEmpty { try define(name, as: value) }
  }

  private func current() throws(ImportError) -> ONNXCall {
    guard let call = try runningCall() as? ONNXCall else { throw ImportError(.invalidGraph, "no node is being translated") }
    return call
  }

  /// Says that the node's first output is no tensor.
  func finish(_ structure: ONNXStructure) throws(ImportError) {
    guard let name = try current().node.outputs.first, !name.isEmpty else { return }
    try define(name, as: structure)
  }

  /// The bounds of a constant whose elements have fewer bits than their type here.
  func narrowRange(of value: Value.ID) -> ClosedRange<Int>? { target.narrowRange(of: value) }

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
