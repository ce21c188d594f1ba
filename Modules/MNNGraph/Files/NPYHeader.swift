/// The header of a `.npy` file: element type, byte order, axis order, sizes.
///
/// - SeeAlso: numpy.lib.format, versions 1.0 to 3.0.
struct NPYHeader: Equatable {
  var dtype: DType
  var isBigEndian: Bool
  var isFortranOrder: Bool
  var shape: [Int]

  /// numpy's letters for the element types (`bfloat16` has none and is written as float32).
  private static let words: [(DType, String)] = [
    (.bool, "b1"), (.int8, "i1"), (.uint8, "u1"), (.int16, "i2"), (.uint16, "u2"), (.int32, "i4"), (.uint32, "u4"),
    (.int64, "i8"), (.uint64, "u8"), (.float16, "f2"), (.float32, "f4"), (.float64, "f8"),
  ]

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The header of a file, and where the elements begin.
  static func read(_ bytes: UnsafeRawBufferPointer) throws(GraphError) -> (header: NPYHeader, offset: Int) {
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(magic) else {
      throw GraphError(.arrayFileInvalid, "not a .npy file: it does not begin with \\x93NUMPY")
    }
    let version = bytes[6]
    guard (1...3).contains(version), version == 1 || bytes.count >= 12 else {
      throw GraphError(.arrayFileInvalid, "unknown .npy version", expected: "1 to 3", found: "\(version)")
    }
    let start = version == 1 ? 10 : 12
    let length =
      version == 1
      ? Int(bytes[8]) | Int(bytes[9]) << 8
      : Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
    guard length <= bytes.count - start else {
      throw GraphError(
        .arrayFileInvalid, "the header is cut short", expected: "\(length) bytes", found: "\(bytes.count - start)")
    }
    guard length <= 1 << 16 else {
      throw GraphError(.arrayFileInvalid, "the header is too long", found: "\(length) bytes")
    }
    var parser = NPYHeaderParser(Array(bytes[start..<start + length]))
    return (try parser.header(), start + length)
  }

  static func dtype(forWord word: Substring) -> DType? { words.first { $0.1 == word }?.0 }

  /// The bytes before the elements, padded so that these begin at a multiple of 64.
  func encoded() throws(GraphError) -> [UInt8] {
    guard let word = NPYHeader.words.first(where: { $0.0 == dtype })?.1 else {
      throw GraphError(.dtypeUnsupported, ".npy files have no type \(dtype)", advice: "convert to float32")
    }
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = dtype.byteCount == 1 ? "|" : "<"
    var text = Array("{'descr': '\(order)\(word)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    let unpadded = 10 + text.count + 1
    text += [UInt8](repeating: 0x20, count: (64 - unpadded % 64) % 64) + [0x0a]
    return NPYHeader.magic + [1, 0, UInt8(text.count & 0xff), UInt8(text.count >> 8)] + text
  }
}

/// Reads the one Python literal that a header is: a dictionary of a string, a boolean and a tuple of integers.
struct NPYHeaderParser {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  mutating func header() throws(GraphError) -> NPYHeader {
    var descr: Substring?
    var order: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr": descr = Substring(try string())
      case "fortran_order": order = try boolean()
      case "shape": shape = try tuple()
      default: throw failure("unknown key '\(key)'")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    guard var word = descr, let order, let shape else { throw failure("a key is missing") }
    let mark = word.first
    if let mark, "<>|=".contains(mark) { word = word.dropFirst() }
    guard let dtype = NPYHeader.dtype(forWord: word) else {
      throw GraphError(
        .arrayFileInvalid, "element type not supported", expected: "a bool, integer or float", found: "\(descr ?? "")")
    }
    return NPYHeader(dtype: dtype, isBigEndian: mark == ">", isFortranOrder: order, shape: shape)
  }

  private func failure(_ what: String) -> GraphError {
    GraphError(.arrayFileInvalid, "the .npy header cannot be read: \(what) at byte \(position)")
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x0a, 0x09, 0x0d].contains(text[position]) { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Character) throws(GraphError) {
    guard take(character) else { throw failure("'\(character)' is missing") }
  }

  private mutating func string() throws(GraphError) -> String {
    skipSpace()
    guard position < text.count, text[position] == 0x27 || text[position] == 0x22 else { throw failure("no string") }
    let quote = text[position]
    guard let end = text[(position + 1)...].firstIndex(of: quote) else { throw failure("an endless string") }
    defer { position = end + 1 }
    return String(decoding: text[(position + 1)..<end], as: UTF8.self)
  }

  private mutating func boolean() throws(GraphError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure("neither True nor False")
  }

  private mutating func tuple() throws(GraphError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      skipSpace()
      var value = 0
      let first = position
      while position < text.count, (0x30...0x39).contains(text[position]) {
        let (shifted, o1) = value.multipliedReportingOverflow(by: 10)
        let (sum, o2) = shifted.addingReportingOverflow(Int(text[position] - 0x30))
        guard !o1, !o2 else { throw failure("a size too large") }
        value = sum
        position += 1
      }
      guard position > first, sizes.count < 64 else { throw failure("no size") }
      if position < text.count, text[position] == 0x4c { position += 1 }  // Python 2 wrote 3L
      sizes.append(value)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }
}
