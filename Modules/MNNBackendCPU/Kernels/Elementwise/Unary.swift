import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Functions of one number: on float32 and float64 those of CKernels, on int32, int64 and bool those that stay exact.
final class UnaryKernel: StatelessKernel<Unary>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Unary, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0) else { return .unsupported("no input") }
    return TypedFunction(op.function, dtype) != nil ? .supported : .unsupported("\(op.function) of \(dtype)")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let count = elementCount(try request.sizes(0))
    let isa = processor.isa
    let dtype = try request.operandType(0).dtype
    guard let function = TypedFunction(op.function, dtype) else {
      throw RunError(.unsupported, "no kernel for \(op.function)", found: "\(dtype)")
    }
    return CPULaunch("unary \(dtype)", inPlace: function.keepsType ? [0] : []) { arguments throws(RunError) in
      function(isa, count: count, try arguments.rawInput(0), try arguments.rawResult(0), arguments.threadCount)
    }
  }
}
