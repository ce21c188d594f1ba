import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Reductions over any axes: one pass per run of neighboring axes.
final class ReduceKernel: StatelessKernel<Reduce>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Reduce, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let axes = try? op.axes(request.operands), let sizes = try? request.sizes(0) else {
      return .unsupported("axes depend on data")
    }
    let runs = ReductionRun.all(sizes, axes)
    guard runs.count == 1 || op.function.repeats else { return .unsupported("\(op.function) over separate axes") }
    guard let dtype = request.dtype(0), op.function.hasKernel(for: dtype) else {
      return .unsupported("\(op.function) of \(request.dtype(0)?.rawValue ?? "nothing")")
    }
    return .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let op = op
    let axes = try asRunError { () throws(GraphError) in try op.axes(request.operands) }
    let runs = ReductionRun.all(try request.sizes(0), axes)
    let (isa, kind) = (processor.isa, op.function.kind)
    let dtype = try request.operandType(0).dtype
    // Every run but the last leaves its result in scratch; two places suffice.
    let largest = runs.dropLast().map { $0.outer * $0.inner * dtype.byteCount }.max() ?? 0
    let place = (largest + 63) / 64 * 64
    return CPULaunch("reduce", scratch: runs.count > 1 ? 2 * place : 0) { arguments throws(RunError) in
      var source = try arguments.rawInput(0)
      let threads = arguments.threadCount
      for (i, run) in runs.enumerated() {
        let isLast = i == runs.count - 1
        var target = try arguments.rawResult(0)
        if !isLast, let scratch = arguments.scratchAddress { target = scratch + (i % 2) * place }
        TypedKernels.reduce(isa, kind, dtype, run, source, target, threads)
        source = UnsafeRawPointer(target)
      }
    }
  }
}

extension Reduce.Function {
  /// True if a reduction of reductions is the reduction of all.
  fileprivate var repeats: Bool {
    switch self {
    case .sum, .mean, .maximum, .minimum, .product, .l2, .logSumExp: true
    case .sumSquare, .l1, .logSum: false
    }
  }
}

/// The place of the largest or smallest element.
final class ArgReduceKernel: StatelessKernel<ArgReduce>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ArgReduce, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 && (op.dtype == .int32 || op.dtype == .int64) ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let axis = op.axis < 0 ? op.axis + sizes.count : op.axis
    let (outer, count, inner) = splitSizes(sizes, at: axis)
    let isa = processor.isa
    let (least, last): (Int32, Int32) = (op.function == .minimum ? 1 : 0, op.selectsLast ? 1 : 0)
    let width = op.dtype.byteCount
    return CPULaunch("arg reduce") { arguments throws(RunError) in
      ck_f32_arg_reduce(
        isa, least, last, outer, count, inner, try arguments.input(0), try arguments.rawResult(0), width,
        arguments.threadCount)
    }
  }
}
