/// Steps over the fields of one protobuf message without making anything of them.
struct WireCursor {
  /// One field: its number, and where its parts lie in the file.
  struct Field {
    var number: Int
    var kind: Kind
    /// From the tag to the end of the value.
    var whole: Range<Int>
    /// Of a length-delimited field what the length covers; else the value.
    var value: Range<Int>
  }

  enum Kind: UInt64 {
    case varint = 0
    case fixed64 = 1
    case delimited = 2
    case fixed32 = 5
  }

  private(set) var position: Int
  let end: Int

  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field, or nil at the end of the message.
  mutating func next(in bytes: RawSpan) throws(ImportError) -> Field? {
    guard position < end else { return nil }
    let start = position
    let tag = try varint(in: bytes)
    guard let kind = Kind(rawValue: tag & 7), tag >> 3 > 0, tag >> 3 < 1 << 29 else {
      throw damaged(at: start, expected: "a field", found: "tag \(tag)")
    }
    var valueStart = position
    let length: UInt64
    switch kind {
    case .varint:
      _ = try varint(in: bytes)
      length = UInt64(position - valueStart)
    case .fixed64: length = 8
    case .fixed32: length = 4
    case .delimited:
      length = try varint(in: bytes)
      valueStart = position
    }
    guard length <= UInt64(end - valueStart) else {
      throw damaged(at: start, expected: "at most \(end - valueStart) bytes", found: "a field of \(length) bytes")
    }
    position = valueStart + Int(length)
    return Field(number: Int(tag >> 3), kind: kind, whole: start..<position, value: valueStart..<position)
  }

  /// A base-128 number of at most ten bytes.
  mutating func varint(in bytes: RawSpan) throws(ImportError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    let start = position
    while position < end, shift < 64 {
      let byte = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
      position += 1
      result |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw damaged(at: start, expected: "a number of at most ten bytes", found: "none")
  }

  private func damaged(at offset: Int, expected: String, found: String) -> ImportError {
    ImportError(
      .malformedFile, "damaged at byte \(offset)", expected: expected, found: found,
      advice: "the file is truncated or of another format; fetch or export it again")
  }
}
