import Dispatch
import Synchronization

/// 128 bits that tell contents apart: fast, and not meant to withstand somebody who looks for collisions.
package struct ContentHash: Hashable, Sendable {
  package private(set) var high: UInt64 = 0x6a09_e667_f3bc_c908
  package private(set) var low: UInt64 = 0xbb67_ae85_84ca_a73b

  private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

  package init() {}

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package mutating func combine(_ value: UInt64) {
    high = (high ^ value) &* ContentHash.factor
    high ^= high >> 29
    low = (low &+ value) &* 0xc2b2_ae3d_27d4_eb4f
    low ^= low >> 31 ^ high
  }

  package mutating func combine(_ values: [Int]) {
    combine(UInt64(values.count))
    for value in values { combine(UInt64(bitPattern: Int64(value))) }
  }

  package mutating func combine(_ text: String) {
    combine(UInt64(text.utf8.count))
    for byte in text.utf8 { combine(UInt64(byte)) }
  }

  /// Four streams, each with a chain of its own: the processor multiplies without waiting, and fetches more of what is far apart.
  package mutating func combine(bytes: UnsafeRawBufferPointer) {
    combine(UInt64(bytes.count))
    var (a, b, c, d) = (high, low, high ^ ContentHash.factor, low ^ ContentHash.factor)
    // A multiplication only carries upwards: the rotation brings high bits back.
    func mix(_ chain: inout UInt64, _ offset: Int) {
      chain = (chain ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* ContentHash.factor
      chain = chain << 23 | chain >> 41
    }
    let quarter = bytes.count / 32 &* 8
    for offset in stride(from: 0, to: quarter, by: 8) {
      mix(&a, offset)
      mix(&b, offset &+ quarter)
      mix(&c, offset &+ 2 &* quarter)
      mix(&d, offset &+ 3 &* quarter)
    }
    var offset = 4 &* quarter
    for value in [a, b, c, d] { combine(value) }
    while offset < bytes.count {
      combine(UInt64(bytes[offset]))
      offset += 1
    }
  }

  /// The hash of much: pieces are hashed apart, by as many threads as the system has for it.
  ///
  /// - Parameter didRead: called with each piece when it was read, on any thread.
  package init(ofPiecesOf bytes: UnsafeRawBufferPointer, didRead: @Sendable (Range<Int>) -> Void = { _ in }) {
    let pieces = (bytes.count + ContentHash.pieceByteCount - 1) / ContentHash.pieceByteCount
    let hashes = Mutex([ContentHash](repeating: ContentHash(), count: pieces))
    nonisolated(unsafe) let bytes = bytes
    withoutActuallyEscaping(didRead) { didRead in
      DispatchQueue.concurrentPerform(iterations: pieces) { piece in
        let range = piece * ContentHash.pieceByteCount..<min((piece + 1) * ContentHash.pieceByteCount, bytes.count)
        var hash = ContentHash()
        hash.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
        hashes.withLock { $0[piece] = hash }
        didRead(range)
      }
    }
    combine(UInt64(bytes.count))
    for hash in hashes.withLock({ $0 }) {
      combine(hash.high)
      combine(hash.low)
    }
  }

  private static let pieceByteCount = 4 << 20
}
