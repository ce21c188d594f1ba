package import CKernels
package import MNNGraph

extension Reduce.Function {
  /// The function as CKernels names it.
  package var kind: ck_reduce_kind {
    switch self {
    case .sum: CK_REDUCE_SUM
    case .mean: CK_REDUCE_MEAN
    case .maximum: CK_REDUCE_MAX
    case .minimum: CK_REDUCE_MIN
    case .product: CK_REDUCE_PROD
    case .sumSquare: CK_REDUCE_SUM_SQUARE
    case .l1: CK_REDUCE_L1
    case .l2: CK_REDUCE_L2
    case .logSum: CK_REDUCE_LOG_SUM
    case .logSumExp: CK_REDUCE_LOG_SUM_EXP
    }
  }

  /// Whether a kernel reduces elements of the type.
  package func hasKernel(for dtype: DType) -> Bool {
    switch dtype {
    case .float32, .float64: true
    case .int32, .int64: kind.rawValue <= CK_REDUCE_L1.rawValue
    case .bool: self == .maximum || self == .minimum
    default: false
    }
  }
}
