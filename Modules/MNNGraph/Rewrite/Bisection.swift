/// Finds the one change of passes that breaks a graph.
public struct Bisection: Sendable, Hashable {
  /// The number of changes with which the graph is still right.
  public var goodChangeCount: Int { patch.number - 1 }
  /// The pass that makes the next one.
  public var pass: String { patch.pass }
  /// The next one.
  public var patch: AppliedPatch

  /// Runs passes with fewer and fewer changes until the first bad one is alone.
  ///
  /// - Parameters:
  ///   - control: which passes run.
  ///   - isRight: runs everything under a control, and says whether the result is right.
  /// - Returns: nil if the result of all changes is right, or if that of none is wrong.
  public static func run(under control: PassControl, isRight: (PassControl) throws -> Bool) throws -> Bisection? {
    func attempt(_ limit: Int) throws -> (isRight: Bool, patches: [AppliedPatch]) {
      let log = PatchLog()
      var limited = control
      (limited.patchLimit, limited.log) = (limit, log)
      return (try isRight(limited), log.patches)
    }
    let whole = try attempt(control.patchLimit)
    guard !whole.isRight, try attempt(0).isRight else { return nil }
    var (good, bad) = (0, whole.patches.map(\.number).max() ?? 0)
    while bad - good > 1 {
      let middle = good + (bad - good) / 2
      if try attempt(middle).isRight { good = middle } else { bad = middle }
    }
    return try attempt(bad).patches.last { $0.number == bad }.map { Bisection(patch: $0) }
  }

  /// The same for one pipeline.
  ///
  /// - Parameters:
  ///   - graph: the graph before any pass.
  ///   - isRight: whether a graph means what `graph` does.
  public static func run(
    _ pipeline: PassPipeline, on graph: Graph, isRight: (Graph) throws -> Bool
  ) throws -> Bisection? {
    try run(under: PassControl()) { control in
      var (copy, control) = (graph, control)
      try pipeline.run(on: &copy, under: &control)
      return try isRight(copy)
    }
  }
}
