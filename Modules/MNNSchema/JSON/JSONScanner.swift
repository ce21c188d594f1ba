/// Tokens of JSON text that stays where it is.
struct JSONScanner {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  /// The first byte of the next token; 0 at the end.
  mutating func peek() -> UInt8 {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0a, 0x0d, 0x09: position += 1
      case let byte: return byte
      }
    }
    return 0
  }

  var isAtEnd: Bool { position >= bytes.count }

  mutating func rewind(to position: Int) { self.position = position }

  /// Consumes `byte` if it is the next token.
  mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: byte), !isAtEnd else { return false }
    position += 1
    return true
  }

  mutating func expect(_ byte: Unicode.Scalar, _ what: String) throws(FormatError) {
    guard take(byte) else { throw syntax("\"\(byte)\" \(what)") }
  }

  /// After an element of a list: whether another follows; consumes the comma or the end.
  mutating func continues(until end: Unicode.Scalar) throws(FormatError) -> Bool {
    if take(",") { return true }
    guard take(end) else { throw syntax("\",\" or \"\(end)\"") }
    return false
  }

  // MARK: Errors

  func error(
    _ code: FormatError.Code, _ what: String, expected: String? = nil, found: String? = nil, advice: String? = nil,
    at position: Int? = nil
  ) -> FormatError {
    var line = 1
    var column = 1
    for byte in bytes.prefix(position ?? self.position) {
      column += byte & 0xc0 == 0x80 ? 0 : 1
      if byte == 0x0a { (line, column) = (line + 1, 1) }
    }
    return FormatError(
      code, what, expected: expected, found: found, advice: advice, location: "line \(line), column \(column)")
  }

  mutating func syntax(_ expected: String) -> FormatError {
    _ = peek()
    return error(.jsonSyntax, "the JSON text is not valid", expected: expected, found: describeNext())
  }

  mutating func typeMismatch(_ expected: String) -> FormatError {
    _ = peek()
    return error(.jsonTypeMismatch, "the value has the wrong type", expected: expected, found: describeNext())
  }

  private func describeNext() -> String {
    guard position < bytes.count else { return "the end of the text" }
    switch bytes[position] {
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "a list"
    default:
      let rest = bytes[position...].prefix(24).prefix { ![0x2c, 0x0a, 0x0d, 0x5d, 0x7d].contains($0) }
      return rest.isEmpty ? "\"\(Unicode.Scalar(bytes[position]))\"" : String(decoding: rest, as: UTF8.self)
    }
  }

  // MARK: Numbers

  /// The bytes of a number, of which only the character set is checked.
  mutating func numberToken() throws(FormatError) -> Range<Int> {
    let first = peek()
    guard first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      throw typeMismatch("a number")
    }
    let start = position
    position += 1
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
        UInt8(ascii: "+"), UInt8(ascii: "-"):
        position += 1
      default: return start..<position
      }
    }
    return start..<position
  }

  mutating func integer(in range: ClosedRange<Int64>) throws(FormatError) -> Int64 {
    let token = try numberToken()
    let isNegative = bytes[token.lowerBound] == UInt8(ascii: "-")
    var magnitude: UInt64 = 0
    var isValid = token.count > (isNegative ? 1 : 0)
    for byte in bytes[token].dropFirst(isNegative ? 1 : 0) {
      let digit = byte &- UInt8(ascii: "0")
      let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
      isValid = isValid && digit < 10 && !overflow && !carry
      magnitude = sum
    }
    let value = isNegative ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude)
    guard isValid, let value, range.contains(value) else {
      throw error(
        .jsonNumberInvalid, "the number does not fit", expected: "an integer from \(range.lowerBound) to \(range.upperBound)",
        found: text(token), at: token.lowerBound)
    }
    return value
  }

  mutating func float() throws(FormatError) -> Float {
    if peek() == UInt8(ascii: "\"") { return try namedFloat() }
    let token = try numberToken()
    guard let value = FloatText.parse(UnsafeRawBufferPointer(rebasing: bytes[token])) else {
      throw error(.jsonNumberInvalid, "the number is malformed", found: text(token), at: token.lowerBound)
    }
    guard value.isFinite else {
      throw error(
        .jsonNumberInvalid, "the number does not fit a float", expected: "a magnitude below 3.5e38",
        found: text(token), advice: "infinity is written \"Infinity\"", at: token.lowerBound)
    }
    return value
  }

  /// The values that JSON numbers lack.
  private mutating func namedFloat() throws(FormatError) -> Float {
    let start = position
    let name = try string()
    switch name {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default:
      if name.hasPrefix("NaN(0x"), name.hasSuffix(")"), let bits = UInt32(name.dropFirst(6).dropLast(), radix: 16) {
        let value = Float(bitPattern: bits)
        if value.isNaN { return value }
      }
      position = start
      throw typeMismatch("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range].prefix(40), as: UTF8.self) }

  mutating func bool() throws(FormatError) -> Bool {
    for (word, value) in [("true", true), ("false", false)] where takeWord(word) { return value }
    if peek() == UInt8(ascii: "0") || peek() == UInt8(ascii: "1") { return try integer(in: 0...1) == 1 }
    throw typeMismatch("true or false")
  }

  private mutating func takeWord(_ word: String) -> Bool {
    _ = peek()
    guard bytes.count - position >= word.utf8.count,
      bytes[position..<position + word.utf8.count].elementsEqual(word.utf8)
    else { return false }
    position += word.utf8.count
    return true
  }

  // MARK: Strings

  mutating func string() throws(FormatError) -> String {
    guard take("\"") else { throw typeMismatch("a string") }
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
      bytes[position] >= 0x20
    {
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      position += 1
      return try validated(bytes[start..<position - 1], at: start)
    }
    return try escapedString(from: start)
  }

  private mutating func escapedString(from start: Int) throws(FormatError) -> String {
    var result = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try validated(result[...], at: start)
      case UInt8(ascii: "\\"): try appendEscape(to: &result)
      case 0..<0x20:
        throw error(
          .jsonSyntax, "a control character in a string", expected: "\\u00\(String(byte, radix: 16))",
          at: position - 1)
      default: result.append(byte)
      }
    }
    throw error(.jsonSyntax, "the string does not end", at: start - 1)
  }

  private func validated(_ text: some Collection<UInt8>, at start: Int) throws(FormatError) -> String {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw error(.stringInvalid, "the string is not UTF-8", at: start)
    }
    return string
  }

  private mutating func appendEscape(to result: inout [UInt8]) throws(FormatError) {
    guard position < bytes.count else { throw syntax("an escape sequence") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "n"): result.append(0x0a)
    case UInt8(ascii: "r"): result.append(0x0d)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0c)
    case UInt8(ascii: "u"):
      var units = [try hexUnit()]
      if UTF16.isLeadSurrogate(units[0]), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        units.append(try hexUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw error(.jsonSyntax, "half a surrogate pair", at: position)
      }
      result.append(contentsOf: text.utf8)
    default:
      throw error(.jsonSyntax, "an unknown escape sequence", found: "\\\(Unicode.Scalar(byte))", at: position - 2)
    }
  }

  private mutating func hexUnit() throws(FormatError) -> UInt16 {
    guard position + 4 <= bytes.count,
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw error(.jsonSyntax, "\\u is not followed by four hexadecimal digits") }
    position += 4
    return unit
  }

  // MARK: Values of any type

  /// Passes over a value, of which only the brackets and strings are looked at.
  mutating func skipValue() throws(FormatError) {
    var open = 0
    repeat {
      switch peek() {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        open -= 1
        position += 1
      case UInt8(ascii: "\""): _ = try string()
      case 0: throw syntax("a value")
      case UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
      default:
        while position < bytes.count, ![0x20, 0x0a, 0x0d, 0x09, 0x2c, 0x3a, 0x5d, 0x7d].contains(bytes[position]) {
          position += 1
        }
      }
    } while open > 0
  }
}
