import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// A function of one number of a given type, as CKernels has it.
struct TypedFunction: Hashable, Sendable {
  var kind: ck_unary_kind
  /// Parameters of functions of floating-point numbers.
  var p0 = 0.0
  var p1 = 0.0
  /// Parameters of functions of integers.
  var low: Int64 = 0
  var high: Int64 = 0

  /// nil if there is none for the type.
  init?(_ op: any Operator, _ dtype: DType) {
    switch dtype {
    case .float32, .float64:
      guard let f = ScalarFunction(of: op) else { return nil }
      (kind, p0, p1) = (f.unaryKind, Double(f.p0), Double(f.p1))
    case .int32, .int64:
      let bounds: ClosedRange<Int64> = dtype == .int32 ? Int64(Int32.min)...Int64(Int32.max) : .min ... .max
      switch op {
      case let op as Clip:
        // Whole numbers between the bounds are those between the bounds rounded towards each other.
        kind = CK_UNARY_CLAMP
        low = max(bounds.lowerBound, min(bounds.upperBound, Int64(converting: Double(op.minimum).rounded(.up))))
        high = max(bounds.lowerBound, min(bounds.upperBound, Int64(converting: Double(op.maximum).rounded(.down))))
      case let op as Unary:
        switch op.function {
        case .absolute: kind = CK_UNARY_ABS
        case .negate: kind = CK_UNARY_NEG
        case .sign: kind = CK_UNARY_SIGN
        case .square: kind = CK_UNARY_SQUARE
        case .relu: (kind, high) = (CK_UNARY_CLAMP, bounds.upperBound)
        case .floor, .ceil, .round: kind = CK_UNARY_IDENTITY
        default: return nil
        }
      default: return nil
      }
    default: return nil
    }
  }

  /// Applies the function to every element.
  func launch(_ dtype: DType, count: Int, isa: UInt32) -> CPULaunch {
    let f = self
    return CPULaunch("unary \(dtype)", inPlace: [0]) { arguments throws(RunError) in
      let threads = arguments.threadCount
      switch dtype {
      case .float64:
        ck_f64_unary(isa, f.kind, f.p0, f.p1, count, try arguments.input(0), try arguments.result(0), threads)
      case .int32:
        ck_i32_unary(
          isa, f.kind, Int32(f.low), Int32(f.high), count, try arguments.input(0), try arguments.result(0), threads)
      case .int64:
        ck_i64_unary(isa, f.kind, f.low, f.high, count, try arguments.input(0), try arguments.result(0), threads)
      default:
        ck_f32_unary(
          isa, f.kind, Float(f.p0), Float(f.p1), count, try arguments.input(0), try arguments.result(0), threads)
      }
    }
  }
}
