extension WireTableView {
  /// This table as the root of a FlatBuffer.
  ///
  /// - Throws: ``FormatError/Code/tooLarge`` above 2 GB, which offsets cannot span.
  package func encoded() throws(FormatError) -> WireImage {
    var encoder = WireEncoder()
    try encoder.root(table)
    return encoder.image
  }
}

/// The bytes of a file that is ready to be written. Large vectors stay where they are until then.
package struct WireImage: Sendable {
  fileprivate var head: [UInt8] = []
  /// Vectors that belong between the bytes of `head`, and before which of them.
  fileprivate var inserts: [(at: Int, block: WireBlock)] = []
  package fileprivate(set) var byteCount = 0

  /// Calls `body` with the pieces of the file, in order.
  package func forEachPiece<E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
    var written = 0
    for insert in inserts {
      try head.piece(written..<insert.at, body)
      try insert.block.withUnsafeBytes(body)
      written = insert.at
    }
    try head.piece(written..<head.count, body)
  }

  /// The whole file in memory.
  package var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    forEachPiece { result.append(contentsOf: $0) }
    return result
  }
}

extension [UInt8] {
  fileprivate func piece<E: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    try withUnsafeBufferPointer { (all) throws(E) in
      try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[range])))
    }
  }

  fileprivate mutating func store(_ value: some FixedWidthInteger, at index: Int) {
    withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: index, as: type(of: value)) }
  }
}

/// Writes front to back: a table, then what it points to.
///
/// libflatbuffers' own builder works back to front in one buffer that it doubles, and aborts at 2 GB. Front to back,
/// large vectors need not be copied before they are written, and the size is known, and refused, in time.
private struct WireEncoder {
  var image = WireImage()
  private var vtables: [[UInt16]: Int] = [:]
  private var depth = 0

  /// Vectors of at least this many bytes are not copied, and begin at a multiple of 64 bytes of the file, so that a
  /// mapped file gives kernels aligned weights.
  private static let largeVector = 4096

  private var position: Int { image.byteCount }

  mutating func root(_ table: WireTable) throws(FormatError) {
    append(UInt32(0))
    let position = try write(table)
    image.head.store(UInt32(position), at: 0)
  }

  /// Returns where the table is.
  private mutating func write(_ table: WireTable) throws(FormatError) -> Int {
    depth += 1
    defer { depth -= 1 }
    guard depth <= WireLimits.depth else {
      throw FormatError(.tooDeep, "tables are nested too deep", expected: "at most \(WireLimits.depth)")
    }
    let fields = table.kind.fields
    let vtable = layout(table, fields)
    let vtablePosition: Int
    if let known = vtables[vtable.offsets] {
      vtablePosition = known
    } else {
      pad(to: 2, with: 0)
      vtablePosition = position
      for entry in vtable.offsets { append(entry) }
      vtables[vtable.offsets] = vtablePosition
    }

    pad(to: vtable.alignment, with: 0)
    let start = position
    let head = image.head.count
    image.head.append(contentsOf: repeatElement(0, count: vtable.byteCount))
    image.byteCount += vtable.byteCount
    image.head.store(Int32(start - vtablePosition), at: head)
    for (slot, value) in table.slots.enumerated() {
      let at = head + Int(vtable.offsets[slot + 2])
      switch value {
      case .integer(let integer):
        switch fields[slot].scalar?.byteCount ?? 4 {
        case 1: image.head.store(UInt8(truncatingIfNeeded: integer), at: at)
        case 2: image.head.store(UInt16(truncatingIfNeeded: integer), at: at)
        case 8: image.head.store(integer, at: at)
        default: image.head.store(UInt32(truncatingIfNeeded: integer), at: at)
        }
      case .float(let bits): image.head.store(bits, at: at)
      default: break
      }
    }
    for (slot, value) in table.slots.enumerated() {
      let inTable = Int(vtable.offsets[slot + 2])
      try point(at: head + inTable, position: start + inTable, to: value)
    }
    try checkSize()
    return start
  }

  /// Writes what a slot points to, and the offset to it.
  private mutating func point(at index: Int, position from: Int, to value: WireValue) throws(FormatError) {
    let target: Int
    switch value {
    case .absent, .integer, .float:
      return
    case .string(let text):
      target = write(text)
    case .scalars(let block):
      target = write(block)
    case .table(let child):
      target = try write(child)
    case .strings(let texts):
      let slots = offsets(count: texts.count)
      target = slots.position
      for (offset, text) in texts.enumerated() {
        try point(at: slots.index + 4 * offset, position: slots.position + 4 + 4 * offset, to: .string(text))
      }
    case .tables(let children):
      let slots = offsets(count: children.count)
      target = slots.position
      for (offset, child) in children.enumerated() {
        try point(at: slots.index + 4 * offset, position: slots.position + 4 + 4 * offset, to: .table(child))
      }
    }
    try checkSize()
    image.head.store(UInt32(target - from), at: index)
  }

  private func checkSize() throws(FormatError) {
    guard position <= WireLimits.byteCount else {
      throw FormatError(
        .tooLarge, "the model does not fit into one file", expected: "less than 2 GB",
        advice: "keep the weights in a file of their own (--saveExternalData)")
    }
  }

  /// The vtable of a table that has these slots: sizes, then an offset per slot.
  private func layout(
    _ table: WireTable, _ fields: [WireField]
  ) -> (offsets: [UInt16], byteCount: Int, alignment: Int) {
    var offsets = [UInt16](repeating: 0, count: 2 + table.slots.count)
    var end = 4
    var alignment = 4
    // Widest first leaves no gaps, but for the four bytes at the start.
    for width in [8, 4, 2, 1] {
      for (slot, value) in table.slots.enumerated() where !value.isAbsent {
        guard (fields[slot].isVector ? 4 : fields[slot].scalar?.byteCount ?? 4) == width else { continue }
        alignment = max(alignment, width)
        end = (end + width - 1) / width * width
        offsets[slot + 2] = UInt16(end)
        end += width
      }
    }
    offsets[0] = UInt16(2 * offsets.count)
    offsets[1] = UInt16(end)
    return (offsets, end, alignment)
  }

  private mutating func write(_ text: String) -> Int {
    pad(to: 4, with: 0)
    let start = position
    append(UInt32(truncatingIfNeeded: text.utf8.count))
    image.head.append(contentsOf: text.utf8)
    image.head.append(0)
    image.byteCount += text.utf8.count + 1
    return start
  }

  private mutating func write(_ block: WireBlock) -> Int {
    let isLarge = block.byteCount >= Self.largeVector
    pad(to: isLarge ? 64 : max(4, block.kind.byteCount), with: 4)
    let start = position
    append(UInt32(truncatingIfNeeded: block.count))
    if isLarge {
      image.inserts.append((image.head.count, block))
    } else {
      block.withUnsafeBytes { image.head.append(contentsOf: $0) }
    }
    image.byteCount += block.byteCount
    return start
  }

  private mutating func offsets(count: Int) -> (position: Int, index: Int) {
    pad(to: 4, with: 0)
    let start = position
    append(UInt32(truncatingIfNeeded: count))
    let index = image.head.count
    image.head.append(contentsOf: repeatElement(0, count: 4 * count))
    image.byteCount += 4 * count
    return (start, index)
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { image.head.append(contentsOf: $0) }
    image.byteCount += value.bitWidth / 8
  }

  /// Zeros until the position after `lead` more bytes is a multiple of `alignment`.
  private mutating func pad(to alignment: Int, with lead: Int) {
    let count = (alignment - (position + lead) % alignment) % alignment
    image.head.append(contentsOf: repeatElement(0, count: count))
    image.byteCount += count
  }
}
