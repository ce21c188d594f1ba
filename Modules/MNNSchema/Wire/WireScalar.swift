/// How a scalar is stored. The raw values are those of `MNNWireType`.
package enum WireScalarKind: UInt8, Hashable, Sendable {
  case bool, byte, ubyte, ushort, int, uint, long, float

  package var byteCount: Int {
    switch self {
    case .bool, .byte, .ubyte: 1
    case .ushort: 2
    case .int, .uint, .float: 4
    case .long: 8
    }
  }

  /// What an integer of this kind can hold; `nil` for floats.
  var range: ClosedRange<Int64>? {
    switch self {
    case .bool: 0...1
    case .byte: -128...127
    case .ubyte: 0...255
    case .ushort: 0...65_535
    case .int: Int64(Int32.min)...Int64(Int32.max)
    case .uint: 0...Int64(UInt32.max)
    case .long: Int64.min...Int64.max
    case .float: nil
    }
  }
}

/// An element of a scalar vector. Every bit pattern of a conforming type is a value, so bytes of a file can be read as it.
package protocol WireScalar: Hashable, Sendable, BitwiseCopyable {
  static var kind: WireScalarKind { get }
  static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Self
}

// Files are little endian, as is every platform of this package.
extension WireScalar where Self: FixedWidthInteger {
  package static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Self {
    Self(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Self.self))
  }
}

extension Int8: WireScalar { package static var kind: WireScalarKind { .byte } }
extension UInt8: WireScalar { package static var kind: WireScalarKind { .ubyte } }
extension UInt16: WireScalar { package static var kind: WireScalarKind { .ushort } }
extension Int32: WireScalar { package static var kind: WireScalarKind { .int } }
extension UInt32: WireScalar { package static var kind: WireScalarKind { .uint } }
extension Int64: WireScalar { package static var kind: WireScalarKind { .long } }

extension Float: WireScalar {
  package static var kind: WireScalarKind { .float }
  package static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float {
    Float(bitPattern: UInt32.load(bytes, at: offset))
  }
}

extension Bool: WireScalar {
  package static var kind: WireScalarKind { .bool }
  package static func load(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool { bytes[offset] != 0 }
}
