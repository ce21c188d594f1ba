import MNNGraph

/// The variables of a saved model: `variables.index`, a sorted table of where each tensor lies, and `variables.data-…`, their bytes.
///
/// The table has LevelDB's form: blocks of entries whose keys leave out what they share with the key before, a block that lists the blocks,
/// and a foot that says where that one is. Values are messages `BundleEntryProto`.
struct TFCheckpoint {
  private struct Entry {
    var tensor = TFTensor()
    var shard = 0
    var offset = 0
    var byteCount = 0
    var isSliced = false
  }

  private let path: String
  private var entries: [String: Entry] = [:]
  private var shardCount = 1

  private static let footByteCount = 48
  private static let magic: UInt64 = 0xdb47_7524_8b80_fb57

  /// - Parameter path: up to, and without, `.index`.
  init(path: String) throws(ImportError) {
    self.path = path
    let file = try TFCheckpoint.mapped(path + ".index")
    do throws(ImportError) { try read(file.bytes.bytes) } catch { throw error.located(file: path + ".index") }
  }

  var names: [String] { entries.keys.sorted() }

  /// The tensor of a name. Its bytes stay in the mapped file where they can.
  func tensor(named name: String) throws(ImportError) -> Tensor {
    guard let entry = entries[name] else {
      throw ImportError(
        .externalData, "the checkpoint has no variable \"\(name)\"", file: path + ".index",
        expected: "one of \(entries.count) names")
    }
    guard !entry.isSliced else {
      throw ImportError(
        .externalData, "variable \"\(name)\" lies in slices", file: path + ".index", advice: "save the model from one device")
    }
    let file = try TFCheckpoint.mapped(path + ".data-" + digits(entry.shard) + "-of-" + digits(shardCount))
    let (end, overflow) = entry.offset.addingReportingOverflow(entry.byteCount)
    guard entry.offset >= 0, entry.byteCount >= 0, !overflow, end <= file.byteCount else {
      throw ImportError(
        .externalData, "variable \"\(name)\" lies beyond the end of its file", file: file.path,
        expected: "at most \(file.byteCount) bytes", found: "\(entry.byteCount) from \(entry.offset)")
    }
    var tensor = entry.tensor
    tensor.content = entry.offset..<end
    do throws(ImportError) {
      let result = try TFTensorLoader(file: file).load(tensor, named: name)
      guard entry.byteCount > 0 || result.count == 0 else {
        throw ImportError(.invalidTensor, "variable \"\(name)\" has no data", expected: "\(result.byteCount) bytes", found: "0")
      }
      return result
    } catch { throw error.located(file: file.path) }
  }

  private func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.count)) + text
  }

  private static func mapped(_ path: String) throws(ImportError) -> MappedFile {
    do throws(GraphError) { return try MappedFile(path) } catch {
      throw ImportError(
        .externalData, error.what, file: path, expected: error.expected, found: error.found,
        advice: "keep the folder of a saved model together")
    }
  }

  // MARK: The table

  private mutating func read(_ bytes: RawSpan) throws(ImportError) {
    guard bytes.byteCount >= Self.footByteCount,
      UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: bytes.byteCount - 8, as: UInt64.self)) == Self.magic
    else { throw damaged("the foot of a table of variables", "another end of the file") }
    var foot = WireCursor(bytes.byteCount - Self.footByteCount..<bytes.byteCount - 8)
    for _ in 0..<2 { _ = try foot.varint(in: bytes) }
    let list = try block(&foot, bytes)
    var blocks: [Range<Int>] = []
    try each(of: list, bytes) { _, value throws(ImportError) in
      var cursor = WireCursor(value)
      blocks.append(try block(&cursor, bytes))
    }
    for range in blocks {
      try each(of: range, bytes) { key, value throws(ImportError) in
        guard entries.count < 1 << 20 else { throw damaged("at most 1048576 variables", "more") }
        if key.isEmpty {
          try header(value, bytes)
        } else {
          entries[String(decoding: key, as: UTF8.self)] = try entry(value, bytes)
        }
      }
    }
  }

  /// A block from its handle: where its content lies.
  private func block(_ cursor: inout WireCursor, _ bytes: RawSpan) throws(ImportError) -> Range<Int> {
    let offset = try cursor.varint(in: bytes)
    let count = try cursor.varint(in: bytes)
    // One byte more says how it is compressed, four are a check sum.
    guard offset < UInt64(bytes.byteCount), count <= UInt64(bytes.byteCount) - offset - 1 else {
      throw damaged("a block within the file", "\(count) bytes from \(offset)")
    }
    let range = Int(offset)..<Int(offset) + Int(count)
    guard bytes.unsafeLoad(fromByteOffset: range.upperBound, as: UInt8.self) == 0 else {
      throw damaged("a table that is not compressed", "a compressed block")
    }
    return range
  }

  private func each(
    of block: Range<Int>, _ bytes: RawSpan, _ body: (_ key: [UInt8], _ value: Range<Int>) throws(ImportError) -> Void
  ) throws(ImportError) {
    guard block.count >= 4 else { throw damaged("a block with its restarts", "\(block.count) bytes") }
    // At the end are places where keys are whole, and their number: what follows one another needs none.
    let restarts = UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: block.upperBound - 4, as: UInt32.self))
    guard Int(restarts) <= (block.count - 4) / 4 else { throw damaged("a block with its restarts", "\(restarts) of them") }
    var cursor = WireCursor(block.lowerBound..<block.upperBound - 4 - 4 * Int(restarts))
    var key: [UInt8] = []
    while cursor.position < cursor.end {
      let (shared, own) = (try cursor.varint(in: bytes), try cursor.varint(in: bytes))
      let count = try cursor.varint(in: bytes)
      let left = UInt64(cursor.end - cursor.position)
      guard shared <= UInt64(key.count), own <= left, count <= left - own else {
        throw damaged("an entry within its block", "lengths \(shared), \(own), \(count)")
      }
      let start = cursor.position
      key.removeLast(key.count - Int(shared))
      bytes.extracting(start..<start + Int(own)).withUnsafeBytes { key.append(contentsOf: $0) }
      cursor = WireCursor(start + Int(own) + Int(count)..<cursor.end)
      try body(key, start + Int(own)..<start + Int(own) + Int(count))
    }
  }

  private mutating func header(_ range: Range<Int>, _ bytes: RawSpan) throws(ImportError) {
    var cursor = WireCursor(range)
    while let field = try cursor.next(in: bytes) {
      guard field.kind == .varint else { continue }
      let number = try self.number(field, bytes)
      if field.number == 1 { shardCount = number }
      if field.number == 2, number != 0 { throw damaged("little-endian numbers", "big-endian ones") }
    }
  }

  private func entry(_ range: Range<Int>, _ bytes: RawSpan) throws(ImportError) -> Entry {
    var entry = Entry()
    var cursor = WireCursor(range)
    while let field = try cursor.next(in: bytes) {
      switch (field.number, field.kind) {
      case (1, .varint): entry.tensor.type = try number(field, bytes)
      case (2, .delimited): entry.tensor.shape = try TFReader.shape(field.value, of: bytes) ?? []
      case (3, .varint): entry.shard = try number(field, bytes)
      case (4, .varint): entry.offset = try number(field, bytes)
      case (5, .varint): entry.byteCount = try number(field, bytes)
      case (7, _): entry.isSliced = true
      default: break
      }
    }
    return entry
  }

  private func number(_ field: WireCursor.Field, _ bytes: RawSpan) throws(ImportError) -> Int {
    var cursor = WireCursor(field.value)
    return Int(clamping: try cursor.varint(in: bytes))
  }

  private func damaged(_ expected: String, _ found: String) -> ImportError {
    ImportError(
      .externalData, "the table of variables is damaged", expected: expected, found: found,
      advice: "the file is truncated or of another format; save the model again")
  }
}
