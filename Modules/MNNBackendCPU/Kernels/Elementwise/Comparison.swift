import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Comparisons with broadcasting of float32, float64, int32 and int64.
final class ComparisonKernel: StatelessKernel<Comparison>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Comparison, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0), Comparison.kernelTypes.contains(dtype) else {
      return .unsupported("only float32, float64, int32 and int64")
    }
    return broadcastSupport(request)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let loop = LoopNest(broadcasting: [try request.sizes(0), try request.sizes(1)], to: try request.resultSizes())
    let isa = processor.isa
    let kind = op.function.kind
    let dtype = try request.operandType(0).dtype
    return CPULaunch("compare") { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(0), try arguments.rawInput(1))
      TypedKernels.compare(
        isa, kind, dtype, loop.rank, loop.sizes, x, loop.strides[0], y, loop.strides[1], try arguments.result(0),
        arguments.threadCount)
    }
  }
}

/// A choice between elements of any type by a bool, or by integers, as `.mnn` files have truth values.
final class SelectKernel: StatelessKernel<Select>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Select, _ request: KernelRequest, on processor: Processor) -> Support {
    switch request.dtype(0) {
    case .bool, .uint8, .int8, .int32: broadcastSupport(request)
    default: .unsupported("only conditions of one byte, or int32")
    }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let conditionSizes = try request.sizes(0)
    let loop = LoopNest(
      broadcasting: [conditionSizes, try request.sizes(1), try request.sizes(2)], to: try request.resultSizes())
    let isa = processor.isa
    let width = request.results[0].dtype.byteCount
    let isWide = request.dtype(0) == .int32
    let count = elementCount(conditionSizes)
    return CPULaunch("select", scratch: isWide ? count : 0) { arguments throws(RunError) in
      var condition: UnsafePointer<UInt8> = try arguments.input(0, as: UInt8.self)
      if isWide {
        guard let scratch = arguments.scratchAddress?.assumingMemoryBound(to: UInt8.self) else {
          throw RunError(.device, "a choice has no scratch memory")
        }
        var (size, step, none) = (count, 1, 0)
        var zero: Int32 = 0
        ck_i32_compare(
          isa, CK_NOT_EQUAL, 1, &size, try arguments.rawInput(0).assumingMemoryBound(to: Int32.self), &step, &zero, &none,
          scratch, arguments.threadCount)
        condition = UnsafePointer(scratch)
      }
      ck_select(
        isa, width, loop.rank, loop.sizes, condition, loop.strides[0], try arguments.rawInput(1), loop.strides[1],
        try arguments.rawInput(2), loop.strides[2], try arguments.rawResult(0), arguments.threadCount)
    }
  }
}
