import MNNGraph

/// Reads the messages of a frozen graph: `GraphDef` and what it holds. Data of tensors stays in the file.
struct TFReader {
  /// A file with more fields than this is refused: each costs up to 200 bytes in memory.
  private static let mostFields = 4_000_000
  /// Lists within attributes nest no deeper.
  private static let deepest = 16

  private var fields = 0
  private(set) var model = TFModel()

  /// - Parameter range: where the graph lies; nil if it is all of the file.
  init(_ bytes: RawSpan, _ range: Range<Int>? = nil) throws(ImportError) {
    guard bytes.byteCount > 0 else {
      throw ImportError(.malformedFile, "the file is empty", expected: "a TensorFlow graph", advice: "fetch or export it again")
    }
    try each(range ?? 0..<bytes.byteCount, of: bytes) { reader, field throws(ImportError) in
      switch field.number {
      case 1: reader.model.nodes.append(try reader.node(field.value, of: bytes))
      case 2:
        try reader.each(field.value, of: bytes) { reader, field throws(ImportError) in
          guard field.number == 1 else { return }
          let function = try reader.function(field.value, of: bytes)
          reader.model.functions[function.name] = function
        }
      default: break
      }
    }
    guard !model.nodes.isEmpty else {
      throw ImportError(
        .malformedFile, "not a TensorFlow graph", expected: "a GraphDef with nodes", found: "none",
        advice: "freeze the model first; check the file and the framework given with -f")
    }
  }

  private mutating func each(
    _ range: Range<Int>, of bytes: RawSpan, _ body: (inout TFReader, WireCursor.Field) throws(ImportError) -> Void
  ) throws(ImportError) {
    var cursor = WireCursor(range)
    while let field = try cursor.next(in: bytes) {
      fields += 1
      guard fields <= Self.mostFields else {
        throw ImportError(.tooComplex, "too many parts", expected: "at most \(Self.mostFields) fields", found: "more")
      }
      try body(&self, field)
    }
  }

  // MARK: Values

  private func text(_ field: WireCursor.Field, of bytes: RawSpan) -> String {
    String(decoding: octets(field, of: bytes), as: UTF8.self)
  }

  private func octets(_ field: WireCursor.Field, of bytes: RawSpan) -> [UInt8] {
    guard field.kind == .delimited else { return [] }
    return bytes.extracting(field.value).withUnsafeBytes { Array($0) }
  }

  private func number(_ field: WireCursor.Field, of bytes: RawSpan) throws(ImportError) -> Int64 {
    try Self.number(field, of: bytes)
  }

  private static func number(_ field: WireCursor.Field, of bytes: RawSpan) throws(ImportError) -> Int64 {
    guard field.kind == .varint else { return 0 }
    var cursor = WireCursor(field.value)
    return Int64(bitPattern: try cursor.varint(in: bytes))
  }

  private func float(_ field: WireCursor.Field, of bytes: RawSpan) -> Float {
    guard field.kind == .fixed32 else { return 0 }
    return Float(
      bitPattern: UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: field.value.lowerBound, as: UInt32.self)))
  }

  /// The numbers of a repeated field, packed or one.
  private func numbers(_ field: WireCursor.Field, of bytes: RawSpan) throws(ImportError) -> [Int64] {
    guard field.kind == .delimited else { return [try number(field, of: bytes)] }
    var cursor = WireCursor(field.value)
    var result: [Int64] = []
    while cursor.position < cursor.end { result.append(Int64(bitPattern: try cursor.varint(in: bytes))) }
    return result
  }

  private func floats(_ field: WireCursor.Field, of bytes: RawSpan) -> [Float] {
    guard field.kind == .delimited else { return [float(field, of: bytes)] }
    return stride(from: field.value.lowerBound, to: field.value.upperBound - 3, by: 4).map {
      Float(bitPattern: UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: $0, as: UInt32.self)))
    }
  }

  // MARK: Messages

  private mutating func node(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> TFNode {
    var node = TFNode()
    try each(range, of: bytes) { reader, field throws(ImportError) in
      switch field.number {
      case 1: node.name = reader.text(field, of: bytes)
      case 2: node.op = reader.text(field, of: bytes)
      case 3: node.inputs.append(reader.text(field, of: bytes))
      case 5:
        var (key, value): (String, TFAttribute?) = ("", nil)
        try reader.each(field.value, of: bytes) { reader, field throws(ImportError) in
          if field.number == 1 { key = reader.text(field, of: bytes) }
          if field.number == 2 { value = try reader.attribute(field.value, of: bytes) }
        }
        node.attributes[key] = value
      default: break
      }
    }
    return node
  }

  private mutating func function(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> TFFunction {
    var function = TFFunction()
    try each(range, of: bytes) { reader, field throws(ImportError) in
      switch field.number {
      case 1:
        try reader.each(field.value, of: bytes) { reader, field throws(ImportError) in
          switch field.number {
          case 1: function.name = reader.text(field, of: bytes)
          case 2: function.inputs.append(try reader.argument(field.value, of: bytes))
          case 3: function.outputs.append(try reader.argument(field.value, of: bytes))
          default: break
          }
        }
      case 3: function.nodes.append(try reader.node(field.value, of: bytes))
      case 4:
        var (key, value) = ("", "")
        try reader.each(field.value, of: bytes) { reader, field throws(ImportError) in
          if field.number == 1 { key = reader.text(field, of: bytes) }
          if field.number == 2 { value = reader.text(field, of: bytes) }
        }
        function.results[key] = value
      default: break
      }
    }
    return function
  }

  private mutating func argument(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> String {
    var name = ""
    try each(range, of: bytes) { reader, field throws(ImportError) in
      if field.number == 1 { name = reader.text(field, of: bytes) }
    }
    return name
  }

  private mutating func attribute(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> TFAttribute? {
    var result: TFAttribute?
    try each(range, of: bytes) { reader, field throws(ImportError) in
      switch field.number {
      case 1: result = .list(try reader.list(field.value, of: bytes))
      case 2: result = .string(reader.octets(field, of: bytes))
      case 3: result = .int(try reader.number(field, of: bytes))
      case 4: result = .float(reader.float(field, of: bytes))
      case 5: result = .bool(try reader.number(field, of: bytes) != 0)
      case 6: result = .type(Int(try reader.number(field, of: bytes)))
      case 7: result = .shape(try reader.shape(field.value, of: bytes))
      case 8: result = .tensor(try reader.tensor(field.value, of: bytes))
      case 9: result = .placeholder(reader.text(field, of: bytes))
      case 10: result = .function(try reader.argument(field.value, of: bytes))
      default: break
      }
    }
    return result
  }

  private mutating func list(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> TFList {
    var list = TFList()
    try each(range, of: bytes) { reader, field throws(ImportError) in
      switch field.number {
      case 2: list.strings.append(reader.octets(field, of: bytes))
      case 3: list.ints += try reader.numbers(field, of: bytes)
      case 4: list.floats += reader.floats(field, of: bytes)
      case 5: list.bools += try reader.numbers(field, of: bytes).map { $0 != 0 }
      case 6: list.types += try reader.numbers(field, of: bytes).map { Int($0) }
      case 7: list.shapes.append(try reader.shape(field.value, of: bytes))
      case 9: list.functions.append(try reader.argument(field.value, of: bytes))
      default: break
      }
    }
    return list
  }

  private mutating func shape(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> [Int]? {
    fields += 1
    return try Self.shape(range, of: bytes)
  }

  /// A message `TensorShapeProto`; nil where the rank is open.
  static func shape(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> [Int]? {
    var (sizes, isUnknown): ([Int], Bool) = ([], false)
    var cursor = WireCursor(range)
    while let field = try cursor.next(in: bytes) {
      if field.number == 3 { isUnknown = try number(field, of: bytes) != 0 }
      guard field.number == 2, field.kind == .delimited else { continue }
      var (size, inner) = (0, WireCursor(field.value))
      while let part = try inner.next(in: bytes) { if part.number == 1 { size = Int(try number(part, of: bytes)) } }
      sizes.append(size)
    }
    return isUnknown ? nil : sizes
  }

  private mutating func tensor(_ range: Range<Int>, of bytes: RawSpan) throws(ImportError) -> TFTensor {
    var tensor = TFTensor()
    try each(range, of: bytes) { reader, field throws(ImportError) in
      switch field.number {
      case 1: tensor.type = Int(try reader.number(field, of: bytes))
      case 2: tensor.shape = try reader.shape(field.value, of: bytes) ?? []
      case 4: tensor.content = field.kind == .delimited ? field.value : nil
      case 8: tensor.strings.append(reader.octets(field, of: bytes))
      case 5...7, 10, 11, 13, 16, 17:
        tensor.values.append((field.number, field.kind == .delimited, field.value))
      default: break
      }
    }
    return tensor
  }
}
