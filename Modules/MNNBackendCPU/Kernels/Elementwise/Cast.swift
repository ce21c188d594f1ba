import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Conversion between all number types.
final class CastKernel: StatelessKernel<Cast>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Cast, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0)?.isPacked ?? false ? .unsupported("packed elements") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let source = try request.operandType(0).dtype
    let target = request.results[0].dtype
    let count = elementCount(try request.sizes(0))
    let isa = processor.isa
    let isCopy = source == target
    return CPULaunch("cast", inPlace: source.byteCount == target.byteCount ? [0] : []) { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(0), try arguments.rawResult(0))
      if isCopy {
        if x != UnsafeRawPointer(y) { y.copyMemory(from: x, byteCount: count * source.byteCount) }
      } else {
        ck_convert(isa, source.number, target.number, count, x, y, arguments.threadCount)
      }
    }
  }
}
