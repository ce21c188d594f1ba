/// An edge of a graph: what a node produces, an input, or a constant.
public struct Value: Sendable {
  /// Names a value within one graph.
  public struct ID: Hashable, Sendable, CustomStringConvertible {
    package let index: Int
    public var description: String { "%\(index)" }
  }

  public enum Origin: Sendable {
    case input
    case constant(Tensor)
    case result(of: Node.ID, index: Int)
    /// Its producer was removed; no node may use it.
    case removed
  }

  public let id: ID
  public var name: String
  /// nil if a shape on the way depends on data.
  public internal(set) var type: TensorType?
  public internal(set) var origin: Origin
  var uses = Uses()
  /// The nodes that use this value, once per use.
  public var consumers: some RandomAccessCollection<Node.ID> { uses.list.lazy.map(\.node) }
  /// How often the graph gives this value out.
  var outputCount = 0

  public var constant: Tensor? {
    if case .constant(let tensor) = origin { tensor } else { nil }
  }
}

/// An occurrence of an operator.
public struct Node: Sendable {
  public struct ID: Hashable, Sendable, CustomStringConvertible {
    package let index: Int
    public var description: String { "#\(index)" }
  }

  public let id: ID
  public var name: String
  public let op: any Operator
  /// nil where an optional input is absent.
  public internal(set) var inputs: [Value.ID?]
  public let results: [Value.ID]
  /// The type of the operator.
  let kind: ObjectIdentifier
}

/// A computation: inputs, constants, nodes, outputs. A value type; importers, passes, the codec and the runtime all speak it.
public struct Graph: Sendable {
  public var name: String
  /// How users see the axes of the graph's image inputs.
  public var format: DataFormat = .NCHW
  /// Free-form facts about the model (author, classes, …), kept through conversion.
  public var metadata: [String: String] = [:]
  /// The graph may never run, as a branch or the body of a loop may not: operands that do not fit leave the types of a node's
  /// results unknown, and are an error only while it runs.
  package var toleratesMisfits = false
  public private(set) var inputs: [Value.ID] = []
  public private(set) var outputs: [Value.ID] = []
  /// Where in ``outputs`` each of them is.
  private var outputPlaces: [Value.ID: [Int]] = [:]
  private var values: [Value] = []
  private var nodeSlots: [Node?] = []
  /// Live nodes, producers before consumers once ``sortTopologically()`` has run.
  private var order: [Node.ID] = []
  /// Steps that changes have taken: nodes, uses and sizes that were touched. What is to grow with the model is measured by it.
  package private(set) var work = 0

  public init(name: String = "") { self.name = name }

  public var nodeCount: Int { order.count }

  /// The names of the nodes, producers first; of some that were removed since the last sort, too.
  package var nodeIDs: [Node.ID] { order }

  /// The type of a node's operator; nil if the node was removed.
  package func kind(of id: Node.ID) -> ObjectIdentifier? { nodeSlots[id.index]?.kind }

  /// The nodes, producers first.
  public var nodes: [Node] { order.compactMap { nodeSlots[$0.index] } }

  public subscript(id: Value.ID) -> Value { values[id.index] }

  /// The node, or nil if it was removed.
  public subscript(id: Node.ID) -> Node? { id.index < nodeSlots.count ? nodeSlots[id.index] : nil }

  /// All values that are inputs, constants, or results of live nodes.
  public var liveValues: [Value] {
    values.filter {
      if case .removed = $0.origin { false } else { true }
    }
  }

  package var valueSlotCount: Int { values.count }

  /// The value of that name among inputs, outputs, and all others, in this order.
  public func value(named name: String) -> Value.ID? {
    inputs.first { values[$0.index].name == name } ?? outputs.first { values[$0.index].name == name }
      ?? liveValues.first { $0.name == name }?.id
  }

  /// The value of every name, found as ``value(named:)`` does.
  package var valuesByName: [String: Value.ID] {
    Dictionary((inputs + outputs + liveValues.map(\.id)).map { (self[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The bytes of all constants, those that several share counted once.
  package var constantByteCount: Int {
    var seen: Set<UnsafeRawPointer> = []
    return values.reduce(0) { sum, value in
      guard let tensor = value.constant, let start = tensor.withUnsafeBytes({ $0.baseAddress }),
        seen.insert(start).inserted
      else { return sum }
      return sum.saturatingAdd(tensor.byteCount)
    }
  }

  /// What is known of a value during inference, or nil if nothing is.
  public func operand(_ id: Value.ID) -> Operand? {
    let value = values[id.index]
    return value.type.map { Operand($0, constant: value.constant) }
  }

  // MARK: Building

  @discardableResult
  public mutating func addInput(_ name: String, type: TensorType?) -> Value.ID {
    let id = newValue(name, type: type, origin: .input)
    inputs.append(id)
    return id
  }

  public mutating func addConstant(_ tensor: Tensor, name: String = "") -> Value.ID {
    newValue(name, type: tensor.type, origin: .constant(tensor))
  }

  public mutating func setOutputs(_ ids: [Value.ID]) {
    for id in outputs { values[id.index].outputCount = 0 }
    outputs = ids
    outputPlaces = [:]
    for (i, id) in outputs.enumerated() {
      values[id.index].outputCount += 1
      outputPlaces[id, default: []].append(i)
    }
  }

  /// True if the graph gives the value out.
  public func isOutput(_ id: Value.ID) -> Bool { values[id.index].outputCount > 0 }

  /// True if the value is fed to the graph.
  public func isInput(_ id: Value.ID) -> Bool {
    if case .input = values[id.index].origin { true } else { false }
  }

  /// True if no node uses the value and the graph does not give it out.
  package func isUnused(_ id: Value.ID) -> Bool { values[id.index].uses.list.isEmpty && !isOutput(id) }

  /// Removes inputs, which no node may use, from the list.
  package mutating func removeInputs(where condition: (Value) -> Bool) {
    let removed = inputs.filter { isUnused($0) && condition(values[$0.index]) }
    for id in removed { values[id.index].origin = .removed }
    if !removed.isEmpty { inputs = inputs.filter { isInput($0) } }
  }

  /// Puts the inputs in another order; `order` holds each of them once.
  package mutating func orderInputs(_ order: [Value.ID]) {
    guard Set(order) == Set(inputs), order.count == inputs.count else { return }
    inputs = order
  }

  public mutating func setName(_ name: String, of id: Value.ID) { values[id.index].name = name }
  package mutating func setType(_ type: TensorType?, of id: Value.ID) {
    values[id.index].type = type
    work += type?.shape.dimensions.reduce(1) { $0 + $1.size } ?? 1
  }

  private mutating func newValue(_ name: String, type: TensorType?, origin: Value.Origin) -> Value.ID {
    let id = Value.ID(index: values.count)
    values.append(Value(id: id, name: name, type: type, origin: origin))
    work += type?.shape.dimensions.reduce(1) { $0 + $1.size } ?? 1
    return id
  }

  /// Adds a node at the end and infers its results' types (nil where a shape depends on data).
  ///
  /// - Throws: ``GraphError`` if the operator refuses its operands.
  @discardableResult
  public mutating func append(
    _ op: any Operator, _ inputs: [Value.ID?], name: String = "", resultNames: [String] = []
  ) throws(GraphError) -> [Value.ID] {
    let types: [TensorType]?
    do throws(GraphError) { types = try inferTypes(op, inputs) } catch {
      guard toleratesMisfits, error.isMisfit else { throw error.at(node: name, operator: op.name) }
      types = nil
    }
    let results = (0..<op.resultCount).map { i in
      (i < resultNames.count ? resultNames[i] : op.resultCount == 1 ? name : "\(name):\(i)", types?[i])
    }
    return appendUnchecked(op, inputs, name: name, results: results)
  }

  /// Adds a node whose results' names and types are known already.
  mutating func appendUnchecked(
    _ op: any Operator, _ inputs: [Value.ID?], name: String, results: [(name: String, type: TensorType?)]
  ) -> [Value.ID] {
    let nodeID = Node.ID(index: nodeSlots.count)
    let ids = results.enumerated().map { newValue($1.name, type: $1.type, origin: .result(of: nodeID, index: $0)) }
    nodeSlots.append(Node(id: nodeID, name: name, op: op, inputs: inputs, results: ids, kind: ObjectIdentifier(type(of: op))))
    order.append(nodeID)
    for (i, input) in inputs.enumerated() {
      if let input { values[input.index].uses.add(Use(node: nodeID, input: i)) }
    }
    return ids
  }

  /// The types an operator would give, or nil if an operand's type is not known or a shape depends on data.
  package func inferTypes(_ op: any Operator, _ inputs: [Value.ID?]) throws(GraphError) -> [TensorType]? {
    var list: [Operand?] = []
    for input in inputs {
      guard let input else { list.append(nil); continue }
      guard let operand = operand(input) else { return nil }
      list.append(operand)
    }
    do throws(GraphError) {
      let types = try op.resultTypes(for: Operands(list))
      guard types.count == op.resultCount else {
        throw GraphError(
          .graphInvalid, "operator \(op.name) infers the wrong number of results", expected: "\(op.resultCount)",
          found: "\(types.count)")
      }
      try op.checkPacking(Operands(list), types)
      return types
    } catch {
      if error.code == .dependsOnData { return nil }
      throw error
    }
  }

  // MARK: Changing

  /// Lets every use of `old`, as an input of a node or an output of the graph, use `new`. An output keeps its name.
  ///
  /// - Throws: what ``Identity`` refuses of `new`, where a node must carry a second name; the graph is then as it was.
  public mutating func replaceAllUses(of old: Value.ID, with new: Value.ID) throws(GraphError) {
    guard old != new else { return }
    // Two outputs, or an input and an output, keep a name each: an identity node carries the second name.
    let carrier =
      isOutput(old) && (isOutput(new) || isInput(new)) ? try append(Identity(), [new], name: values[old.index].name)[0] : nil
    for use in values[old.index].uses.list {
      nodeSlots[use.node.index]?.inputs[use.input] = new
      values[new.index].uses.add(use)
      work += 1
    }
    values[old.index].uses.removeAll()
    guard isOutput(old) else { return }
    let replacement = carrier ?? new
    if carrier == nil { values[new.index].name = values[old.index].name }
    for i in outputPlaces[old] ?? [] { outputs[i] = replacement }
    values[replacement.index].outputCount = values[old.index].outputCount
    values[old.index].outputCount = 0
    outputPlaces[replacement] = outputPlaces.removeValue(forKey: old)
  }

  /// Removes a node whose results nothing uses.
  public mutating func remove(_ id: Node.ID) {
    guard let node = nodeSlots[id.index] else { return }
    for (i, input) in node.inputs.enumerated() {
      if let input { values[input.index].uses.remove(Use(node: id, input: i)) }
    }
    for result in node.results { values[result.index].origin = .removed }
    nodeSlots[id.index] = nil
  }

  /// Makes a result of a node a constant; the node stays until it is dead.
  package mutating func makeConstant(_ id: Value.ID, _ tensor: Tensor) throws(GraphError) {
    let constant = addConstant(tensor, name: values[id.index].name)
    try replaceAllUses(of: id, with: constant)
  }

  /// Drops removed nodes and puts producers before consumers, otherwise keeping the order.
  ///
  /// - Throws: ``GraphError/Code/graphInvalid`` if the graph has a cycle.
  public mutating func sortTopologically() throws(GraphError) {
    var state = [UInt8](repeating: 0, count: nodeSlots.count)  // 1: being visited, 2: placed
    var sorted: [Node.ID] = []
    sorted.reserveCapacity(order.count)
    for root in order where nodeSlots[root.index] != nil && state[root.index] == 0 {
      var stack: [(id: Node.ID, next: Int)] = [(root, 0)]
      state[root.index] = 1
      while let top = stack.last {
        guard let node = nodeSlots[top.id.index] else { stack.removeLast(); continue }
        if top.next == node.inputs.count {
          state[top.id.index] = 2
          sorted.append(top.id)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        guard let input = node.inputs[top.next], case .result(let producer, _) = values[input.index].origin,
          state[producer.index] != 2
        else { continue }
        if state[producer.index] == 1 {
          throw GraphError(.graphInvalid, "the graph has a cycle").at(node: node.name, operator: node.op.name)
        }
        state[producer.index] = 1
        stack.append((producer, 0))
      }
    }
    work += nodeSlots.count
    order = sorted
  }

  // MARK: Questions

  /// The node that produces a value, if one does.
  public func producer(of id: Value.ID?) -> Node? {
    guard let id, case .result(let node, _) = values[id.index].origin else { return nil }
    return self[node]
  }

  /// The operator of type `Op` that produces a value, if one does.
  public func producer<Op: Operator>(of id: Value.ID?, as type: Op.Type) -> (op: Op, node: Node)? {
    guard let node = producer(of: id), let op = node.op as? Op else { return nil }
    return (op, node)
  }

  /// As ``producer(of:as:)`` if the value has one use and is no output, so that the producer may be changed.
  public func soleProducer<Op: Operator>(of id: Value.ID?, as type: Op.Type) -> (op: Op, node: Node)? {
    guard let id, hasSoleUse(id) else { return nil }
    return producer(of: id, as: type)
  }

  /// True if exactly one node uses the value, once, and the graph does not give it out.
  public func hasSoleUse(_ id: Value.ID) -> Bool {
    values[id.index].uses.list.count == 1 && !isOutput(id)
  }

  /// True if exactly one node uses the value, however often, and the graph does not give it out.
  public func hasSoleUser(_ id: Value.ID) -> Bool {
    let uses = values[id.index].uses.list
    guard let first = uses.first, !isOutput(id) else { return false }
    return uses.allSatisfy { $0.node == first.node }
  }

  /// True if the node uses the value.
  package func uses(_ id: Value.ID, in node: Node) -> Bool {
    node.inputs.indices.contains { node.inputs[$0] == id && values[id.index].uses.contains(Use(node: node.id, input: $0)) }
  }

  /// The contents of a value, if they are constant.
  public func constant(_ id: Value.ID?) -> Tensor? { id.flatMap { values[$0.index].constant } }
}

extension Graph: Hashable {
  /// Equal if their texts are (structure, names, types) and their constants are bitwise.
  public static func == (a: Graph, b: Graph) -> Bool { GraphText(a).lines == GraphText(b).lines && a.constants == b.constants }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(nodeCount)
    hasher.combine(inputs.count)
  }
  private var constants: [Tensor] {
    var seen: Set<Value.ID> = []
    var result: [Tensor] = []
    for node in nodes {
      for case let input? in node.inputs where seen.insert(input).inserted {
        if let tensor = constant(input) { result.append(tensor) }
      }
    }
    return result
  }
}
