import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class TopKKernel: StatelessKernel<TopK>, CPUKernel, @unchecked Sendable {
  static func support(_ op: TopK, _ request: KernelRequest, on processor: Processor) -> Support {
    let axis = request.operands.size(0, axis: op.axis)
    return request.dtype(0) == .float32 && op.indexDType == .int64 && axis < Int(Int32.max)
      ? .supported : .unsupported("only float32, int64 indices")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let axis = op.axis < 0 ? op.axis + sizes.count : op.axis
    let (outer, n, inner) = splitSizes(sizes, at: axis)
    let k = try request.resultSizes()[axis]
    let least: Int32 = op.takesLargest ? 0 : 1
    let scratch = ck_f32_top_k_scratch(n, k, Int32(settings.threads))
    return CPULaunch("top k", scratch: scratch) { arguments throws(RunError) in
      ck_f32_top_k(
        least, outer, n, inner, k, try arguments.input(0), try arguments.result(0), try arguments.result(1),
        arguments.scratchAddress, arguments.threadCount)
    }
  }
}

/// Running sums of floats.
final class CumSumKernel: StatelessKernel<CumSum>, CPUKernel, @unchecked Sendable {
  static func support(_ op: CumSum, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 && request.constant(1)?.count == 1 ? .supported : .unsupported("only float32, a constant axis")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let axis = try asRunError { () throws(GraphError) in
      try normalizedAxis(request.operands.integer(1), rank: sizes.count)
    }
    let (outer, n, inner) = splitSizes(sizes, at: axis)
    let (exclusive, reverse): (Int32, Int32) = (op.isExclusive ? 1 : 0, op.isReversed ? 1 : 0)
    return CPULaunch("running sums", inPlace: [0]) { arguments throws(RunError) in
      ck_f32_cumsum(
        exclusive, reverse, outer, n, inner, try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}
