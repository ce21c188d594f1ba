import CFlatBuffers
import MNNGraph

/// The bytes of a TFLite file, verified, and what may still be unfolded of them.
final class TFLiteBytes {
  let file: MappedFile
  /// Offsets may point many times at one long string or vector, so that a small file would unfold into any amount of memory.
  /// Contents that are written once take less than an eighth of this.
  private var budget: Int

  /// The most tables that are nested, and that there are.
  private static let (deepest, most) = (32, 2_000_000)

  init(_ file: MappedFile) throws(ImportError) {
    self.file = file
    budget = file.byteCount.saturatingMultiply(8).saturatingAdd(65_536)
    let bytes = file.bytes
    guard bytes.count >= 8, bytes[4..<8].elementsEqual("TFL3".utf8) else {
      throw ImportError(
        .malformedFile, bytes.isEmpty ? "the file is empty" : "not a TFLite model", expected: "TFL3 as bytes 4 to 7",
        advice: "check the file and the framework given with -f")
    }
    // What lies behind the first 2 GB is data of buffers, which FlatBuffers' offsets do not reach.
    let size = min(bytes.count, Int(Int32.max) - 1)
    let verdict = mnn_tflite_verify(
      bytes.bindMemory(to: UInt8.self).baseAddress, size, Int32(clamping: TFLiteSchema.shared.root), UInt32(Self.deepest),
      UInt32(Self.most))
    guard !verdict.valid else { return }
    var place = "the root"
    if verdict.table >= 0 {
      let table = TFLiteSchema.shared.tables[Int(verdict.table)]
      place = table.name + (verdict.slot < 0 ? "" : ".\(table.fields[Int(verdict.slot)].name)")
    }
    throw ImportError(
      .malformedFile, "damaged at byte \(verdict.position)", found: "\(place) that leaves the file or is not aligned",
      advice: "the file is truncated or not a TFLite model; fetch or export it again")
  }

  func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) throws(ImportError) -> T {
    guard offset >= 0, offset <= file.byteCount - MemoryLayout<T>.size else {
      throw ImportError(
        .malformedFile, "damaged", expected: "an offset within \(file.byteCount) bytes", found: "\(offset)",
        advice: "the file is truncated or not a TFLite model; fetch or export it again")
    }
    return T(littleEndian: file.bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  func spend(_ bytes: Int) throws(ImportError) {
    guard bytes <= budget else {
      throw ImportError(
        .tooComplex, "parts of the file stand for much more than the file holds",
        advice: "the file is damaged or made to do harm")
    }
    budget -= bytes
  }
}

/// A table of a verified file. Fields are read by their names in the format.
struct TFLiteTable {
  let bytes: TFLiteBytes
  let kind: Int
  let position: Int

  private var schema: TFLiteSchema.Table { TFLiteSchema.shared.tables[kind] }
  var name: String { schema.name }

  static func root(of bytes: TFLiteBytes) throws(ImportError) -> TFLiteTable {
    TFLiteTable(bytes: bytes, kind: TFLiteSchema.shared.root, position: Int(try bytes.load(0, as: UInt32.self)))
  }

  /// Where the field's content lies; nil if it is absent.
  private func place(of field: TFLiteSchema.Field) throws(ImportError) -> Int? {
    let table = position - Int(try bytes.load(position, as: Int32.self))
    let size = Int(try bytes.load(table, as: UInt16.self))
    let entry = 4 + 2 * field.slot
    guard entry + 2 <= size else { return nil }
    let offset = Int(try bytes.load(table + entry, as: UInt16.self))
    return offset == 0 ? nil : position + offset
  }

  private func field(_ name: String) throws(ImportError) -> TFLiteSchema.Field {
    guard let field = schema.byName[name] else {
      throw ImportError(.invalidAttribute, "\(schema.name) has no field \"\(name)\"")
    }
    return field
  }

  private func follow(_ place: Int) throws(ImportError) -> Int { place + Int(try bytes.load(place, as: UInt32.self)) }

  // MARK: Scalars

  func has(_ name: String) -> Bool { schema.byName[name] != nil }

  func int(_ name: String) throws(ImportError) -> Int {
    let field = try field(name)
    guard case .scalar(let type) = field.content, let place = try place(of: field) else {
      return Int(converting: field.defaultValue)
    }
    return try integer(type, at: place)
  }

  private func integer(_ type: MNNWireType, at place: Int) throws(ImportError) -> Int {
    switch type {
    case MNNWireType_bool, MNNWireType_ubyte: Int(try bytes.load(place, as: UInt8.self))
    case MNNWireType_byte: Int(try bytes.load(place, as: Int8.self))
    case MNNWireType_ushort: Int(try bytes.load(place, as: UInt16.self))
    case MNNWireType_int: Int(try bytes.load(place, as: Int32.self))
    case MNNWireType_uint: Int(try bytes.load(place, as: UInt32.self))
    case MNNWireType_long: Int(try bytes.load(place, as: Int64.self))
    default: 0
    }
  }

  func bool(_ name: String) throws(ImportError) -> Bool { try int(name) != 0 }

  func float(_ name: String) throws(ImportError) -> Float {
    let field = try field(name)
    guard let place = try place(of: field) else { return Float(field.defaultValue) }
    return Float(bitPattern: try bytes.load(place, as: UInt32.self))
  }

  // MARK: What lies elsewhere

  func string(_ name: String) throws(ImportError) -> String? {
    guard let place = try place(of: field(name)) else { return nil }
    let start = try follow(place)
    return try text(start)
  }

  private func text(_ start: Int) throws(ImportError) -> String {
    let range = try contents(start, elementSize: 1)
    try bytes.spend(range.count)
    return String(decoding: bytes.file.bytes[range], as: UTF8.self)
  }

  /// The bytes of a vector, after its length.
  private func contents(_ start: Int, elementSize: Int) throws(ImportError) -> Range<Int> {
    let count = Int(try bytes.load(start, as: UInt32.self))
    let first = start + 4
    guard count <= (bytes.file.byteCount - first) / elementSize else {
      throw ImportError(
        .malformedFile, "a list leaves the file", expected: "at most \(bytes.file.byteCount) bytes", found: "\(count) elements")
    }
    return first..<first + count * elementSize
  }

  /// Where the bytes of a vector of bytes lie; nil if there is none.
  func range(_ name: String) throws(ImportError) -> Range<Int>? {
    guard let place = try place(of: field(name)) else { return nil }
    return try contents(try follow(place), elementSize: 1)
  }

  func ints(_ name: String) throws(ImportError) -> [Int]? {
    let field = try field(name)
    guard case .scalar(let type) = field.content, let place = try place(of: field) else { return nil }
    let size =
      type == MNNWireType_long ? 8 : type == MNNWireType_int || type == MNNWireType_uint ? 4 : type == MNNWireType_ushort ? 2 : 1
    let range = try contents(try follow(place), elementSize: size)
    try bytes.spend(range.count / size * 8)
    var result: [Int] = []
    result.reserveCapacity(range.count / size)
    for at in stride(from: range.lowerBound, to: range.upperBound, by: size) { result.append(try integer(type, at: at)) }
    return result
  }

  func floats(_ name: String) throws(ImportError) -> [Float]? {
    guard let place = try place(of: field(name)) else { return nil }
    let range = try contents(try follow(place), elementSize: 4)
    try bytes.spend(range.count)
    var result: [Float] = []
    result.reserveCapacity(range.count / 4)
    for at in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
      result.append(Float(bitPattern: try bytes.load(at, as: UInt32.self)))
    }
    return result
  }

  func table(_ name: String) throws(ImportError) -> TFLiteTable? {
    let field = try field(name)
    guard let place = try place(of: field) else { return nil }
    switch field.content {
    case .table(let kind): return TFLiteTable(bytes: bytes, kind: kind, position: try follow(place))
    case .union(let index):
      // The id is the field before.
      let id = field.slot > 0 ? try int(schema.fields[field.slot - 1]) : 0
      let members = TFLiteSchema.shared.unions[index]
      guard id > 0, id < members.count, let kind = members[id] else { return nil }
      return TFLiteTable(bytes: bytes, kind: kind, position: try follow(place))
    default: return nil
    }
  }

  private func int(_ field: TFLiteSchema.Field) throws(ImportError) -> Int {
    guard let place = try place(of: field) else { return 0 }
    return Int(try bytes.load(place, as: UInt8.self))
  }

  func tables(_ name: String) throws(ImportError) -> [TFLiteTable] {
    let field = try field(name)
    guard case .table(let kind) = field.content, let place = try place(of: field) else { return [] }
    let range = try contents(try follow(place), elementSize: 4)
    try bytes.spend(range.count)
    var result: [TFLiteTable] = []
    result.reserveCapacity(range.count / 4)
    for at in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
      result.append(TFLiteTable(bytes: bytes, kind: kind, position: try follow(at)))
    }
    return result
  }

  /// The names of fields that say something else than their defaults.
  func stated() throws(ImportError) -> [String] {
    var result: [String] = []
    for field in schema.fields where field.name != "unused" {
      guard let place = try place(of: field) else { continue }
      switch field.content {
      case .scalar(MNNWireType_float) where !field.isVector:
        if try float(field.name) != Float(field.defaultValue) { result.append(field.name) }
      case .scalar(let type) where !field.isVector:
        if try integer(type, at: place) != Int(converting: field.defaultValue) { result.append(field.name) }
      default: result.append(field.name)
      }
    }
    return result
  }
}
