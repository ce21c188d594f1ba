import MNNGraph

/// The types of results, by the rules of numpy 2.
enum Promotion {
  /// The type of sums and products: integers are added up in 64 bits.
  static func sum(_ dtype: DType) -> DType {
    switch dtype {
    case .bool, .int8, .int16, .int32, .int64: .int64
    case .uint8, .uint16, .uint32, .uint64: .uint64
    default: dtype
    }
  }

  /// The type of means.
  static func mean(_ dtype: DType) -> DType { dtype.isFloatingPoint ? dtype : .float64 }

  /// The type that the arithmetic of `dtype` is done in before the result is narrowed: int32, int64, uint64, float32, float64.
  static func lane(_ dtype: DType) -> DType {
    switch dtype {
    case .bool, .int8, .uint8, .int16, .uint16, .int32: .int32
    case .int2, .int3, .int4, .int5, .int6, .int7, .uint2, .uint4: .int32
    case .uint32, .int64: .int64
    case .uint64: .uint64
    case .float16, .bfloat16, .float32: .float32
    case .float64: .float64
    }
  }
}
