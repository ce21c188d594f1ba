/// The head of packed integer weights: `IDSTQuan.buffer` of types 1 and 2.
///
/// Layout: number of dimensions, dimensions (rows, row length); for the sparse form the number of entries and the width
/// of their steps, then the steps; number of table entries (0 is 256), the table; then table indices, most significant
/// bit first. See `Docs/format.md`, 13.
package struct PackedWeights: Hashable, Sendable {
  /// Quantization groups.
  package let rows: Int
  package let rowLength: Int
  /// Signed codes, in the order of the file.
  package let table: [Int8]
  /// Bits per index into `table`.
  package let bits: Int
  /// Where the indices begin, in bytes from the start of the buffer, and how many there are.
  package let indexOffset: Int
  package let indexCount: Int
  /// The sparse form: distances from entry to entry.
  package let steps: Steps?

  package struct Steps: Hashable, Sendable {
    package let bits: Int
    package let offset: Int
  }

  package var count: Int { rows * rowLength }

  /// - Throws: ``FormatError/Code/weightEncodingInvalid`` if the buffer is shorter than its head promises.
  package init(
    parsing buffer: UnsafeRawBufferPointer, wideDimensions: Bool, isSparse: Bool
  ) throws(FormatError) {
    var position = 0
    func read(_ width: Int) throws(FormatError) -> Int {
      guard position + width <= buffer.count else { throw Self.short(buffer.count) }
      defer { position += width }
      return (0..<width).reduce(0) { $0 | Int(buffer[position + $1]) << (8 * $1) }
    }

    let rank = try read(1)
    guard rank == 2 else {
      throw FormatError(
        .weightEncodingInvalid, "the packed weights have the wrong rank", expected: "2", found: "\(rank)")
    }
    rows = try read(wideDimensions ? 4 : 2)
    rowLength = try read(wideDimensions ? 4 : 2)
    // Both fit 32 bits; the product may not fit what follows.
    guard rows > 0, rowLength > 0, rows <= (1 << 40) / rowLength else {
      throw FormatError(.weightEncodingInvalid, "the packed weights have an invalid size", found: "\(rows)×\(rowLength)")
    }
    var steps: Steps?
    if isSparse {
      indexCount = try read(4)
      let width = try read(1)
      guard (1...16).contains(width), indexCount <= rows * rowLength + (rows * rowLength) / (1 << width - 1) else {
        throw FormatError(
          .weightEncodingInvalid, "the list of weights that are not zero is malformed",
          found: "\(indexCount) steps of \(width) bits")
      }
      steps = Steps(bits: width, offset: position)
      position += (indexCount * width + 7) / 8
    } else {
      indexCount = rows * rowLength
    }
    self.steps = steps
    let stored = try read(1)
    let entries = stored == 0 ? 256 : stored
    guard position + entries <= buffer.count else { throw Self.short(buffer.count) }
    table = buffer[position..<position + entries].map { Int8(bitPattern: $0) }
    bits = max(1, Int.bitWidth - (entries - 1).leadingZeroBitCount)
    indexOffset = position + entries
    guard indexOffset + (indexCount * bits + 7) / 8 <= buffer.count else { throw Self.short(buffer.count) }
  }

  private static func short(_ count: Int) -> FormatError {
    FormatError(
      .weightEncodingInvalid, "the packed weights are cut short", found: "\(count) bytes",
      advice: "fetch or convert the model again")
  }
}
