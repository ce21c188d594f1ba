import MNNGraph

/// How much a file may ask of an importer, whatever its format.
struct ImportLimits {
  /// Functions or graphs nested this deep are taken to be endless.
  static let deepestCall = 64
  /// Inlining must not make a small file a huge graph.
  static let mostNodes = 1_000_000

  private var nodeCount = 0

  static func checkDepth(_ depth: Int) throws(ImportError) {
    guard depth < deepestCall else {
      throw ImportError(
        .tooComplex, "functions or graphs nested too deeply", expected: "at most \(deepestCall) levels", found: "more",
        advice: "a function that calls itself cannot be converted")
    }
  }

  /// Counts a node. The file holds what stands outside functions; only copies of their nodes are paid for.
  ///
  /// - Parameter copiedNames: bytes of the names that a copy takes; nil for a node of the file.
  mutating func takeNode(copiedNames: Int?) throws(ImportError) {
    nodeCount += 1
    guard nodeCount <= Self.mostNodes else {
      throw ImportError(.tooComplex, "too many nodes", expected: "at most \(Self.mostNodes)", found: "more")
    }
    guard let copiedNames, let budget = WorkBudget.current else { return }
    do throws(GraphError) {
      try budget.spend(Work(bytes: copiedNames.saturatingAdd(512)), nodes: 1, on: .inlining)
    } catch { throw ImportError(error) }
  }
}
