import CKernels
import MNNGraph
import MNNRuntime

/// Reductions over any axes: one pass per run of neighbouring axes.
final class ReduceKernel: StatelessKernel<Reduce>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Reduce, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let axes = try? op.axes(request.operands), let sizes = try? request.sizes(0) else {
      return .unsupported("axes depend on data")
    }
    let runs = ReductionRun.all(sizes, axes)
    guard runs.count == 1 || op.function.repeats else { return .unsupported("\(op.function) over separate axes") }
    switch request.dtype(0) {
    case .float32, .float64: return .supported
    case .int32, .int64: return op.function.kind.rawValue <= CK_REDUCE_L1.rawValue ? .supported : .unsupported("of integers")
    case .bool: return op.function == .maximum || op.function == .minimum ? .supported : .unsupported("of bools")
    default: return .unsupported("only float32, float64, int32, int64 and bool")
    }
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
        switch dtype {
        case .float32:
          ck_f32_reduce(
            isa, kind, run.outer, run.count, run.inner, source.assumingMemoryBound(to: Float.self),
            target.assumingMemoryBound(to: Float.self), threads)
        case .int32:
          ck_i32_reduce(
            isa, kind, run.outer, run.count, run.inner, source.assumingMemoryBound(to: Int32.self),
            target.assumingMemoryBound(to: Int32.self), threads)
        case .float64:
          ck_f64_reduce(
            isa, kind, run.outer, run.count, run.inner, source.assumingMemoryBound(to: Double.self),
            target.assumingMemoryBound(to: Double.self), threads)
        case .int64:
          ck_i64_reduce(
            isa, kind, run.outer, run.count, run.inner, source.assumingMemoryBound(to: Int64.self),
            target.assumingMemoryBound(to: Int64.self), threads)
        default:
          ck_u8_reduce(
            isa, kind, run.outer, run.count, run.inner, source.assumingMemoryBound(to: UInt8.self),
            target.assumingMemoryBound(to: UInt8.self), threads)
        }
        source = UnsafeRawPointer(target)
      }
    }
  }
}

/// Neighbouring axes that are reduced together: `[outer, count, inner]`.
struct ReductionRun: Hashable, Sendable {
  var outer: Int
  var count: Int
  var inner: Int

  /// The runs that reduce `axes` of `sizes`, the last axes first; one of a single element if there are none.
  static func all(_ sizes: [Int], _ axes: [Int]) -> [ReductionRun] {
    var rest = sizes
    var runs: [ReductionRun] = []
    var axis = sizes.count - 1
    while axis >= 0 {
      guard axes.contains(axis), rest[axis] != 1 else { axis -= 1; continue }
      var first = axis
      while first > 0, axes.contains(first - 1) || rest[first - 1] == 1 { first -= 1 }
      runs.append(
        ReductionRun(
          outer: elementCount(Array(rest[..<first])), count: elementCount(Array(rest[first...axis])),
          inner: elementCount(Array(rest[(axis + 1)...]))))
      for i in first...axis { rest[i] = 1 }
      axis = first - 1
    }
    return runs.isEmpty ? [ReductionRun(outer: elementCount(sizes), count: 1, inner: 1)] : runs
  }
}

extension Reduce.Function {
  var kind: ck_reduce_kind {
    switch self {
    case .sum: CK_REDUCE_SUM
    case .mean: CK_REDUCE_MEAN
    case .maximum: CK_REDUCE_MAX
    case .minimum: CK_REDUCE_MIN
    case .product: CK_REDUCE_PROD
    case .sumSquare: CK_REDUCE_SUM_SQUARE
    case .l1: CK_REDUCE_L1
    case .l2: CK_REDUCE_L2
    case .logSum: CK_REDUCE_LOG_SUM
    case .logSumExp: CK_REDUCE_LOG_SUM_EXP
    }
  }

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
