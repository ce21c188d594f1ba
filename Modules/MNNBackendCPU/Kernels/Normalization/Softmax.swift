import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class SoftmaxKernel: StatelessKernel<Softmax>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Softmax, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try softmaxLaunch(axis: op.axis, logarithm: false, request, processor)
  }
}

final class LogSoftmaxKernel: StatelessKernel<LogSoftmax>, CPUKernel, @unchecked Sendable {
  static func support(_ op: LogSoftmax, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try softmaxLaunch(axis: op.axis, logarithm: true, request, processor)
  }
}

private func softmaxLaunch(
  axis: Int, logarithm: Bool, _ request: KernelRequest, _ processor: Processor
) throws(RunError) -> CPULaunch {
  let sizes = try request.sizes(0)
  let (outer, count, inner) = splitSizes(sizes, at: axis < 0 ? axis + sizes.count : axis)
  let isa = processor.isa
  let flag: Int32 = logarithm ? 1 : 0
  return CPULaunch("softmax", inPlace: [0]) { arguments throws(RunError) in
    ck_f32_softmax(
      isa, flag, outer, count, inner, try arguments.input(0), try arguments.result(0), arguments.threadCount)
  }
}
