package import CKernels
package import MNNGraph

/// A function of one number of a given type that has a kernel.
package struct TypedFunction: Hashable, Sendable {
  /// What the kernel does.
  private enum Form: Hashable, Sendable { case function, isNaN, not }

  private let form: Form
  /// Of ``CK_STEP_UNARY`` and of the kernels of one function.
  package private(set) var kind = CK_FUNCTION_IDENTITY
  /// Parameters of functions of floating-point numbers.
  package private(set) var p0 = 0.0
  package private(set) var p1 = 0.0
  /// Parameters of functions of integers.
  package private(set) var low: Int64 = 0
  package private(set) var high: Int64 = 0
  private let dtype: DType

  /// nil if there is none for the type.
  package init?(_ function: ScalarFunction, _ dtype: DType) {
    self.dtype = dtype
    switch (function.kind, dtype) {
    case (.isNaN, .float32), (.isNaN, .float64): form = .isNaN
    case (.not, .bool): form = .not
    case (_, .float32), (_, .float64):
      guard let kernel = function.kernel else { return nil }
      form = .function
      (kind, p0, p1) = (kernel, Double(function.a), Double(function.b))
    case (_, .int32), (_, .int64):
      form = .function
      let bounds: ClosedRange<Int64> = dtype == .int32 ? Int64(Int32.min)...Int64(Int32.max) : .min ... .max
      switch function.kind {
      case .clip:
        kind = CK_FUNCTION_CLIP
        // Whole numbers between the bounds are those between the bounds rounded toward each other.
        low = max(bounds.lowerBound, min(bounds.upperBound, Int64(converting: Double(function.a).rounded(.up))))
        high = max(bounds.lowerBound, min(bounds.upperBound, Int64(converting: Double(function.b).rounded(.down))))
      case .relu: (kind, high) = (CK_FUNCTION_CLIP, bounds.upperBound)
      case .absolute: kind = CK_FUNCTION_ABSOLUTE
      case .negate: kind = CK_FUNCTION_NEGATE
      case .sign: kind = CK_FUNCTION_SIGN
      case .square: kind = CK_FUNCTION_SQUARE
      case .ceil, .floor, .identity, .round, .truncate: kind = CK_FUNCTION_IDENTITY
      default: return nil
      }
    default: return nil
    }
  }

  /// Whether the result has the type of the operand, and may take its place.
  package var keepsType: Bool { form != .isNaN }

  /// `y[i] = f(x[i])`; `y` may be `x` if ``keepsType``.
  package func callAsFunction(
    _ isa: UInt32, count: Int, _ x: UnsafeRawPointer, _ y: UnsafeMutableRawPointer, _ threads: Int32
  ) {
    switch (form, dtype) {
    case (.not, _):
      ck_u8_not(isa, count, x.assumingMemoryBound(to: UInt8.self), y.assumingMemoryBound(to: UInt8.self), threads)
    case (.isNaN, _):
      var (size, stride) = (count, 1)
      TypedKernels.compare(
        isa, CK_NOT_EQUAL, dtype, 1, &size, x, &stride, x, &stride, y.assumingMemoryBound(to: UInt8.self), threads)
    case (.function, .float64):
      ck_f64_unary(
        isa, kind, p0, p1, count, x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self), threads)
    case (.function, .int32):
      ck_i32_unary(
        isa, kind, Int32(clamping: low), Int32(clamping: high), count, x.assumingMemoryBound(to: Int32.self),
        y.assumingMemoryBound(to: Int32.self), threads)
    case (.function, .int64):
      ck_i64_unary(
        isa, kind, low, high, count, x.assumingMemoryBound(to: Int64.self), y.assumingMemoryBound(to: Int64.self), threads)
    case (.function, _):
      ck_f32_unary(
        isa, kind, Float(p0), Float(p1), count, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self),
        threads)
    }
  }
}
