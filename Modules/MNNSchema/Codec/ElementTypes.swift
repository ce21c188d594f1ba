import MNNGraph

/// How element types are kept: the format's engines know float32, int32, int8 and uint8, and every other type becomes one of
/// these; packed integers become int8. See `Docs/format.md`, 3.
extension Wire.DataType {
  init(storing dtype: DType) {
    switch dtype {
    case _ where dtype.isPacked: self = .DT_INT8
    case .int8: self = .DT_INT8
    case .uint8: self = .DT_UINT8
    default: self = dtype.isFloatingPoint ? .DT_FLOAT : .DT_INT32
    }
  }

  /// The type of values that are declared so, or nil if there are none.
  var dtype: DType? {
    switch self {
    case .DT_FLOAT, .DT_HALF, .DT_BFLOAT16, .DT_DOUBLE: .float32
    case .DT_INT32, .DT_INT64, .DT_INT16, .DT_UINT16, .DT_QINT32: .int32
    case .DT_BOOL: .int32
    case .DT_INT8, .DT_QINT8: .int8
    case .DT_UINT8, .DT_QUINT8: .uint8
    default: nil
    }
  }
}

extension DType {
  /// The type that comes back after writing and reading.
  var stored: DType {
    switch self {
    case .int8, .uint8: self
    case _ where isPacked: .int8
    default: isFloatingPoint ? .float32 : .int32
    }
  }
}
