#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The decimal digits of a finite number: `0.d1d2d3… * 10^pointPosition`, without zeros at either end.
///
/// They are the fewest that tell the number from its neighbors of the same type. Where more than `limit` of them lie
/// behind the point, the exact value is rounded there instead, ties to even.
struct DecimalDigits {
  var isNegative: Bool
  /// Values 0 ... 9; empty for zero.
  var digits: [UInt8]
  /// How many digits stand before the point; may be negative or more than there are.
  var pointPosition: Int

  /// - Parameter scientific: whether digits are counted behind the first one and not behind the point.
  init(_ value: Double, of dtype: DType, limit: Int, scientific: Bool) {
    let magnitude = abs(value)
    let text =
      switch dtype {
      case .float64: magnitude.description
      case .float32: Float(magnitude).description
      default: DecimalDigits.shortest(magnitude, of: dtype)
      }
    self.init(text)
    isNegative = value.sign == .minus
    let behind = scientific ? digits.count - 1 : digits.count - pointPosition
    guard behind > limit else { return }
    self.init(DecimalDigits.rounded(magnitude, digits: limit, scientific: scientific))
    isNegative = value.sign == .minus
  }

  /// The exact value rounded to one digit before and `count` digits behind the point, ties to even.
  init(_ value: Double, exactly count: Int) {
    self.init(DecimalDigits.rounded(abs(value), digits: count, scientific: true))
    isNegative = value.sign == .minus
  }

  /// The digits of `text`: decimal, perhaps with a point and an exponent, without a sign.
  private init(_ text: String) {
    isNegative = false
    digits = []
    pointPosition = 0
    var exponent = 0
    var sign = 1
    var inFraction = false
    var inExponent = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "."): inFraction = true
      case UInt8(ascii: "e"): inExponent = true
      case UInt8(ascii: "-"): sign = -1
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if inExponent {
          exponent = exponent * 10 + Int(digit)
        } else {
          if !inFraction { pointPosition += 1 }
          digits.append(digit)
        }
      default: break
      }
    }
    pointPosition += sign * exponent
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    pointPosition -= zeros
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { pointPosition = 0 }
  }

  /// The fewest digits that give back a number of a narrow type.
  private static func shortest(_ value: Double, of dtype: DType) -> String {
    for count in 0..<6 {
      let text = rounded(value, digits: count, scientific: true)
      guard let back = Double(text) else { continue }
      let same =
        dtype == .float16
        ? Half(Float(back)) == Half(Float(value)) : BFloat16(Float(back)) == BFloat16(Float(value))
      if same { return text }
    }
    return Float(value).description
  }

  /// The exact value rounded to `digits` digits behind the point, by the C library.
  private static func rounded(_ value: Double, digits: Int, scientific: Bool) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    let length = withVaList([Int32(clamping: digits), value]) { arguments in
      vsnprintf(&buffer, buffer.count, scientific ? "%.*e" : "%.*f", arguments)
    }
    return String(decoding: buffer.prefix(max(Int(length), 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The text before and after the point.
  var positional: (whole: String, fraction: String) {
    let before = max(pointPosition, 0)
    var whole = digits.prefix(before).map { Character(Unicode.Scalar($0 + 48)) }
    whole += [Character](repeating: "0", count: max(before - digits.count, 0))
    var fraction = [Character](repeating: "0", count: digits.isEmpty ? 0 : max(-pointPosition, 0))
    fraction += digits.dropFirst(before).map { Character(Unicode.Scalar($0 + 48)) }
    return ((isNegative ? "-" : "") + (whole.isEmpty ? "0" : String(whole)), String(fraction))
  }

  /// The first digit, those behind it, and the power of ten.
  var scientific: (whole: String, fraction: String, exponent: Int) {
    let first = digits.first.map { String($0) } ?? "0"
    let fraction = String(digits.dropFirst().map { Character(Unicode.Scalar($0 + 48)) })
    return ((isNegative ? "-" : "") + first, fraction, digits.isEmpty ? 0 : pointPosition - 1)
  }
}
