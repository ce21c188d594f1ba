/// Finds the one change of a pipeline that breaks a graph.
public struct Bisection: Sendable, Hashable {
  /// The number of changes with which the graph is still right.
  public var goodChangeCount: Int
  /// The pass that makes the next one.
  public var pass: String

  /// Runs the pipeline with fewer and fewer changes until the first bad one is alone.
  ///
  /// - Parameters:
  ///   - graph: the graph before any pass.
  ///   - isRight: whether a graph means what `graph` does.
  /// - Returns: nil if the result of all changes is right, or if `graph` itself is wrong.
  public static func run(
    _ pipeline: PassPipeline, on graph: Graph, isRight: (Graph) throws -> Bool
  ) throws -> Bisection? {
    func result(_ limit: Int) throws(GraphError) -> (graph: Graph, report: PassPipeline.Report) {
      var pipeline = pipeline
      pipeline.changeLimit = limit
      var copy = graph
      let report = try pipeline.run(on: &copy)
      return (copy, report)
    }
    let whole = try result(pipeline.changeLimit)
    guard try !isRight(whole.graph), try isRight(graph) else { return nil }
    var (good, bad) = (0, whole.report.total)
    while bad - good > 1 {
      let middle = good + (bad - good) / 2
      if try isRight(result(middle).graph) { good = middle } else { bad = middle }
    }
    let before = try result(good).report
    let after = try result(bad).report
    let pass = after.changes.first { change in
      change.count != before.changes.first { $0.pass == change.pass }?.count ?? 0
    }
    return Bisection(goodChangeCount: good, pass: pass?.pass ?? "")
  }
}
