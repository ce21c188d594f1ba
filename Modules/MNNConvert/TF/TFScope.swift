import MNNGraph

/// A graph or function of a TensorFlow model while it is translated. Nodes are translated when something needs them.
final class TFScope: ImportScope {
  let importer: TFImporter
  let target: ImportTarget
  let body: TFFrames
  /// For a loop's condition and body and for branches: where what comes in from outside is found.
  let outer: TFScope?
  /// The loop that this is the condition or body of.
  let frame: String?
  /// Of a branch: the condition on which Switch nodes let values in.
  let predicate: String?
  /// Precedes the names of nodes of a called function.
  let prefix: String
  /// How many functions and graphs this one is within.
  let depth: Int
  /// Of a function.
  private var arguments: [String: TFValue] = [:]
  private var results: [String: [TFValue]] = [:]
  /// Lists within a loop of whose elements nothing is known, and what was learned of them.
  private(set) var elements: [Value.ID: TensorType?] = [:]

  init(
    importer: TFImporter, target: ImportTarget, body: TFFrames, outer: TFScope? = nil, frame: String? = nil,
    predicate: String? = nil,
    prefix: String = "", depth: Int = 0
  ) throws(ImportError) {
    try ImportLimits.checkDepth(depth)
    self.importer = importer
    self.target = target
    self.body = body
    self.outer = outer
    self.frame = frame
    self.predicate = predicate
    self.prefix = prefix
    self.depth = depth
    super.init(target: target)
  }

  // MARK: Values

  func bind(argument name: String, to value: TFValue) { arguments[name] = value }
  func bind(_ node: String, to values: [TFValue]) { results[node] = values }
  func noteUnknownElements(of list: Value.ID) { elements[list] = .some(nil) }

  /// Notes what an element of a list is, if nothing was known of it.
  func learn(_ type: TensorType?, of list: Value.ID) {
    guard let known = elements[list], known == nil else { return }
    elements[list] = .some(type)
  }

  /// What a reference stands for.
  func value(_ reference: String) throws(ImportError) -> TFValue {
    let parts = reference.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1, let value = arguments[reference] { return value }
    try require(parts[0])
    guard let node = body.nodes[parts[0]], let values = results[parts[0]] else { throw unknown(reference) }
    var index = 0
    if parts.count == 2 { index = Int(parts[1]) ?? -1 }
    if parts.count == 3 {
      let place = Int(parts[2]) ?? -1
      index = TFOperators.outputNames[node.op]?.firstIndex(of: parts[1]) ?? place
    }
    guard index >= 0, index < values.count else { throw unknown(reference) }
    return values[index]
  }

  func tensor(_ reference: String) throws(ImportError) -> Value.ID {
    guard let id = try value(reference).tensor else {
      throw ImportError(.invalidInput, "\"\(reference)\" is a list whose elements are not known", expected: "a tensor")
    }
    return id
  }

  private func unknown(_ reference: String) -> ImportError {
    ImportError(.invalidGraph, "input \"\(reference)\" is not made by any node", advice: "freeze or export the model again")
  }

  /// Translates the node and all that it needs, without recursion along the graph.
  private func require(_ root: String) throws(ImportError) {
    guard results[root] == nil else { return }
    var stack = [root]
    var open: Set<String> = []
    while let name = stack.last {
      if results[name] != nil || arguments[name] != nil { stack.removeLast(); continue }
      guard let node = body.nodes[name] else { throw unknown(name) }
      let missing = try dependencies(of: node).filter { results[$0] == nil && arguments[$0] == nil }
      if missing.isEmpty {
        do throws(ImportError) { try importer.translate(node, in: self) } catch {
          throw error.located(node: prefix + name, operator: node.op)
        }
        guard results[name] != nil else { throw ImportError(.invalidGraph, "node \"\(name)\" has no result") }
        stack.removeLast()
        continue
      }
      guard open.insert(name).inserted else {
        throw ImportError(.invalidGraph, "the graph has a cycle", found: "through \"\(name)\"")
      }
      stack += missing
    }
  }

  /// The nodes of this graph that must be translated before.
  private func dependencies(of node: TFNode) throws(ImportError) -> [String] {
    switch node.op {
    case "Enter" where entersThis(node): return []
    case "Switch" where isGate(node): return []
    case "Exit":
      guard let place = body.exits[node.name], let frame = body.frames[place.frame] else { return [] }
      return frame.enters.flatMap { body.nodes[$0].map { data($0) } ?? [] }
    case "Merge": return []
    default: return data(node)
    }
  }

  private func data(_ node: TFNode) -> [String] {
    node.inputs.filter { !$0.hasPrefix("^") }.map { TFFrames.source($0) }
  }

  /// Whether a value comes in here from outside the loop that this is part of.
  func entersThis(_ node: TFNode) -> Bool {
    guard let frame, case .string(let bytes)? = node.attributes["frame_name"] else { return false }
    return String(decoding: bytes, as: UTF8.self) == frame
  }

  /// Whether a value comes in here from outside the branch that this is.
  func isGate(_ node: TFNode) -> Bool { predicate != nil && node.inputs.count > 1 && node.inputs[1] == predicate }

  /// A value of the graph outside.
  func captured(_ reference: String) throws(ImportError) -> TFValue {
    guard let outer else { throw ImportError(.invalidGraph, "\"\(reference)\" comes from outside of the graph") }
    let value = try outer.value(reference)
    guard outer.target !== target else { return value }
    guard let id = value.tensor else {
      throw ImportError(.invalidInput, "\"\(reference)\" is a list whose elements are not known", expected: "a tensor")
    }
    return .tensor(target.capture(id, of: outer, name: TFFrames.source(reference)))
  }

  /// How many outputs a node turned out to have; nil if it was not translated.
  func resultCount(of name: String) -> Int? { results[name]?.count }

  // MARK: Translating one node

  func translate(_ call: TFCall, by translate: TFOperator.Translate) throws(ImportError) {
    try translating(call) { () throws(ImportError) in
      try translate(call, self)
      try call.requireAllRead()
    }
  }

  override func finish(_ results: [Value.ID]) throws(ImportError) { try finish(values: results.map { .tensor($0) }) }

  func finish(values: [TFValue]) throws(ImportError) {
    guard let call = try runningCall() as? TFCall else { return }
    results[call.node.name] = values
    // Exporters note shapes that follow from nothing else, as those of what a list holds.
    guard case .list(let noted)? = call.node.attributes["_output_shapes"], noted.shapes.count >= values.count else { return }
    for (value, sizes) in zip(values, noted.shapes) {
      guard let id = value.tensor, graph[id].type == nil, let sizes else { continue }
      note(sizes: sizes.map { $0 < 0 ? nil : $0 }, of: id)
    }
  }
}
