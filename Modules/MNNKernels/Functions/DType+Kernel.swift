package import CKernels
package import MNNGraph

extension DType {
  /// The type as CKernels names it.
  package var number: ck_number {
    switch self {
    case .bool: CK_BOOL
    case .int8: CK_I8
    // No kernel is given packed elements, which cannot be written either: this is what they become.
    case .int2, .int3, .int4, .int5, .int6, .int7: CK_I8
    case .uint2, .uint4: CK_I8
    case .uint8: CK_U8
    case .int16: CK_I16
    case .uint16: CK_U16
    case .int32: CK_I32
    case .uint32: CK_U32
    case .int64: CK_I64
    case .uint64: CK_U64
    case .float16: CK_F16
    case .bfloat16: CK_BF16
    case .float32: CK_F32
    case .float64: CK_F64
    }
  }
}
