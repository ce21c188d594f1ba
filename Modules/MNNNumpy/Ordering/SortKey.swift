import MNNGraph

/// A type whose order is that of unsigned numbers made of it: what radix sorting needs. NaN comes last.
protocol SortableLane: Lane {
  associatedtype Key: FixedWidthInteger & UnsignedInteger & TensorScalar
  /// The key; ``bits(of:)`` gives the number back, so that -0 and 0 differ.
  var sortKey: Key { get }
  /// The bits of the number that has a key.
  static func bits(of key: Key) -> Key
  /// The key in which equal numbers are equal: of -0 and 0 one.
  var orderKey: Key { get }
}

extension Int32: SortableLane {
  @inline(__always) var sortKey: UInt32 { UInt32(bitPattern: self) ^ 0x8000_0000 }
  @inline(__always) static func bits(of key: UInt32) -> UInt32 { key ^ 0x8000_0000 }
  @inline(__always) var orderKey: UInt32 { sortKey }
}

extension Int64: SortableLane {
  @inline(__always) var sortKey: UInt64 { UInt64(bitPattern: self) ^ 0x8000_0000_0000_0000 }
  @inline(__always) static func bits(of key: UInt64) -> UInt64 { key ^ 0x8000_0000_0000_0000 }
  @inline(__always) var orderKey: UInt64 { sortKey }
}

extension UInt64: SortableLane {
  @inline(__always) var sortKey: UInt64 { self }
  @inline(__always) static func bits(of key: UInt64) -> UInt64 { key }
  @inline(__always) var orderKey: UInt64 { self }
}

extension Float: SortableLane {
  @inline(__always) var sortKey: UInt32 {
    let bits = bitPattern
    if bits & 0x7fff_ffff > 0x7f80_0000 { return .max }
    return bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
  }
  @inline(__always) static func bits(of key: UInt32) -> UInt32 {
    key == .max ? 0x7fc0_0000 : key ^ (UInt32(bitPattern: ~(Int32(bitPattern: key) >> 31)) | 0x8000_0000)
  }
  @inline(__always) var orderKey: UInt32 { (self + 0).sortKey }
}

extension Double: SortableLane {
  @inline(__always) var sortKey: UInt64 {
    let bits = bitPattern
    if bits & 0x7fff_ffff_ffff_ffff > 0x7ff0_0000_0000_0000 { return .max }
    return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 0x8000_0000_0000_0000)
  }
  @inline(__always) static func bits(of key: UInt64) -> UInt64 {
    key == .max ? 0x7ff8_0000_0000_0000 : key ^ (UInt64(bitPattern: ~(Int64(bitPattern: key) >> 63)) | 0x8000_0000_0000_0000)
  }
  @inline(__always) var orderKey: UInt64 { (self + 0).sortKey }
}

/// A key and where it came from.
struct PlacedKey<Key: FixedWidthInteger & UnsignedInteger & TensorScalar>: BitwiseCopyable, Sendable {
  var key: Key
  var place: Key
}

/// Sorting by the digits of keys, least significant first: stable, and linear in the number of elements.
enum RadixSort {
  private static let bits = 11
  /// Up to this many elements insertion is faster.
  private static let small = 48

  /// Sorts `items`; `scratch` has room for as many.
  @inline(__always)
  static func sort<Item: BitwiseCopyable, Key: FixedWidthInteger & UnsignedInteger>(
    _ items: UnsafeMutablePointer<Item>, _ scratch: UnsafeMutablePointer<Item>, count: Int, by key: (Item) -> Key
  ) {
    if count <= small {
      insertionSort(items, count: count, by: key)
      return
    }
    let size = 1 << bits
    let mask = Key(truncatingIfNeeded: size - 1)
    // A digit in which all keys agree moves nothing.
    let first = key(items[0])
    var differing: Key = 0
    for i in 1..<count { differing |= key(items[i]) ^ first }
    let shifts = (0..<(Key.bitWidth + bits - 1) / bits).lazy.map { Key(truncatingIfNeeded: $0 * bits) }.filter {
      (differing >> $0) & mask != 0
    }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: size) { table in
      guard let counts = table.baseAddress else { return }
      var (from, to) = (items, scratch)
      for shift in shifts {
        counts.initialize(repeating: 0, count: size)
        for i in 0..<count { counts[Int(truncatingIfNeeded: (key(from[i]) >> shift) & mask)] &+= 1 }
        var sum: Int32 = 0
        for i in 0..<size {
          let n = counts[i]
          counts[i] = sum
          sum &+= n
        }
        for i in 0..<count {
          let item = from[i]
          let digit = Int(truncatingIfNeeded: (key(item) >> shift) & mask)
          let place = counts[digit]
          counts[digit] = place &+ 1
          to[Int(truncatingIfNeeded: place)] = item
        }
        swap(&from, &to)
      }
      if from != items { items.update(from: from, count: count) }
    }
  }

  @inline(__always)
  private static func insertionSort<Item: BitwiseCopyable, Key: Comparable>(
    _ items: UnsafeMutablePointer<Item>, count: Int, by key: (Item) -> Key
  ) {
    for i in 1..<max(count, 1) {
      let item = items[i]
      let k = key(item)
      var j = i
      while j > 0, key(items[j - 1]) > k {
        items[j] = items[j - 1]
        j -= 1
      }
      items[j] = item
    }
  }
}
