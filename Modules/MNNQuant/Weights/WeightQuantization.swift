import MNNGraph

/// How weights are kept in a few bits.
public struct WeightQuantization: Sendable, Hashable {
  /// How the scale and the smallest value of a group are found.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// From the smallest and the largest weight, as MNN does it.
    case range
    /// From there, both are moved so that most weights come close, at the cost of a few: half-quadratic quantization (Badri and Shaji,
    /// 2023), which needs no data. For asymmetric weights.
    case halfQuadratic
  }

  /// 2 to 8.
  public var bits: Int
  /// Whether each group has a smallest value beside its scale; else codes lie evenly around 0.
  public var isAsymmetric: Bool
  /// How many input channels share a scale; 0 for all of an output channel. Where it does not divide the channels, or is no
  /// multiple of 16, a layer has one scale per output channel.
  public var blockSize: Int
  public var method: Method
  /// Bits of scales and smallest values: 32, or 16 for half precision.
  public var scaleBits: Int

  public init(bits: Int, isAsymmetric: Bool = true, blockSize: Int = 0, method: Method = .range, scaleBits: Int = 32) {
    self.bits = bits
    self.isAsymmetric = isAsymmetric
    self.blockSize = blockSize
    self.method = method
    self.scaleBits = scaleBits
  }

  public static let bitRange = 2...8

  /// Throws if no weights can be kept so.
  package func check() throws(QuantizationError) {
    guard Self.bitRange.contains(bits) else {
      throw QuantizationError(.settingInvalid, "weights cannot have so many bits", expected: "2 to 8", found: "\(bits)")
    }
    guard blockSize >= 0 else {
      throw QuantizationError(.settingInvalid, "the block is not valid", expected: "0 or a multiple of 16", found: "\(blockSize)")
    }
    guard scaleBits == 32 || scaleBits == 16 else {
      throw QuantizationError(.settingInvalid, "scales cannot have so many bits", expected: "16 or 32", found: "\(scaleBits)")
    }
    guard method == .range || isAsymmetric else {
      throw QuantizationError(
        .settingInvalid, "half-quadratic quantization moves the smallest value, which symmetric weights do not have",
        advice: "make the weights asymmetric, or take their range")
    }
  }

  /// The steps between the lowest and the highest code.
  var stepCount: Int { (1 << bits) - 1 }

  /// The lowest code.
  var lowestCode: Int { -(1 << (bits - 1)) }

  /// The number of groups that share a scale.
  ///
  /// - Parameters:
  ///   - rows: output channels.
  ///   - channels: input channels of one of them.
  package func groupCount(rows: Int, channels: Int) -> Int {
    guard blockSize >= 16, blockSize % 16 == 0, channels >= blockSize, channels % blockSize == 0 else { return rows }
    return rows * (channels / blockSize)
  }
}
