import MNNGraph

/// Which backend runs which node, and why not a preferred one.
public struct Placement: Sendable, Hashable, CustomStringConvertible {
  public struct Entry: Sendable, Hashable {
    public var node: String
    public var operatorName: String
    public var backend: String
    /// What the backends that were preferred said, by name.
    public var refusals: [String: String]
  }

  public internal(set) var entries: [Entry] = []

  /// How many nodes each backend runs.
  public var counts: [String: Int] { entries.reduce(into: [:]) { $0[$1.backend, default: 0] += 1 } }

  public var description: String {
    entries.map { entry in
      let reasons = entry.refusals.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
      return "\(entry.backend)\t\(entry.operatorName) \"\(entry.node)\"" + (reasons.isEmpty ? "" : "\t(\(reasons))")
    }.joined(separator: "\n")
  }
}

/// A run of nodes on one backend, as a graph of its own.
struct Segment {
  var backend: Int
  var graph: Graph
  /// The whole graph's values that are the segment's inputs and outputs, in order.
  var inputs: [Value.ID]
  var outputs: [Value.ID]
}

extension Graph {
  /// Gives every node the first backend that supports it and groups neighbors. The last backend takes what is left.
  func segments(over backends: [any Backend]) throws(GraphError) -> [Segment] {
    var groups: [(backend: Int, nodes: [Node])] = []
    for node in nodes {
      guard let request = request(for: node) else {
        throw GraphError(.dependsOnData, "a type is not known").at(node: node.name, operator: node.op.name)
      }
      let backend = backends.firstIndex { $0.support(for: request).isSupported } ?? backends.count - 1
      if groups.last?.backend == backend {
        groups[groups.count - 1].nodes.append(node)
      } else {
        groups.append((backend, [node]))
      }
    }
    var segments: [Segment] = []
    for (index, group) in groups.enumerated() {
      let members = Set(group.nodes.map(\.id))
      var inputs: [Value.ID] = []
      var seen: Set<Value.ID> = []
      for node in group.nodes {
        for case let input? in node.inputs where constant(input) == nil && seen.insert(input).inserted {
          if let producer = producer(of: input), members.contains(producer.id) { continue }
          inputs.append(input)
        }
      }
      let outputs = group.nodes.flatMap(\.results).filter { id in
        isOutput(id) || self[id].consumers.contains { !members.contains($0) }
      }
      let part = try extracting(group.nodes, inputs: inputs, outputs: outputs, name: "\(name)#\(index)")
      segments.append(Segment(backend: group.backend, graph: part, inputs: inputs, outputs: outputs))
    }
    return segments
  }
}
