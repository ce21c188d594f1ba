import CKernels
import MNNGraph
import MNNRuntime

/// Functions of one number: on float32 all of them, on int32, int64 and bool those that stay exact.
final class UnaryKernel: StatelessKernel<Unary>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Unary, _ request: KernelRequest, on processor: Processor) -> Support {
    switch request.dtype(0) {
    case .float32 where op.function == .isNaN || ScalarFunction(of: op) != nil: .supported
    case .int32 where integerFunction(op.function) != nil, .int64 where integerFunction(op.function) != nil: .supported
    case .bool where op.function == .not: .supported
    default: .unsupported("\(op.function.rawValue) of \(request.dtype(0)?.rawValue ?? "nothing")")
    }
  }

  /// The kernel's function on integers; nil if there is none.
  private static func integerFunction(_ function: Unary.Function) -> (kind: ck_unary_kind, low: Int, high: Int)? {
    switch function {
    case .absolute: (CK_UNARY_ABS, 0, 0)
    case .negate: (CK_UNARY_NEG, 0, 0)
    case .sign: (CK_UNARY_SIGN, 0, 0)
    case .square: (CK_UNARY_SQUARE, 0, 0)
    case .relu: (CK_UNARY_CLAMP, 0, .max)
    case .floor, .ceil, .round: (CK_UNARY_IDENTITY, 0, 0)
    default: nil
    }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let count = elementCount(try request.sizes(0))
    let isa = processor.isa
    if op.function == .not {
      return CPULaunch("not", inPlace: [0]) { arguments throws(RunError) in
        ck_u8_not(count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
      }
    }
    if let f = UnaryKernel.integerFunction(op.function), request.dtype(0) != .float32 {
      if request.dtype(0) == .int32 {
        let (low, high) = (Int32(clamping: f.low), Int32(clamping: f.high))
        return CPULaunch("unary int32", inPlace: [0]) { arguments throws(RunError) in
          ck_i32_unary(f.kind, low, high, count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
        }
      }
      let (low, high) = (Int64(f.low), Int64(f.high))
      return CPULaunch("unary int64", inPlace: [0]) { arguments throws(RunError) in
        ck_i64_unary(f.kind, low, high, count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
      }
    }
    if op.function == .isNaN {
      return CPULaunch("is nan") { arguments throws(RunError) in
        let x: UnsafePointer<Float> = try arguments.input(0)
        var (size, stride) = (count, 1)
        ck_f32_compare(
          isa, CK_NOT_EQUAL, 1, &size, x, &stride, x, &stride, try arguments.result(0), arguments.threadCount)
      }
    }
    return ScalarFunction(of: op).launch(count: count, isa: isa)
  }
}

/// Functions of one number with parameters.
final class ActivationKernel: StatelessKernel<Activation>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Activation, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32 else { return .unsupported("only float32") }
    return ScalarFunction(of: op) == nil ? .unsupported("swish with a factor") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    ScalarFunction(of: op).launch(count: elementCount(try request.sizes(0)), isa: processor.isa)
  }
}

final class ClipKernel: StatelessKernel<Clip>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Clip, _ request: KernelRequest, on processor: Processor) -> Support {
    switch request.dtype(0) {
    case .float32, .int32, .int64: .supported
    default: .unsupported("only float32, int32 and int64")
    }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let count = elementCount(try request.sizes(0))
    // Whole numbers between the bounds are those between the bounds rounded towards each other.
    let low = Double(op.minimum).rounded(.up)
    let high = Double(op.maximum).rounded(.down)
    switch request.dtype(0) {
    case .int32:
      let (low, high) = (Int32(converting: low), Int32(converting: high))
      return CPULaunch("clip int32", inPlace: [0]) { arguments throws(RunError) in
        ck_i32_unary(CK_UNARY_CLAMP, low, high, count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
      }
    case .int64:
      let (low, high) = (Int64(converting: low), Int64(converting: high))
      return CPULaunch("clip int64", inPlace: [0]) { arguments throws(RunError) in
        ck_i64_unary(CK_UNARY_CLAMP, low, high, count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
      }
    default: return ScalarFunction(of: op).launch(count: count, isa: processor.isa)
    }
  }
}

extension Optional where Wrapped == ScalarFunction {
  /// Applies the function, or nothing, to every float.
  func launch(count: Int, isa: UInt32) -> CPULaunch {
    let f = self ?? .identity
    return CPULaunch("unary", inPlace: [0]) { arguments throws(RunError) in
      ck_f32_unary(
        isa, f.unaryKind, f.p0, f.p1, count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}
