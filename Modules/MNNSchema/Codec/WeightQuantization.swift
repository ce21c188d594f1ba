import MNNGraph

/// Weights of convolutions in a few bits: `--weightQuantBits`. See `format/weights.md`, 4 and 6.
public struct WeightQuantization: Sendable, Hashable {
  /// 2 to 8.
  public var bits: Int
  /// Whether each group has a smallest value beside its scale; else codes lie evenly around 0.
  public var isAsymmetric: Bool
  /// How many input channels share a scale; 0 for all of an output channel. Where it does not divide the channels, or is no
  /// multiple of 16, a layer has one scale per output channel.
  public var blockSize: Int

  public init(bits: Int, isAsymmetric: Bool = true, blockSize: Int = 0) {
    self.bits = bits
    self.isAsymmetric = isAsymmetric
    self.blockSize = blockSize
  }

  public static let bitRange = 2...8
}

extension WeightQuantization {
  /// The number of groups that share a scale.
  ///
  /// - Parameters:
  ///   - rows: output channels.
  ///   - channels: input channels of one of them.
  func groupCount(rows: Int, channels: Int) -> Int {
    guard blockSize >= 16, blockSize % 16 == 0, channels >= blockSize, channels % blockSize == 0 else { return rows }
    return rows * (channels / blockSize)
  }

  /// The packed form of `weights`, in `groups` runs of equal length.
  func packed(_ weights: [Float], groups: Int) throws(FormatError) -> Wire.IDSTQuan {
    guard Self.bitRange.contains(bits) else {
      throw FormatError(.attributeInvalid, "weights cannot have so many bits", expected: "2 to 8", found: "\(bits)")
    }
    guard groups > 0, weights.count % groups == 0, groups <= Int(Int32.max) else {
      throw FormatError(.lengthMismatch, "weights do not make up groups", expected: "\(groups) groups", found: "\(weights.count)")
    }
    let length = weights.count / groups
    let lowest = -(1 << (bits - 1))
    var alpha: [Float] = []
    alpha.reserveCapacity(groups * (isAsymmetric ? 2 : 1))
    var codes: [Int8] = []
    codes.reserveCapacity(weights.count)
    for group in 0..<groups {
      let row = weights[group * length..<(group + 1) * length]
      let scale = isAsymmetric ? range(row, &alpha) : magnitude(row, &alpha)
      let low = isAsymmetric ? alpha[alpha.count - 2] : 0
      for weight in row { codes.append(Int8(clamping: code(weight, low, scale))) }
    }
    var packed = Wire.IDSTQuan(codes: codes, bits: bits, groups: groups)
    packed.alpha = WireVector(alpha)
    packed.aMin = isAsymmetric ? Int32(lowest) : 0
    packed.readType = isAsymmetric ? Int32(groups) : 0
    return packed
  }

  /// Groups whose values hardly differ have one code.
  private static let smallestScale: Float = 1e-6

  private func range(_ row: ArraySlice<Float>, _ alpha: inout [Float]) -> Float {
    let low = row.min() ?? 0
    let scale = ((row.max() ?? 0) - low) / Float((1 << bits) - 1)
    alpha += [low, scale]
    return scale
  }

  private func magnitude(_ row: ArraySlice<Float>, _ alpha: inout [Float]) -> Float {
    let scale = row.reduce(0) { max($0, abs($1)) } / Float((1 << (bits - 1)) - 1)
    alpha.append(scale)
    return scale
  }

  private func code(_ weight: Float, _ low: Float, _ scale: Float) -> Int {
    let lowest = -(1 << (bits - 1))
    guard scale > Self.smallestScale, weight.isFinite else { return isAsymmetric ? lowest : 0 }
    let quotient = ((weight - low) / scale).rounded(.toNearestOrAwayFromZero)
    // Not so if the range itself is not finite.
    guard abs(quotient) < 1e6 else { return isAsymmetric ? lowest : 0 }
    let steps = Int(converting: quotient)
    return isAsymmetric ? min(max(steps + lowest, lowest), -lowest - 1) : min(max(steps, lowest + 1), -lowest - 1)
  }
}
