/// Decimal text to the nearest `Float`.
enum FloatText {
  /// 10⁰ … 10²², which `Double` holds exactly.
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// The nearest float, ties to even; `nil` if `text` is not a JSON number.
  ///
  /// Up to 15 digits and 22 decimal places the quotient or product of two exact doubles is the nearest double, and
  /// rounding that to a float is right unless it lies halfway between two floats. The rest goes to the standard library.
  static func parse(_ text: UnsafeRawBufferPointer) -> Float? {
    var position = 0
    func digit() -> UInt8? {
      guard position < text.count else { return nil }
      let value = text[position] &- UInt8(ascii: "0")
      return value < 10 ? value : nil
    }
    let isNegative = position < text.count && text[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }

    var significand: UInt64 = 0
    var digits = 0
    var exponent = 0
    let integerStart = position
    while let value = digit() {
      significand = significand &* 10 &+ UInt64(value)
      digits += significand == 0 ? 0 : 1
      position += 1
    }
    let integerDigits = position - integerStart
    guard integerDigits > 0, integerDigits == 1 || text[integerStart] != UInt8(ascii: "0") else { return nil }
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      let start = position
      while let value = digit() {
        significand = significand &* 10 &+ UInt64(value)
        digits += significand == 0 ? 0 : 1
        position += 1
      }
      guard position > start else { return nil }
      exponent = start - position
    }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      var isDown = false
      if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
        isDown = text[position] == UInt8(ascii: "-")
        position += 1
      }
      let start = position
      var value = 0
      while let next = digit() {
        value = min(value * 10 + Int(next), 100_000)
        position += 1
      }
      guard position > start else { return nil }
      exponent += isDown ? -value : value
    }
    guard position == text.count else { return nil }

    if digits <= 15, abs(exponent) <= 22 {
      let exact = Double(significand)
      let value = exponent < 0 ? exact / powers[-exponent] : exact * powers[exponent]
      let isHalfway = value.bitPattern & 0x1fff_ffff == 0x1000_0000
      if !isHalfway, value == 0 || value >= Double(Float.leastNormalMagnitude) {
        return isNegative ? -Float(value) : Float(value)
      }
    }
    return Float(String(decoding: text, as: UTF8.self))
  }
}
