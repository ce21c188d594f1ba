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
    var indices = BitWriter(bits: bits, capacity: weights.count)
    for group in 0..<groups {
      let row = weights[group * length..<(group + 1) * length]
      let scale = isAsymmetric ? range(row, &alpha) : magnitude(row, &alpha)
      let low = isAsymmetric ? alpha[alpha.count - 2] : 0
      for weight in row { indices.append(UInt8(code(weight, low, scale) - lowest)) }
    }
    let isWide = groups > 65535 || length > 65535
    var bytes: [UInt8] = [2]
    for size in [groups, length] {
      for shift in stride(from: 0, to: isWide ? 32 : 16, by: 8) { bytes.append(UInt8(truncatingIfNeeded: size >> shift)) }
    }
    bytes.append(UInt8(truncatingIfNeeded: 1 << bits))
    for value in lowest..<(-lowest) { bytes.append(UInt8(bitPattern: Int8(value))) }
    bytes += indices.finished()
    var packed = Wire.IDSTQuan()
    packed.type = 1
    packed.buffer = WireVector(bytes.map { Int8(bitPattern: $0) })
    packed.alpha = WireVector(alpha)
    packed.aMaxOrBits = Int32(bits)
    packed.aMin = isAsymmetric ? Int32(lowest) : 0
    packed.readType = isAsymmetric ? Int32(groups) : 0
    packed.quantScale = 1
    packed.shapeInt32 = isWide
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

/// Numbers of a few bits, the first in the highest bits of the first byte.
private struct BitWriter {
  private let bits: Int
  private var bytes: [UInt8] = []
  private var pending: UInt32 = 0
  private var pendingCount = 0

  init(bits: Int, capacity: Int) {
    self.bits = bits
    bytes.reserveCapacity(capacity * bits / 8 + 1)
  }

  mutating func append(_ value: UInt8) {
    pending = pending << UInt32(bits) | UInt32(value)
    pendingCount += bits
    while pendingCount >= 8 {
      pendingCount -= 8
      bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(pendingCount)))
    }
  }

  func finished() -> [UInt8] {
    pendingCount == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending << UInt32(8 - pendingCount))]
  }
}
