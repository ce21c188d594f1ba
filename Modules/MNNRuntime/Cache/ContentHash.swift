/// 128 bits that tell contents apart: fast, and not meant to withstand somebody who looks for collisions.
package struct ContentHash: Hashable, Sendable {
  private(set) var high: UInt64 = 0x6a09_e667_f3bc_c908
  private(set) var low: UInt64 = 0xbb67_ae85_84ca_a73b

  private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

  package init() {}

  init(high: UInt64, low: UInt64) {
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

  /// Four words at a time, each in a chain of its own, so that the processor multiplies without waiting.
  package mutating func combine(bytes: UnsafeRawBufferPointer) {
    combine(UInt64(bytes.count))
    var (a, b, c, d) = (high, low, high ^ ContentHash.factor, low ^ ContentHash.factor)
    var offset = 0
    while offset &+ 32 <= bytes.count {
      a = (a ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* ContentHash.factor
      b = (b ^ bytes.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)) &* ContentHash.factor
      c = (c ^ bytes.loadUnaligned(fromByteOffset: offset &+ 16, as: UInt64.self)) &* ContentHash.factor
      d = (d ^ bytes.loadUnaligned(fromByteOffset: offset &+ 24, as: UInt64.self)) &* ContentHash.factor
      // A multiplication only carries upwards: the rotation brings high bits back.
      a = a << 23 | a >> 41
      b = b << 23 | b >> 41
      c = c << 23 | c >> 41
      d = d << 23 | d >> 41
      offset &+= 32
    }
    for value in [a, b, c, d] { combine(value) }
    while offset < bytes.count {
      combine(UInt64(bytes[offset]))
      offset += 1
    }
  }
}
