package import CKernels
package import MNNGraph

extension Binary.Function {
  /// The kernel's function; nil if there is none for the type.
  package func kernel(for dtype: DType) -> ck_binary_kind? {
    switch (self, dtype) {
    case (.and, .bool), (.bitwiseAnd, .int32), (.bitwiseAnd, .int64): CK_BINARY_AND
    case (.or, .bool), (.bitwiseOr, .int32), (.bitwiseOr, .int64): CK_BINARY_OR
    case (.xor, .bool), (.bitwiseXor, .int32), (.bitwiseXor, .int64): CK_BINARY_XOR
    case (.power, .int32), (.power, .int64), (.atan2, .int32), (.atan2, .int64): nil
    case (_, .float32), (_, .float64), (_, .int32), (_, .int64): arithmeticKernel
    default: nil
    }
  }

  private var arithmeticKernel: ck_binary_kind? {
    switch self {
    case .add: CK_BINARY_ADD
    case .atan2: CK_BINARY_ATAN2
    case .divide: CK_BINARY_DIV
    case .floorDivide: CK_BINARY_FLOORDIV
    case .maximum: CK_BINARY_MAX
    case .minimum: CK_BINARY_MIN
    case .modulo: CK_BINARY_MOD
    case .multiply: CK_BINARY_MUL
    case .power: CK_BINARY_POW
    case .remainder: CK_BINARY_FMOD
    case .squaredDifference: CK_BINARY_SQUARED_DIFFERENCE
    case .subtract: CK_BINARY_SUB
    case .and, .or, .xor, .bitwiseAnd, .bitwiseOr, .bitwiseXor, .shiftLeft, .shiftRight: nil
    }
  }
}
