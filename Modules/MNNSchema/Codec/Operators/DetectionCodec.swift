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
    },
    .one(.ROIAlign) { scope throws(FormatError) in
      let p = scope.main(Wire.RoiParameters.self)
      let op = RoiAlign(
        p.poolType == .MAXPOOL ? .maximum : .average, height: Int(p.pooledHeight), width: Int(p.pooledWidth),
        samplesPerAxis: max(0, Int(p.samplingRatio)), scale: p.spatialScale, isAligned: p.aligned)
      guard scope.inputCount > 2, !p.outputGrad else {
        throw FormatError(.operatorUnsupported, "regions that name their image themselves", expected: "3 inputs")
      }
      return try scope.append(op, scope.inputs)[0]
    },
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
    },
    // The largest of samples MNN computes otherwise.
    .write(RoiAlign.self, if: { op, _, _ in op.function == .average }) { op, node, scope throws(FormatError) in
      var p = Wire.RoiParameters()
      (p.pooledHeight, p.pooledWidth) = (Int32(clamping: op.height), Int32(clamping: op.width))
      p.spatialScale = op.scale
      p.samplingRatio = Int32(clamping: op.samplesPerAxis)
      p.aligned = op.isAligned
      p.poolType = .AVEPOOL
      return try LayoutCodec.inBlocks(.make(.ROIAlign, p), node, scope)
    },
  ]
}
