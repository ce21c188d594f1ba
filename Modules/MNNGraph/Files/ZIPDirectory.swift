/// One file inside a ZIP archive, as the archive's directory describes it.
struct ZIPEntry: Hashable, Sendable {
  /// 0 stored, 8 DEFLATE; others are not read.
  var method: UInt16
  var name: String
  /// CRC-32 of the contents.
  var checksum: UInt32
  var packedByteCount: Int
  var byteCount: Int
  /// Where its local header begins.
  var offset: Int
}

/// Reads the directory at the end of a ZIP archive, and the entries it names.
///
/// - SeeAlso: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14 to 4.3.16 (end records).
enum ZIPDirectory {
  private static let endByteCount = 22
  private static let entryByteCount = 46
  private static let localByteCount = 30

  /// The entries in the order of the directory. Throws if two of them share bytes, as in an archive made to explode.
  static func entries(of file: UnsafeRawBufferPointer) throws(GraphError) -> [ZIPEntry] {
    let (count, start) = try place(in: file)
    guard count <= file.count / entryByteCount else { throw damaged("its directory names \(count) entries") }
    var entries: [ZIPEntry] = []
    var offset = start
    for _ in 0..<count {
      guard try file.littleEndian(UInt32.self, at: offset) == 0x0201_4b50 else { throw damaged("no entry at \(offset)") }
      guard try file.littleEndian(UInt16.self, at: offset + 8) & 1 == 0 else { throw damaged("an entry is encrypted") }
      let nameCount = Int(try file.littleEndian(UInt16.self, at: offset + 28))
      let extraCount = Int(try file.littleEndian(UInt16.self, at: offset + 30))
      let commentCount = Int(try file.littleEndian(UInt16.self, at: offset + 32))
      let name = try file.slice(offset + entryByteCount, nameCount)
      let extra = try file.slice(offset + entryByteCount + nameCount, extraCount)
      var wide = WideSizes(extra)
      let byteCount = try wide.resolve(file.littleEndian(UInt32.self, at: offset + 24))
      let packed = try wide.resolve(file.littleEndian(UInt32.self, at: offset + 20))
      let local = try wide.resolve(file.littleEndian(UInt32.self, at: offset + 42))
      entries.append(
        ZIPEntry(
          method: try file.littleEndian(UInt16.self, at: offset + 10), name: String(decoding: name, as: UTF8.self),
          checksum: try file.littleEndian(UInt32.self, at: offset + 16), packedByteCount: packed, byteCount: byteCount,
          offset: local))
      offset += entryByteCount + nameCount + extraCount + commentCount
    }
    try checkDisjoint(entries, before: start)
    return entries
  }

  /// The packed bytes of an entry.
  static func packedBytes(of entry: ZIPEntry, in file: UnsafeRawBufferPointer) throws(GraphError) -> UnsafeRawBufferPointer {
    guard try file.littleEndian(UInt32.self, at: entry.offset) == 0x0403_4b50 else {
      throw damaged("entry \"\(entry.name)\" does not begin at \(entry.offset)")
    }
    let nameCount = Int(try file.littleEndian(UInt16.self, at: entry.offset + 26))
    let extraCount = Int(try file.littleEndian(UInt16.self, at: entry.offset + 28))
    return try file.slice(entry.offset + localByteCount + nameCount + extraCount, entry.packedByteCount)
  }

  /// The number of entries and where the directory begins.
  private static func place(in file: UnsafeRawBufferPointer) throws(GraphError) -> (count: Int, start: Int) {
    var end = file.count - endByteCount
    let first = max(0, end - Int(UInt16.max))  // a comment may follow
    while end >= first {
      if try file.littleEndian(UInt32.self, at: end) == 0x0605_4b50,
        Int(try file.littleEndian(UInt16.self, at: end + 20)) == file.count - end - endByteCount
      {
        break
      }
      end -= 1
    }
    guard end >= first, end >= 0 else { throw damaged("it has no directory") }
    let count = try file.littleEndian(UInt16.self, at: end + 10)
    let start = try file.littleEndian(UInt32.self, at: end + 16)
    guard count == UInt16.max || start == UInt32.max else { return (Int(count), Int(start)) }
    guard end >= 20, try file.littleEndian(UInt32.self, at: end - 20) == 0x0706_4b50 else { return (Int(count), Int(start)) }
    let wide = try integer(file.littleEndian(UInt64.self, at: end - 12))
    guard try file.littleEndian(UInt32.self, at: wide) == 0x0606_4b50 else { throw damaged("its 64-bit end is missing") }
    return try (
      integer(file.littleEndian(UInt64.self, at: checkedSum(wide, 32))),
      integer(file.littleEndian(UInt64.self, at: checkedSum(wide, 48)))
    )
  }

  private static func checkDisjoint(_ entries: [ZIPEntry], before directory: Int) throws(GraphError) {
    var free = 0
    for entry in entries.sorted(by: { $0.offset < $1.offset }) {
      guard entry.offset >= free else { throw damaged("entry \"\(entry.name)\" overlaps another") }
      free = try checkedSum(entry.offset, checkedSum(entry.packedByteCount, localByteCount))
    }
    guard free <= directory else { throw damaged("an entry reaches into the directory") }
  }

  fileprivate static func integer(_ value: UInt64) throws(GraphError) -> Int {
    guard let value = Int(exactly: value) else { throw damaged("a size is too large") }
    return value
  }

  static func damaged(_ what: String) -> GraphError {
    GraphError(.arrayFileInvalid, "the .npz archive cannot be read: \(what)")
  }
}

/// The 64-bit sizes of an entry's extra field 1, there in a fixed order for those that do not fit 32 bits.
private struct WideSizes {
  private var rest: UnsafeRawBufferPointer

  init(_ extra: UnsafeRawBufferPointer) {
    rest = UnsafeRawBufferPointer(start: nil, count: 0)
    var offset = 0
    while let id = try? extra.littleEndian(UInt16.self, at: offset),
      let count = try? extra.littleEndian(UInt16.self, at: offset + 2)
    {
      if id == 1, let field = try? extra.slice(offset + 4, Int(count)) {
        rest = field
        return
      }
      offset += 4 + Int(count)
    }
  }

  mutating func resolve(_ narrow: UInt32) throws(GraphError) -> Int {
    guard narrow == UInt32.max, !rest.isEmpty else { return Int(narrow) }
    let value = try rest.littleEndian(UInt64.self, at: 0)
    rest = try rest.slice(8, rest.count - 8)
    return try ZIPDirectory.integer(value)
  }
}

private func checkedSum(_ a: Int, _ b: Int) throws(GraphError) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  guard !overflow else { throw ZIPDirectory.damaged("a size is too large") }
  return sum
}

extension UnsafeRawBufferPointer {
  fileprivate func slice(_ offset: Int, _ count: Int) throws(GraphError) -> UnsafeRawBufferPointer {
    guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
      throw ZIPDirectory.damaged("it is cut short")
    }
    return UnsafeRawBufferPointer(rebasing: self[offset..<offset + count])
  }

  fileprivate func littleEndian<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) throws(GraphError) -> T {
    try T(littleEndian: slice(offset, MemoryLayout<T>.size).loadUnaligned(as: T.self))
  }
}
