package import CKernels
package import MNNGraph

extension ScalarFunction {
  /// The kernels' function by place of ``Kind``; nil where CKernels has no row.
  private static let kernels: [ck_function?] = Kind.allCases.map { kind in
    (0..<CK_FUNCTION_COUNT.rawValue).lazy.map { ck_function(rawValue: $0) }.first {
      String(cString: ck_function_name($0)) == kind.name
    }
  }

  /// The function as CKernels names it; nil if it has no kernel for floats.
  package var kernel: ck_function? { ScalarFunction.kernels[Int(kind.rawValue)] }

  /// Whether kernels can apply it to their results before they store them.
  package var isFusable: Bool { kernel.map { ck_function_is_fusable($0) != 0 } ?? false }

  /// As the argument of such a kernel; none if the function is not ``isFusable``.
  package var epilogue: ck_activation {
    guard let kernel, isFusable else { return ck_activation() }
    return ck_activation(kind: kernel, p0: a, p1: b)
  }
}
