extension WireTableView {
  /// Writes the JSON form: tables as objects with their fields in slot order, enums by name, a union as
  /// `"main_type": "Convolution2D", "main": {…}`, absent fields left out, line breaks as MNN sets them.
  ///
  /// Nothing is lost on the way back: floats have the fewest digits that read as the same bits; `"NaN"`, `"Infinity"`
  /// and `"-Infinity"` stand for values that JSON numbers lack, `"NaN(0x7fc00001)"` for a NaN with other bits. (The
  /// MNN prints six decimals and loses small weights.) An enum value without a name is a number.
  ///
  /// - Parameter sink: is handed the UTF-8 text piece by piece, each of about 64 KB.
  package func writeJSON<E: Error>(to sink: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
    try withoutActuallyEscaping(sink) { (sink) throws(E) in
      var writer = JSONWriter(sink: sink)
      try writer.write(table)
      try writer.flush()
    }
  }

  /// The JSON form in memory; see ``writeJSON(to:)``.
  package var json: [UInt8] {
    var text: [UInt8] = []
    writeJSON { text.append(contentsOf: $0) }
    return text
  }
}

private struct JSONWriter<E: Error> {
  let sink: (UnsafeRawBufferPointer) throws(E) -> Void
  private var text: [UInt8] = []
  private static var capacity: Int { 1 << 16 }

  init(sink: @escaping (UnsafeRawBufferPointer) throws(E) -> Void) {
    self.sink = sink
    text.reserveCapacity(Self.capacity + 256)
  }

  mutating func flush() throws(E) {
    try text.withUnsafeBufferPointer { (buffer) throws(E) in try sink(UnsafeRawBufferPointer(buffer)) }
    text.removeAll(keepingCapacity: true)
  }

  private mutating func flushIfFull() throws(E) {
    if text.count >= Self.capacity { try flush() }
  }

  mutating func write(_ table: WireTable) throws(E) {
    let fields = table.kind.fields
    put("\n{ ")
    var isFirst = true
    for (slot, value) in table.slots.enumerated() where !value.isAbsent {
      if !isFirst { put(", ") }
      isFirst = false
      let field = fields[slot]
      text.append(UInt8(ascii: "\""))
      put(field.name)
      put("\": ")
      try write(value, field)
      try flushIfFull()
    }
    put(" }\n")
  }

  private mutating func write(_ value: WireValue, _ field: WireField) throws(E) {
    switch value {
    case .absent: break
    case .integer(let integer): put(integer, field)
    case .float(let bits): put(Float(bitPattern: bits))
    case .string(let string): put(quoting: string)
    case .table(let child): try write(child)
    case .scalars(let block): try write(block, field)
    case .strings(let strings):
      put("\n[ ")
      for (index, string) in strings.enumerated() {
        if index > 0 { put(", ") }
        put(quoting: string)
        try flushIfFull()
      }
      put(" ]\n")
    case .tables(let children):
      put("\n[ ")
      for (index, child) in children.enumerated() {
        if index > 0 { put(", ") }
        try write(child)
      }
      put(" ]\n")
    }
  }

  private mutating func write(_ block: WireBlock, _ field: WireField) throws(E) {
    switch block.kind {
    case .float: try write(WireVector<Float>(block: block)) { $0.put($1) }
    case .byte: try write(WireVector<Int8>(block: block)) { $0.put(decimal: Int64($1)) }
    case .ubyte: try write(WireVector<UInt8>(block: block)) { $0.put(decimal: Int64($1)) }
    case .ushort: try write(WireVector<UInt16>(block: block)) { $0.put(decimal: Int64($1)) }
    case .int: try write(WireVector<Int32>(block: block)) { $0.put(Int64($1), field) }
    case .uint: try write(WireVector<UInt32>(block: block)) { $0.put(decimal: Int64($1)) }
    case .long: try write(WireVector<Int64>(block: block)) { $0.put(decimal: $1) }
    case .bool: try write(WireVector<Bool>(block: block)) { $0.put($1 ? "true" : "false") }
    }
  }

  private mutating func write<T: WireScalar>(
    _ vector: WireVector<T>, _ put: (inout JSONWriter, T) -> Void
  ) throws(E) {
    self.put("\n[ ")
    for index in 0..<vector.count {
      if index > 0 { self.put(", ") }
      put(&self, vector[index])
      try flushIfFull()
    }
    self.put(" ]\n")
  }

  private mutating func put(_ string: String) { text.append(contentsOf: string.utf8) }

  private mutating func put(_ value: Int64, _ field: WireField) {
    let names: WireEnumDescription
    switch field.content {
    case .enumeration(let index): names = WireSchema.shared.enums[index]
    case .unionType: names = WireSchema.shared.unionNames
    default:
      if field.scalar == .bool { put(value == 0 ? "false" : "true") } else { put(decimal: value) }
      return
    }
    guard let name = names.names[value] else { return put(decimal: value) }
    text.append(UInt8(ascii: "\""))
    put(name)
    text.append(UInt8(ascii: "\""))
  }

  private mutating func put(decimal value: Int64) {
    var magnitude = value.magnitude
    if value < 0 { text.append(UInt8(ascii: "-")) }
    let start = text.count
    repeat {
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10))
      magnitude /= 10
    } while magnitude > 0
    text[start...].reverse()
  }

  private mutating func put(_ value: Float) {
    if value.isFinite {
      put(value.description)
    } else if !value.isNaN {
      put(value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    } else if value.bitPattern == Float.nan.bitPattern {
      put("\"NaN\"")
    } else {
      put("\"NaN(0x" + String(value.bitPattern, radix: 16) + ")\"")
    }
  }

  private mutating func put(quoting string: String) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): put("\\\"")
      case UInt8(ascii: "\\"): put("\\\\")
      case 0x0a: put("\\n")
      case 0x0d: put("\\r")
      case 0x09: put("\\t")
      case 0..<0x20:
        put("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
