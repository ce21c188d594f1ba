import CZlib

/// Raw DEFLATE streams, as ZIP entries hold them, through zlib.
enum Deflate {
  /// No stream grows more than this: 258 bytes from two bits, and a little for the end of the last block.
  static let largestRatio = 1032

  /// CRC-32, continued from `checksum`.
  static func checksum(_ bytes: UnsafeRawBufferPointer, continuing checksum: UInt32 = 0) -> UInt32 {
    guard let base = bytes.baseAddress else { return checksum }
    let sum = crc32_z(uLong(checksum), base.assumingMemoryBound(to: UInt8.self), bytes.count)
    return UInt32(truncatingIfNeeded: sum)
  }

  /// The bytes of a stream that must give exactly `byteCount` of them.
  static func decompress(_ source: UnsafeRawBufferPointer, byteCount: Int) throws(GraphError) -> TensorStorage {
    // One byte more, so that a longer stream is seen.
    let storage = try TensorStorage.allocate(byteCount: byteCount + 1)
    var stream = z_stream()
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw GraphError(.outOfMemory, "zlib cannot start")
    }
    defer { inflateEnd(&stream) }
    let target = UnsafeMutableRawBufferPointer(start: storage.base, count: byteCount + 1)
    let (status, given) = pump(&stream, from: source, into: target) { stream, _ in inflate(&stream, Z_NO_FLUSH) }
    guard status == Z_STREAM_END, given == byteCount else {
      throw GraphError(.arrayFileInvalid, "a compressed entry is damaged", expected: "\(byteCount) bytes")
    }
    return storage
  }

  /// One stream of `parts`, one after the other.
  static func compress(_ parts: [UnsafeRawBufferPointer]) throws(GraphError) -> (storage: TensorStorage, byteCount: Int) {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw GraphError(.outOfMemory, "zlib cannot start") }
    defer { deflateEnd(&stream) }
    let bound = deflateBound(&stream, uLong(parts.reduce(0) { $0 + $1.count }))
    let storage = try TensorStorage.allocate(byteCount: Int(bound))
    var done = 0
    var status = Z_OK
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      let target = UnsafeMutableRawBufferPointer(start: storage.base + done, count: storage.byteCount - done)
      let step = pump(&stream, from: part, into: target) { stream, isEnd in
        deflate(&stream, isLast && isEnd ? Z_FINISH : Z_NO_FLUSH)
      }
      status = step.status
      done += step.given
    }
    guard status == Z_STREAM_END else { throw GraphError(.outOfMemory, "zlib stopped before the end") }
    return (storage, done)
  }

  /// Repeats `step` until it ends the stream, fails, or finds nothing more to do (`Z_BUF_ERROR`).
  ///
  /// zlib counts in 32 bits, so both sides are handed over in pieces; `step` is told when the last one of `source` is in.
  private static func pump(
    _ stream: inout z_stream, from source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
    step: (inout z_stream, _ isEnd: Bool) -> Int32
  ) -> (status: Int32, given: Int) {
    let piece = 1 << 30
    var (taken, given) = (0, 0)
    var status = Z_OK
    while status == Z_OK {
      let (input, output) = (min(source.count - taken, piece), min(target.count - given, piece))
      stream.next_in = source.baseAddress.map {
        UnsafeMutablePointer(mutating: ($0 + taken).assumingMemoryBound(to: UInt8.self))
      }
      stream.next_out = target.baseAddress.map { ($0 + given).assumingMemoryBound(to: UInt8.self) }
      stream.avail_in = UInt32(input)
      stream.avail_out = UInt32(output)
      status = step(&stream, taken + input == source.count)
      taken += input - Int(stream.avail_in)
      given += output - Int(stream.avail_out)
    }
    return (status, given)
  }
}
