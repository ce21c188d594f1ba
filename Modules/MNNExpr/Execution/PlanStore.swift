import MNNGraph
import MNNRuntime
import Synchronization

/// The plans used last, by the structure of the expressions they compute.
final class PlanStore: Sendable {
  private struct Entry: Sendable {
    var plan: PlannedGraph
    var lastUse: Int
  }

  private struct Contents: Sendable {
    var entries: [Structure: Entry] = [:]
    var clock = 0
  }

  private let capacity: Int
  private let contents = Mutex(Contents())

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// The plan of an equal structure, or what `make` makes. Made outside the lock: two tasks may make the same, one stays.
  func plan(for key: Structure, make: () throws(ExprError) -> PlannedGraph) throws(ExprError) -> PlannedGraph {
    let known = contents.withLock { contents -> PlannedGraph? in
      contents.clock += 1
      guard let index = contents.entries.index(forKey: key) else { return nil }
      contents.entries.values[index].lastUse = contents.clock
      return contents.entries.values[index].plan
    }
    if let known { return known }
    let plan = try make()
    contents.withLock { contents in
      contents.entries[key] = Entry(plan: plan, lastUse: contents.clock)
      if contents.entries.count > capacity, let oldest = contents.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
        contents.entries[oldest.key] = nil
      }
    }
    return plan
  }

  var count: Int { contents.withLock { $0.entries.count } }

  func removeAll() { contents.withLock { $0.entries = [:] } }
}
