extension PassPipeline {
  /// What importers and loading do to a graph, whatever the format it came from.
  public static let simplify = PassPipeline([.foldConstants, .mergeCommonNodes, .removeDeadNodes])

  /// What the runtime does to a graph whose shapes are known, before it asks backends.
  public static let plan = PassPipeline([.foldConstants, .mergeCommonNodes, .removeDeadNodes])
}
