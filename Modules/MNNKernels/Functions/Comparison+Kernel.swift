package import CKernels
package import MNNGraph

extension Comparison {
  /// The types that kernels compare.
  package static let kernelTypes: Set<DType> = [.float32, .float64, .int32, .int64]
}

extension Comparison.Function {
  /// The function as CKernels names it.
  package var kind: ck_compare_kind {
    switch self {
    case .equal: CK_EQUAL
    case .notEqual: CK_NOT_EQUAL
    case .less: CK_LESS
    case .lessOrEqual: CK_LESS_OR_EQUAL
    case .greater: CK_GREATER
    case .greaterOrEqual: CK_GREATER_OR_EQUAL
    }
  }
}
