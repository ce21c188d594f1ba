import MNNGraph

/// A program in parts, cut after the nodes that are computed between two plans whatever the sizes: branches, loops, and operators
/// whose results' shapes depend on data. Each part is planned by itself, so that a long chain of them costs as much as its links.
struct ProgramChain: Sendable {
  private struct Part: Sendable {
    let program: Program
    /// Places of the values that it takes and gives.
    let inputs: [Int]
    let outputs: [Int]
    /// Values that nothing needs afterwards.
    let last: [Int]
  }

  private enum Output: Sendable {
    case value(Int)
    case constant(Tensor)
  }

  private let parts: [Part]
  private let inputCount: Int
  private let valueCount: Int
  private let outputs: [Output]

  /// - Parameter make: the program of a part; whether it is the first, which has the graph's inputs alone.
  /// - Returns: nil for a graph that is not cut.
  init?(_ graph: Graph, make: (_ part: Graph, _ isFirst: Bool) -> Program) throws(GraphError) {
    var depths: [Value.ID: Int] = [:]
    var levels: [[Node]] = []
    var level: [Node.ID: Int] = [:]
    for node in graph.nodes {
      let own = node.inputs.reduce(0) { depth, id in max(depth, id.flatMap { depths[$0] } ?? 0) }
      for id in node.results { depths[id] = own + (node.endsPart ? 1 : 0) }
      while levels.count <= own { levels.append([]) }
      levels[own].append(node)
      level[node.id] = own
    }
    guard levels.count > 1 else { return nil }
    var places: [Value.ID: Int] = [:]
    for id in graph.inputs { places[id] = places.count }
    var drafts: [(graph: Graph, inputs: [Int], outputs: [Int])] = []
    var lastUse: [Int: Int] = [:]
    for (index, nodes) in levels.enumerated() {
      var taken: [Value.ID] = []
      var seen: Set<Value.ID> = []
      for case let id? in nodes.flatMap(\.inputs) where places[id] != nil && seen.insert(id).inserted { taken.append(id) }
      let given = nodes.flatMap(\.results).filter { id in
        graph.isOutput(id) || graph[id].consumers.contains { level[$0] != index }
      }
      let part = try graph.extracting(nodes, inputs: taken, outputs: given, name: "\(graph.name)#\(index)")
      for id in given { places[id] = places.count }
      for id in taken { if let place = places[id] { lastUse[place] = index } }
      drafts.append((part, taken.compactMap { places[$0] }, given.compactMap { places[$0] }))
    }
    var outputs: [Output] = []
    for id in graph.outputs {
      if let tensor = graph.constant(id) {
        outputs.append(.constant(tensor))
      } else if let place = places[id] {
        outputs.append(.value(place))
        lastUse[place] = nil
      } else {
        throw GraphError(.graphInvalid, "output \"\(graph[id].name)\" is not produced")
      }
    }
    self.outputs = outputs
    inputCount = graph.inputs.count
    valueCount = places.count
    var last = [[Int]](repeating: [], count: drafts.count)
    for (place, index) in lastUse { last[index].append(place) }
    parts = drafts.enumerated().map { index, draft in
      Part(program: make(draft.graph, index == 0), inputs: draft.inputs, outputs: draft.outputs, last: last[index])
    }
  }

  /// What the first part runs for inputs of these types.
  func firstEntry(for operands: [Operand]) throws(RunError) -> Program.Entry {
    guard operands.count == inputCount else {
      throw RunError(.inputCount, "wrong number of inputs", expected: "\(inputCount)", found: "\(operands.count)")
    }
    return try parts[0].program.entry(for: parts[0].inputs.map { operands[$0] })
  }

  func run(_ inputs: [Tensor], profiler: Profiler?) throws(RunError) -> [Tensor] {
    guard inputs.count == inputCount else {
      throw RunError(.inputCount, "wrong number of inputs", expected: "\(inputCount)", found: "\(inputs.count)")
    }
    var values = inputs.map { Optional($0) } + [Tensor?](repeating: nil, count: valueCount - inputs.count)
    for part in parts {
      let results = try part.program.run(part.inputs.compactMap { values[$0] }, profiler: profiler)
      for (place, tensor) in zip(part.outputs, results) { values[place] = tensor }
      for place in part.last { values[place] = nil }
    }
    return outputs.compactMap { output in
      switch output {
      case .value(let place): values[place]
      case .constant(let tensor): tensor
      }
    }
  }
}

extension Node {
  /// True if what follows the node is planned only when it has run.
  fileprivate var endsPart: Bool {
    op is any ControlFlowOperator || op is NonZero || op is NonMaxSuppression || op is Compress || op is Unique
  }
}
