import MNNGraph

/// What detectors end with.
enum DetectionCodec {
  static let readers: [OperatorReader] = [
    .read(.DetectionPostProcess) { scope throws(FormatError) in
      let p = scope.main(Wire.DetectionPostProcessParam.self)
      let op = DetectionPostProcess(
        classCount: Int(p.numClasses), maxDetections: Int(p.maxDetections), maxClassesPerDetection: Int(p.maxClassesPerDetection),
        detectionsPerClass: Int(p.detectionsPerClass), scoreThreshold: p.nmsScoreThreshold, iouThreshold: p.iouThreshold,
        suppressesPerClass: p.useRegularNMS, scales: Array(p.centerSizeEncoding ?? WireVector([10, 10, 5, 5])))
      return try scope.append(op, scope.inputs)
    }
  ]

  static let writers: [OperatorWriter] = [
    .write(DetectionPostProcess.self) { op, _, _ in
      var p = Wire.DetectionPostProcessParam()
      p.numClasses = Int32(clamping: op.classCount)
      p.maxDetections = Int32(clamping: op.maxDetections)
      p.maxClassesPerDetection = Int32(clamping: op.maxClassesPerDetection)
      p.detectionsPerClass = Int32(clamping: op.detectionsPerClass)
      p.nmsScoreThreshold = op.scoreThreshold
      p.iouThreshold = op.iouThreshold
      p.useRegularNMS = op.suppressesPerClass
      p.centerSizeEncoding = WireVector(op.scales)
      return .make(.DetectionPostProcess, p)
    }
  ]
}
