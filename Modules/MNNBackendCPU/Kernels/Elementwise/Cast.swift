import CKernels
import MNNGraph
import MNNRuntime

/// Conversion between all number types.
final class CastKernel: StatelessKernel<Cast>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Cast, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

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

extension DType {
  /// The type as CKernels names it.
  var number: ck_number {
    switch self {
    case .bool: CK_BOOL
    case .int8: CK_I8
    case .uint8: CK_U8
    case .int16: CK_I16
    case .uint16: CK_U16
    case .int32: CK_I32
    case .uint32: CK_U32
    case .int64: CK_I64
    case .uint64: CK_U64
    case .float16: CK_F16
    case .bfloat16: CK_BF16
    case .float32: CK_F32
    case .float64: CK_F64
    }
  }
}
