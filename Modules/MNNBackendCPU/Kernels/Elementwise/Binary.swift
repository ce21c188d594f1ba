import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Arithmetic with broadcasting on float32, float64, int32 and int64; logic on bool.
final class BinaryKernel: StatelessKernel<Binary>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Binary, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0), dtype == request.dtype(1), op.function.kernel(for: dtype) != nil else {
      return .unsupported("\(op.function.rawValue) of \(request.dtype(0)?.rawValue ?? "nothing")")
    }
    guard op.activation == .identity || dtype == .float32 && op.activation.isFusable else {
      return .unsupported("an activation of \(dtype)")
    }
    return broadcastSupport(request)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    guard let dtype = request.dtype(0), let kind = op.function.kernel(for: dtype) else {
      throw RunError(.unsupported, "no kernel for \(op.function.rawValue)")
    }
    return try binaryLaunch(kind, dtype, activation: op.activation, request, processor)
  }
}

/// `x` above 0, `slope * x` below.
final class ParametricReluKernel: StatelessKernel<ParametricRelu>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ParametricRelu, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32, request.dtype(1) == .float32 else { return .unsupported("only float32") }
    return broadcastSupport(request)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    try binaryLaunch(CK_BINARY_PRELU, .float32, activation: .identity, request, processor)
  }
}

/// Whether kernels have enough loops for the operands' broadcasting.
func broadcastSupport(_ request: KernelRequest) -> Support {
  guard let shape = request.results.first?.shape.sizes else { return .unsupported("sizes are not known") }
  let operands = (0..<request.operands.count).map { request.operands[optional: $0]?.type.shape.sizes ?? [] }
  let rank = LoopNest(broadcasting: operands, to: shape).rank
  return rank <= Int(CK_MAX_RANK) ? .supported : .unsupported("broadcasting over \(rank) loops")
}

func binaryLaunch(
  _ kind: ck_binary_kind, _ dtype: DType, activation: ScalarFunction, _ request: KernelRequest, _ processor: Processor
) throws(RunError) -> CPULaunch {
  let shape = try request.resultSizes()
  let (a, b) = (try request.sizes(0), try request.sizes(1))
  let loop = LoopNest(broadcasting: [a, b], to: shape)
  let isa = processor.isa
  let f = activation.epilogue
  let inPlace = [a, b].indices.filter { [a, b][$0] == shape }
  return CPULaunch("binary", inPlace: inPlace) { arguments throws(RunError) in
    let (x, y, z) = (try arguments.rawInput(0), try arguments.rawInput(1), try arguments.rawResult(0))
    TypedKernels.binary(
      isa, kind, dtype, loop.rank, loop.sizes, x, loop.strides[0], y, loop.strides[1], z, activation: f, arguments.threadCount)
  }
}
