extension PassPipeline {
  /// What importers and loading do to a graph, whatever the format it came from.
  public static let simplify = PassPipeline([
    .foldConstants,
    Pass(.removeIdentities),
    Pass(.mergeTransposes),
    Pass(.productOfPixels),
    Pass(.mergeReshapes),
    Pass(.rowsOfProduct),
    Pass(.sinkTransposes),
    Pass(.skipTransposeOfOnes),
    Pass(.reshapeInsteadOfTranspose),
    Pass(.foldPadding),
    .mergeCommonNodes,
    Pass(.foldBatchNormalization),
    Pass(.foldChannelScale),
    Pass(.fuseHardSigmoid),
    Pass(.sinkScaleBelowTranspose),
    Pass(.foldProductScale),
    Pass(.fuseSelfGate),
    Pass(.fuseGelu),
    Pass(.fuseActivation),
    .removeDeadNodes,
  ])

  /// What the runtime does to a graph whose shapes are known, before it asks backends.
  public static let plan = PassPipeline([
    .foldConstants, Pass(.foldFilledWeights), Pass(.removeIdentities), Pass(.mergeTransposes), Pass(.productOfPixels),
    Pass(.mergeReshapes), Pass(.rowsOfProduct), .mergeCommonNodes,
    .removeDeadNodes,
  ])

  /// The names that `--disable-pass` takes.
  public var names: [String] { passes.map(\.name) }
}
