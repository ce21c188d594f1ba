import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Functions of one number: on float32 and float64 all of them, on int32, int64 and bool those that stay exact.
final class UnaryKernel: StatelessKernel<Unary>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Unary, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0) else { return .unsupported("no input") }
    switch (op.function, dtype) {
    case (.isNaN, .float32), (.isNaN, .float64), (.not, .bool): return .supported
    default: return TypedFunction(op, dtype) != nil ? .supported : .unsupported("\(op.function.rawValue) of \(dtype)")
    }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let count = elementCount(try request.sizes(0))
    let isa = processor.isa
    let dtype = try request.operandType(0).dtype
    switch op.function {
    case .not:
      return CPULaunch("not", inPlace: [0]) { arguments throws(RunError) in
        ck_u8_not(isa, count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
      }
    case .isNaN:
      return CPULaunch("is nan") { arguments throws(RunError) in
        let (x, y) = (try arguments.rawInput(0), try arguments.result(0, as: UInt8.self))
        var (size, stride) = (count, 1)
        if dtype == .float64 {
          let x = x.assumingMemoryBound(to: Double.self)
          ck_f64_compare(isa, CK_NOT_EQUAL, 1, &size, x, &stride, x, &stride, y, arguments.threadCount)
        } else {
          let x = x.assumingMemoryBound(to: Float.self)
          ck_f32_compare(isa, CK_NOT_EQUAL, 1, &size, x, &stride, x, &stride, y, arguments.threadCount)
        }
      }
    default: return try typedLaunch(op, dtype, count: count, isa: isa)
    }
  }
}

/// Functions of one number with parameters.
final class ActivationKernel: StatelessKernel<Activation>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Activation, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0), dtype.isFloatingPoint, dtype.byteCount > 2 else {
      return .unsupported("only float32 and float64")
    }
    return TypedFunction(op, dtype) == nil ? .unsupported("swish with a factor") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try typedLaunch(op, request.operandType(0).dtype, count: elementCount(request.sizes(0)), isa: processor.isa)
  }
}

final class ClipKernel: StatelessKernel<Clip>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Clip, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0), TypedFunction(op, dtype) != nil else {
      return .unsupported("only float32, float64, int32 and int64")
    }
    return .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try typedLaunch(op, request.operandType(0).dtype, count: elementCount(request.sizes(0)), isa: processor.isa)
  }
}

private func typedLaunch(_ op: any Operator, _ dtype: DType, count: Int, isa: UInt32) throws(RunError) -> CPULaunch {
  guard let function = TypedFunction(op, dtype) else {
    throw RunError(.unsupported, "no kernel for \(op.name)", found: "\(dtype)")
  }
  return function.launch(dtype, count: count, isa: isa)
}
