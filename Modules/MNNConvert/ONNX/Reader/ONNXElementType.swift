import MNNGraph

/// The element types of the ONNX specification, by the numbers of `TensorProto.DataType`.
enum ONNXElementType: Int32, Hashable, Sendable {
  case float = 1
  case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
  case complex64, complex128, bfloat16
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz
  case uint4, int4, float4e2m1, float8e8m0, uint2, int2

  /// The type whose tensors hold these values, if there is one: four- and two-bit integers widen to eight bits.
  var dtype: DType? {
    switch self {
    case .float: .float32
    case .uint8, .uint4, .uint2: .uint8
    case .int8, .int4, .int2: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .bool: .bool
    case .float16: .float16
    case .double: .float64
    case .uint32: .uint32
    case .uint64: .uint64
    case .bfloat16: .bfloat16
    case .string, .complex64, .complex128, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1,
      .float8e8m0:
      nil
    }
  }

  /// Bits of an element as the file stores it.
  var bitWidth: Int {
    switch self {
    case .uint4, .int4: 4
    case .uint2, .int2: 2
    default: (dtype?.byteCount ?? 1) * 8
    }
  }

  var isSigned: Bool { self == .int4 || self == .int2 }

  /// The bounds of integers of fewer than eight bits.
  var narrowRange: ClosedRange<Int>? {
    switch self {
    case .uint4: 0...15
    case .int4: -8...7
    case .uint2: 0...3
    case .int2: -2...1
    default: nil
    }
  }

  /// The typed field of `TensorProto` in which the specification puts values of this type; raw bytes are always allowed.
  var field: Int32 {
    switch self {
    case .float: 4
    case .int64: 7
    case .double: 10
    case .uint32, .uint64: 11
    default: 5
    }
  }
}

extension DType {
  /// The dtype for a number of `TensorProto.DataType`.
  init(onnx number: Int64, of what: String) throws(ImportError) {
    let type = Int32(exactly: number).flatMap { ONNXElementType(rawValue: $0) }
    guard let dtype = type?.dtype else {
      throw ImportError(
        .unsupportedType, "\(what) has an element type that is not supported", expected: "a number type of at most 64 bits",
        found: type.map { "\($0)" } ?? "type number \(number)")
    }
    self = dtype
  }
}
