import MNNGraph

extension expr {
  /// The boxes that a single-shot detector found, the best first: boxes `[1, rows, 4]`, classes `[1, rows]`, scores `[1, rows]`, and
  /// how many rows are used `[1]`. See ``DetectionPostProcess``.
  ///
  /// - Parameters:
  ///   - encodeBoxes: `[1, n, 4]`, relative to the anchors.
  ///   - classPredictions: `[1, n, classes]`.
  ///   - anchors: `[n, 4]`.
  ///   - nmsThreshold: which a score must reach.
  ///   - centersizeEncoding: by what `y x height width` are divided.
  public static func detectionPostProcess(
    _ encodeBoxes: Variable, _ classPredictions: Variable, _ anchors: Variable, numClasses: Int, maxDetections: Int,
    maxClassesPerDetection: Int, detectionsPerClass: Int, nmsThreshold: Float, iouThreshold: Float, useRegularNMS: Bool,
    centersizeEncoding: [Float]
  ) -> [Variable] {
    Variable.apply(
      results: DetectionPostProcess(
        classCount: numClasses, maxDetections: maxDetections, maxClassesPerDetection: maxClassesPerDetection,
        detectionsPerClass: detectionsPerClass, scoreThreshold: nmsThreshold, iouThreshold: iouThreshold,
        suppressesPerClass: useRegularNMS, scales: centersizeEncoding),
      [encodeBoxes, classPredictions, anchors])
  }
}
