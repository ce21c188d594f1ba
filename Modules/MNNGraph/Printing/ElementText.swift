/// How the elements of one array are written: all in the same width, chosen after looking at all that are shown.
enum ElementText {
  case boolean(isScalar: Bool)
  case integer(width: Int)
  case fixed(FixedPoint)
  case exponent(Exponent)

  /// Digits around the point, blanks up to `whole` and `fraction` characters.
  struct FixedPoint {
    var whole: Int
    var fraction: Int
  }

  /// One digit, `fraction` digits and an exponent of at least `exponentDigits` digits.
  struct Exponent {
    var whole: Int
    var fraction: Int
    var exponentDigits: Int
  }

  /// The digits that are shown behind a point.
  static let precision = 8

  /// The way to write floating-point `values` of type `dtype`.
  static func floating(_ values: [Double], _ dtype: DType) -> ElementText {
    let finite = values.filter(\.isFinite)
    let magnitudes = finite.lazy.filter { $0 != 0 }.map { abs($0) }
    var usesExponent = false
    if let largest = magnitudes.max(), let smallest = magnitudes.min() {
      // The type's own arithmetic: a quotient that overflows in it is large.
      let ratio =
        switch dtype {
        case .float64: largest / smallest
        case .float16: Double(Float(Half(Float(largest / smallest))))
        default: Double(Float(largest) / Float(smallest))
        }
      usesExponent = largest >= exponentThreshold(dtype) || smallest < leastFixed(dtype) || ratio > 1000
    }
    var text: ElementText
    if finite.isEmpty {
      text = .fixed(FixedPoint(whole: 0, fraction: 0))
    } else if usesExponent {
      let parts = finite.map { DecimalDigits($0, of: dtype, limit: precision, scientific: true).scientific }
      text = .exponent(
        Exponent(
          whole: parts.map(\.whole.utf8.count).max() ?? 0, fraction: parts.map(\.fraction.utf8.count).max() ?? 0,
          exponentDigits: parts.map { max(String(abs($0.exponent)).utf8.count, 2) }.max() ?? 2))
    } else {
      let parts = finite.map { DecimalDigits($0, of: dtype, limit: precision, scientific: false).positional }
      text = .fixed(
        FixedPoint(
          whole: parts.map(\.whole.utf8.count).max() ?? 0, fraction: parts.map(\.fraction.utf8.count).max() ?? 0))
    }
    if finite.count != values.count { text.widen(for: values) }
    return text
  }

  /// The magnitude from which numbers of the type are written with an exponent: where digits would be invented.
  private static func exponentThreshold(_ dtype: DType) -> Double {
    switch dtype {
    case .float64: 1e8
    case .float16: 1e3
    case .bfloat16: 1e2
    default: 1e6
    }
  }

  /// The least magnitude that is written without an exponent, as the type holds it.
  private static func leastFixed(_ dtype: DType) -> Double {
    switch dtype {
    case .float64: 0.0001
    case .float16: Double(Float(Half(0.0001)))
    case .bfloat16: Double(Float(BFloat16(0.0001)))
    default: Double(Float(0.0001))
    }
  }

  /// Makes room for `nan`, `inf` and `-inf`.
  private mutating func widen(for values: [Double]) {
    let hasNaN = values.contains { $0.isNaN }
    let hasInfinity = values.contains { $0.isInfinite }
    let longest = max(hasNaN ? 3 : 0, hasInfinity ? (values.contains(-.infinity) ? 4 : 3) : 0)
    switch self {
    case .fixed(var format):
      format.whole = max(format.whole, longest - format.fraction - 1)
      self = .fixed(format)
    case .exponent(var format):
      let right = format.exponentDigits + 2 + format.fraction
      format.whole = max(format.whole, longest - right - 1)
      self = .exponent(format)
    default: break
    }
  }

  /// `value` in this way.
  func text(_ value: Double, _ dtype: DType) -> String {
    switch self {
    case .boolean, .integer: return ""
    case .fixed(let format):
      guard value.isFinite else { return ElementText.special(value, width: format.whole + format.fraction + 1) }
      let (whole, fraction) = DecimalDigits(
        value, of: dtype, limit: ElementText.precision, scientific: false
      ).positional
      return ElementText.blanks(format.whole - whole.utf8.count) + whole + "." + fraction
        + ElementText.blanks(format.fraction - fraction.utf8.count)
    case .exponent(let format):
      let width = format.whole + format.fraction + format.exponentDigits + 3
      guard value.isFinite else { return ElementText.special(value, width: width) }
      // Numbers with fewer digits than others get more of their exact value.
      let (whole, fraction, exponent) = DecimalDigits(value, exactly: format.fraction).scientific
      let digits = String(abs(exponent))
      return ElementText.blanks(format.whole - whole.utf8.count) + whole + "." + fraction
        + String(repeating: "0", count: max(format.fraction - fraction.utf8.count, 0)) + (exponent < 0 ? "e-" : "e+")
        + String(repeating: "0", count: max(format.exponentDigits - digits.utf8.count, 0)) + digits
    }
  }

  /// A whole number's or a truth value's text, right-aligned.
  func text(_ value: String) -> String {
    switch self {
    case .integer(let width): ElementText.blanks(width - value.utf8.count) + value
    case .boolean(let isScalar): isScalar || value == "False" ? value : " " + value
    default: value
    }
  }

  private static func special(_ value: Double, width: Int) -> String {
    let text = value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    return blanks(width - text.utf8.count) + text
  }

  static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
}
