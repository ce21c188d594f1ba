/// The numbers of a FlexBuffers map, in which custom operators have their options. Every offset is checked; what is no number is left
/// out.
struct FlexMap {
  private(set) var numbers: [String: Double] = [:]

  /// The types of values, by the numbers of the format.
  private enum Kind: Int {
    case int = 1
    case uint, float
    case indirectInt = 6
    case indirectUInt, indirectFloat
    case bool = 26
  }

  private static let map = 9
  /// No operator has as many options.
  private static let mostEntries = 1024

  init(_ bytes: UnsafeRawBufferPointer) throws(ImportError) {
    // The root is the last value; behind it are its type and its width.
    guard bytes.count >= 3, let width = Self.width(Int(bytes[bytes.count - 1])), bytes.count >= 2 + width else {
      throw Self.damaged
    }
    let packed = Int(bytes[bytes.count - 2])
    let root = bytes.count - 2 - width
    guard packed >> 2 == Self.map else { throw Self.damaged }
    let (start, size) = (try Self.target(of: root, width, bytes), 1 << (packed & 3))
    let count = try Self.unsigned(start - size, size, bytes)
    let keysWidth = try Self.unsigned(start - 2 * size, size, bytes)
    let keys = try Self.target(of: start - 3 * size, size, bytes)
    guard count <= Self.mostEntries, let keySize = Self.width(keysWidth) else { throw Self.damaged }
    for i in 0..<count {
      let name = try Self.text(try Self.target(of: keys + i * keySize, keySize, bytes), bytes)
      let type = try Self.unsigned(start + count * size + i, 1, bytes)
      if let value = try Self.number(start + i * size, size, type, bytes) { numbers[name] = value }
    }
  }

  private static var damaged: ImportError {
    ImportError(.invalidAttribute, "the operator's options are damaged", expected: "a FlexBuffers map")
  }

  private static func width(_ value: Int) -> Int? { [1, 2, 4, 8].contains(value) ? value : nil }

  private static func unsigned(_ place: Int, _ width: Int, _ bytes: UnsafeRawBufferPointer) throws(ImportError) -> Int {
    guard place >= 0, place <= bytes.count - width else { throw damaged }
    var value: UInt64 = 0
    for i in (0..<width).reversed() { value = value << 8 | UInt64(bytes[place + i]) }
    return Int(clamping: value)
  }

  /// What an offset at `place` leads to: it counts backwards.
  private static func target(of place: Int, _ width: Int, _ bytes: UnsafeRawBufferPointer) throws(ImportError) -> Int {
    let offset = try unsigned(place, width, bytes)
    guard offset > 0, offset <= place else { throw damaged }
    return place - offset
  }

  private static func text(_ start: Int, _ bytes: UnsafeRawBufferPointer) throws(ImportError) -> String {
    guard let end = bytes[start..<min(start + 256, bytes.count)].firstIndex(of: 0) else { throw damaged }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private static func number(
    _ place: Int, _ width: Int, _ packed: Int, _ bytes: UnsafeRawBufferPointer
  ) throws(ImportError) -> Double? {
    guard let kind = Kind(rawValue: packed >> 2) else { return nil }
    switch kind {
    case .indirectInt: return try number(try target(of: place, width, bytes), 1 << (packed & 3), Kind.int.rawValue << 2, bytes)
    case .indirectUInt: return try number(try target(of: place, width, bytes), 1 << (packed & 3), Kind.uint.rawValue << 2, bytes)
    case .indirectFloat:
      return try number(try target(of: place, width, bytes), 1 << (packed & 3), Kind.float.rawValue << 2, bytes)
    default: break
    }
    guard place >= 0, place <= bytes.count - width else { throw damaged }
    var raw: UInt64 = 0
    for i in (0..<width).reversed() { raw = raw << 8 | UInt64(bytes[place + i]) }
    switch kind {
    case .float where width == 4: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw)))
    case .float where width == 8: return Double(bitPattern: raw)
    case .float: return nil
    case .int:
      let unused = UInt64(64 - 8 * width)
      return Double(Int64(bitPattern: raw << unused) >> Int64(unused))
    default: return Double(raw)
    }
  }
}
