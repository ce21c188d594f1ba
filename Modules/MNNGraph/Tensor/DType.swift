/// The element type of a tensor.
public enum DType: String, Hashable, Sendable, CaseIterable, Codable {
  case bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float16, bfloat16, float32, float64
  /// Integers narrower than a byte, as files store weights: see ``isPacked``.
  case int2, int3, int4, int5, int6, int7, uint2, uint4

  /// Bytes of one element; 1 for the packed types, whose elements have no address of their own.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int2, .int3, .int4, .int5, .int6, .int7, .uint2, .uint4: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }

  /// True for the signed and unsigned integers; false for `bool`.
  public var isInteger: Bool { !isFloatingPoint && self != .bool }

  public var isSignedInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .int2, .int3, .int4, .int5, .int6, .int7: true
    default: false
    }
  }
}

extension DType: CustomStringConvertible {
  public var description: String { rawValue }
}

/// A Swift type that a tensor's elements can be read as without conversion.
public protocol TensorScalar: Sendable, BitwiseCopyable {
  static var dtype: DType { get }
  /// The value that numeric conversion from `Double` gives (truncating, saturating; NaN becomes 0 for integers).
  init(converting value: Double)
  /// The value that numeric conversion from `Int64` gives (saturating).
  init(converting value: Int64)
  /// This value as a `Double` (rounded for 64-bit integers above 2^53).
  var asDouble: Double { get }
  /// This value as an `Int64` (truncating, saturating; NaN becomes 0).
  var asInt64: Int64 { get }
}

extension TensorScalar where Self: FixedWidthInteger {
  public init(converting value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= Double(Self.max) {
      self = .max
    } else if value <= Double(Self.min) {
      self = .min
    } else {
      self = Self(value)
    }
  }
  public init(converting value: Int64) { self = Self(clamping: value) }
  public var asDouble: Double { Double(self) }
  public var asInt64: Int64 { Int64(clamping: self) }
}

extension Int8: TensorScalar { public static var dtype: DType { .int8 } }
extension UInt8: TensorScalar { public static var dtype: DType { .uint8 } }
extension Int16: TensorScalar { public static var dtype: DType { .int16 } }
extension UInt16: TensorScalar { public static var dtype: DType { .uint16 } }
extension Int32: TensorScalar { public static var dtype: DType { .int32 } }
extension UInt32: TensorScalar { public static var dtype: DType { .uint32 } }
extension Int64: TensorScalar { public static var dtype: DType { .int64 } }
extension UInt64: TensorScalar { public static var dtype: DType { .uint64 } }

extension Float: TensorScalar {
  public static var dtype: DType { .float32 }
  public init(converting value: Double) { self = Float(value) }
  public init(converting value: Int64) { self = Float(value) }
  public var asDouble: Double { Double(self) }
  public var asInt64: Int64 { Int64(converting: Double(self)) }
}

extension Double: TensorScalar {
  public static var dtype: DType { .float64 }
  public init(converting value: Double) { self = value }
  public init(converting value: Int64) { self = Double(value) }
  public var asDouble: Double { self }
  public var asInt64: Int64 { Int64(converting: self) }
}

extension Bool: TensorScalar {
  public static var dtype: DType { .bool }
  public init(converting value: Double) { self = value != 0 }
  public init(converting value: Int64) { self = value != 0 }
  public var asDouble: Double { self ? 1 : 0 }
  public var asInt64: Int64 { self ? 1 : 0 }
}

extension DType {
  /// Calls `body` with the Swift type of this element type: the one place where element types are told apart.
  package func withScalarType<R>(
    _ body: (any TensorScalar.Type) throws(GraphError) -> R
  ) throws(GraphError) -> R {
    switch self {
    case .bool: try body(Bool.self)
    case .int8: try body(Int8.self)
    case .uint8: try body(UInt8.self)
    case .int16: try body(Int16.self)
    case .uint16: try body(UInt16.self)
    case .int32: try body(Int32.self)
    case .uint32: try body(UInt32.self)
    case .int64: try body(Int64.self)
    case .uint64: try body(UInt64.self)
    case .float16: try body(Half.self)
    case .bfloat16: try body(BFloat16.self)
    case .float32: try body(Float.self)
    case .float64: try body(Double.self)
    case .int2, .int3, .int4, .int5, .int6, .int7, .uint2, .uint4:
      throw GraphError(
        .dtypeUnsupported, "the elements are packed", expected: "a type of whole bytes", found: "\(self)",
        advice: "convert the tensor to int8")
    }
  }
}
