import MNNGraph

extension OperatorCase {
  /// Detection, sampling, random numbers and spectra.
  static let rest: [OperatorCase] = [
    OperatorCase("RoiAlign") { r in
      let regions = r.number(0...5)
      return (RoiAlign(height: r.number(1...4), width: r.number(1...4)), [x(r.sizes(4)), x([regions, 4]), x([regions], .int64)])
    },
    OperatorCase("MaxRoiPool") { r in
      (MaxRoiPool(height: r.number(1...4), width: r.number(1...4)), [x(r.sizes(4)), x([r.number(0...5), 5])])
    },
    OperatorCase("DetectionPostProcess") { r in
      let n = r.number(1...9)
      let op = DetectionPostProcess(classCount: 3, maxDetections: r.number(1...5), scoreThreshold: 0, iouThreshold: 0.5)
      return (op, [x([1, n, 4]), x([1, n, 4]), x([n, 4])])
    },
    OperatorCase("GridSample") { r in
      let n = r.number(1...3)
      return (GridSample(), [x([n] + r.sizes(3)), x([n] + r.sizes(2) + [2])])
    },
    OperatorCase("AffineGrid") { r in
      let n = r.number(1...3)
      return (AffineGrid(), [x([n, 2, 3]), try c([n] + r.sizes(3))])
    },
    OperatorCase("Raster") { r in
      let sizes = r.sizes(2)
      let turned = Region(
        size: sizes, source: View(strides: [sizes[1], 1]), target: View(strides: [1, sizes[0]]))
      return (Raster(shape: [sizes[1], sizes[0]], regions: [turned]), [x(sizes)])
    },
    OperatorCase("Multinomial") { r in (Multinomial(count: r.number(1...5)), [x(r.sizes(2))]) },
    OperatorCase("RandomNormal") { r in (RandomNormal(), [try c(r.sizes(3))]) },
    OperatorCase("RandomUniform") { r in (RandomUniform(), [try c(r.sizes(3))]) },
    OperatorCase("DFT") { r in
      let sizes = r.sizes(2) + [r.number(1...2)]
      let oneSided = sizes[2] == 1 && r.flag()
      return (
        DFT(isOneSided: oneSided), [x(sizes), r.flag() ? try c(r.number(1...9)) : nil, r.flag() ? try c(r.number(0...1)) : nil]
      )
    },
    OperatorCase("STFT") { r in
      let frame = r.number(1...5)
      return (
        STFT(isOneSided: r.flag()), [x([r.number(1...3), r.number(frame...20), 1]), try c(r.number(1...4)), nil, try c(frame)]
      )
    },
    OperatorCase("MelWeightMatrix") { r in
      (MelWeightMatrix(), [try c(r.number(1...8)), try c(16), try c(8192), try c([Float(0)]), try c([Float(4096)])])
    },
    OperatorCase("WindowFunction") { r in (WindowFunction(.hann), [try c(r.number(1...9))]) },
  ]
}
