/// Writes a ZIP archive entry by entry, whole or not at all.
struct ZIPWriter: ~Copyable {
  private var file: AtomicFile
  private var offset = 0
  private var directory: [UInt8] = []
  private var count = 0
  /// Sizes from here on are written in 64 bits. Smaller in tests.
  private let wideFrom: Int

  init(_ path: String, wideFrom: Int = Int(UInt32.max)) throws(GraphError) {
    file = try AtomicFile(path)
    self.wideFrom = wideFrom
  }

  /// Adds a file whose contents are `parts`, one after the other.
  mutating func add(_ name: String, _ parts: [UnsafeRawBufferPointer], compressed: Bool) throws(GraphError) {
    let nameBytes = Array(name.utf8)
    guard !nameBytes.isEmpty, nameBytes.count <= Int(UInt16.max) else {
      throw GraphError(.attributeInvalid, "an array's name does not fit a .npz file", found: "\(nameBytes.count) bytes")
    }
    let checksum = parts.reduce(0) { Deflate.checksum($1, continuing: $0) }
    let byteCount = parts.reduce(0) { $0 + $1.count }
    var packed = parts
    var owner: TensorStorage?
    if compressed {
      let stream = try Deflate.compress(parts)
      packed = [UnsafeRawBufferPointer(start: stream.storage.base, count: stream.byteCount)]
      owner = stream.storage
    }
    defer { withExtendedLifetime(owner) {} }
    let packedCount = packed.reduce(0) { $0 + $1.count }

    // What local header and directory share, from "version needed" to the sizes; the date is 1980-01-01, as numpy's.
    let isWide = byteCount >= wideFrom || packedCount >= wideFrom
    var shared = little(UInt16(isWide ? 45 : 20)) + little(UInt16(1 << 11)) + little(UInt16(compressed ? 8 : 0))
    shared += little(UInt16(0)) + little(UInt16(0x21)) + little(checksum)
    shared += little(isWide ? UInt32.max : UInt32(packedCount)) + little(isWide ? UInt32.max : UInt32(byteCount))
    shared += little(UInt16(nameBytes.count))
    let sizes = isWide ? little(UInt64(byteCount)) + little(UInt64(packedCount)) : []
    let localExtra = isWide ? little(UInt16(1)) + little(UInt16(sizes.count)) + sizes : []
    let isFar = offset >= wideFrom
    let extra = sizes + (isFar ? little(UInt64(offset)) : [])
    let directoryExtra = extra.isEmpty ? [] : little(UInt16(1)) + little(UInt16(extra.count)) + extra

    directory += little(UInt32(0x0201_4b50)) + little(UInt16(45)) + shared + little(UInt16(directoryExtra.count))
    directory += [UInt8](repeating: 0, count: 10)  // no comment, disk 0, no attributes
    directory += little(isFar ? UInt32.max : UInt32(offset)) + nameBytes + directoryExtra
    count += 1
    try write(little(UInt32(0x0403_4b50)) + shared + little(UInt16(localExtra.count)) + nameBytes + localExtra)
    for part in packed {
      try file.write(part)
      offset += part.count
    }
  }

  /// Writes the directory and gives the file its name.
  consuming func commit(from sources: [MappedFile] = []) throws(GraphError) {
    let start = offset
    let size = directory.count
    let isWide = start >= wideFrom || size >= wideFrom || count >= Int(UInt16.max)
    var end = directory
    if isWide {
      end += little(UInt32(0x0606_4b50)) + little(UInt64(44)) + little(UInt16(45)) + little(UInt16(45))
      end += little(UInt64(0)) + little(UInt64(count)) + little(UInt64(count)) + little(UInt64(size)) + little(UInt64(start))
      end += little(UInt32(0x0706_4b50)) + little(UInt32(0)) + little(UInt64(start + size)) + little(UInt32(1))
    }
    let shownCount = isWide ? UInt16.max : UInt16(count)
    end += little(UInt32(0x0605_4b50)) + little(UInt32(0)) + little(shownCount) + little(shownCount)
    end += little(isWide ? UInt32.max : UInt32(size)) + little(isWide ? UInt32.max : UInt32(start)) + little(UInt16(0))
    try file.write(end)
    try file.commit(from: sources)
  }

  private mutating func write(_ bytes: [UInt8]) throws(GraphError) {
    try file.write(bytes)
    offset += bytes.count
  }
}

private func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
