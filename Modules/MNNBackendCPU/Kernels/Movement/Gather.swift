import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Slices along one axis, by indices.
final class GatherKernel: StatelessKernel<Gather>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Gather, _ request: KernelRequest, on processor: Processor) -> Support {
    switch request.dtype(1) {
    case .int32, .int64: .supported
    default: .unsupported("only int32 and int64 indices")
    }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let (outer, rows, inner) = splitSizes(sizes, at: op.axis < 0 ? op.axis + sizes.count : op.axis)
    let count = elementCount(try request.sizes(1))
    let rowBytes = inner * request.results[0].dtype.byteCount
    let isa = processor.isa
    let isNarrow = request.dtype(1) == .int32
    let (name, operatorName) = (request.nodeName, request.op.name)
    return CPULaunch("gather", scratch: isNarrow ? count * 8 : 0) { arguments throws(RunError) in
      var indices = try arguments.rawInput(1)
      if isNarrow, let wide = arguments.scratchAddress {
        ck_convert(isa, CK_I32, CK_I64, count, indices, wide, arguments.threadCount)
        indices = UnsafeRawPointer(wide)
      }
      let (x, y) = (try arguments.rawInput(0), try arguments.rawResult(0))
      for o in 0..<outer {
        let isValid = ck_gather_rows(
          count, rows, rowBytes, x + o * rows * rowBytes, indices.assumingMemoryBound(to: Int64.self),
          y + o * count * rowBytes, arguments.threadCount)
        guard isValid != 0 else {
          throw RunError(
            GraphError(.indexOutOfRange, "an index is out of range", expected: "\(-rows) ..< \(rows)")
              .at(node: name, operator: operatorName))
        }
      }
    }
  }
}
