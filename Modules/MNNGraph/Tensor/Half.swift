/// IEEE 754 binary16, as storage. (`Float16` of the standard library is missing on some platforms.)
public struct Half: Hashable, Sendable, BitwiseCopyable {
  public var bitPattern: UInt16

  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to nearest, ties to even; overflow gives infinity.
  public init(_ value: Float) {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: (bits >> 16) & 0x8000)
    let magnitude = bits & 0x7fff_ffff
    if magnitude > 0x7f80_0000 {
      bitPattern = sign | 0x7e00
    } else if magnitude >= 0x4780_0000 {
      bitPattern = sign | 0x7c00
    } else if magnitude < 0x3880_0000 {
      // Subnormal: adding 0.5 lines the result's bits up with the low bits of the sum, rounded by the addition.
      let sum = Float(bitPattern: magnitude) + 0.5
      bitPattern = sign | UInt16(truncatingIfNeeded: sum.bitPattern &- 0x3f00_0000)
    } else {
      let odd = (magnitude >> 13) & 1
      bitPattern = sign | UInt16(truncatingIfNeeded: (magnitude &- 0x3800_0000 &+ 0xfff &+ odd) >> 13)
    }
  }
}

extension Float {
  /// The exact value of a binary16 number.
  public init(_ half: Half) {
    let bits = UInt32(half.bitPattern)
    let sign = (bits & 0x8000) << 16
    let exponent = (bits >> 10) & 0x1f
    let fraction = bits & 0x3ff
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      self.init(bitPattern: sign | magnitude.bitPattern)
    case 0x1f: self.init(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The exact value of a bfloat16 number.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

/// The upper half of a binary32: 8 exponent bits, 7 fraction bits.
public struct BFloat16: Hashable, Sendable, BitwiseCopyable {
  public var bitPattern: UInt16

  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to nearest, ties to even.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
    } else {
      bitPattern = UInt16(truncatingIfNeeded: (UInt64(bits) + 0x7fff + UInt64((bits >> 16) & 1)) >> 16)
    }
  }
}

extension Half: TensorScalar {
  public static var dtype: DType { .float16 }
  public init(converting value: Double) { self.init(Float(value)) }
  public init(converting value: Int64) { self.init(Float(value)) }
  public var asDouble: Double { Double(Float(self)) }
  public var asInt64: Int64 { Int64(converting: asDouble) }
}

extension BFloat16: TensorScalar {
  public static var dtype: DType { .bfloat16 }
  public init(converting value: Double) { self.init(Float(value)) }
  public init(converting value: Int64) { self.init(Float(value)) }
  public var asDouble: Double { Double(Float(self)) }
  public var asInt64: Int64 { Int64(converting: asDouble) }
}
