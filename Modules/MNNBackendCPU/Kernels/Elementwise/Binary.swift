import CKernels
import MNNGraph
import MNNRuntime

/// Arithmetic with broadcasting on float32, float64, int32 and int64; logic on bool.
final class BinaryKernel: StatelessKernel<Binary>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Binary, _ request: KernelRequest, on processor: Processor) -> Support {
    guard let dtype = request.dtype(0), dtype == request.dtype(1), kind(op.function, dtype) != nil else {
      return .unsupported("\(op.function.rawValue) of \(request.dtype(0)?.rawValue ?? "nothing")")
    }
    guard op.activation == .none || dtype == .float32 && ScalarFunction(fused: op.activation)?.isFusable == true else {
      return .unsupported("an activation of \(dtype)")
    }
    return broadcastSupport(request)
  }

  /// The kernel's function; nil if there is none for the type.
  static func kind(_ function: Binary.Function, _ dtype: DType) -> ck_binary_kind? {
    switch (function, dtype) {
    case (.and, .bool), (.bitwiseAnd, .int32), (.bitwiseAnd, .int64): CK_BINARY_AND
    case (.or, .bool), (.bitwiseOr, .int32), (.bitwiseOr, .int64): CK_BINARY_OR
    case (.xor, .bool), (.bitwiseXor, .int32), (.bitwiseXor, .int64): CK_BINARY_XOR
    case (.power, .int32), (.power, .int64), (.atan2, .int32), (.atan2, .int64): nil
    case (_, .float32), (_, .float64), (_, .int32), (_, .int64): arithmeticKind(function)
    default: nil
    }
  }

  private static func arithmeticKind(_ function: Binary.Function) -> ck_binary_kind? {
    switch function {
    case .add: CK_BINARY_ADD
    case .atan2: CK_BINARY_ATAN2
    case .divide: CK_BINARY_DIV
    case .floorDivide: CK_BINARY_FLOORDIV
    case .maximum: CK_BINARY_MAX
    case .minimum: CK_BINARY_MIN
    case .modulo: CK_BINARY_MOD
    case .multiply: CK_BINARY_MUL
    case .power: CK_BINARY_POW
    case .remainder: CK_BINARY_FMOD
    case .squaredDifference: CK_BINARY_SQUARED_DIFFERENCE
    case .subtract: CK_BINARY_SUB
    case .and, .or, .xor, .bitwiseAnd, .bitwiseOr, .bitwiseXor, .shiftLeft, .shiftRight: nil
    }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    guard let dtype = request.dtype(0), let kind = BinaryKernel.kind(op.function, dtype) else {
      throw RunError(.unsupported, "no kernel for \(op.function.rawValue)")
    }
    let activation = ScalarFunction(fused: op.activation) ?? .identity
    return try binaryLaunch(kind, dtype, activation: activation, request, processor)
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
  let rank = Loop(broadcasting: operands, to: shape).rank
  return rank <= Int(CK_MAX_RANK) ? .supported : .unsupported("broadcasting over \(rank) loops")
}

func binaryLaunch(
  _ kind: ck_binary_kind, _ dtype: DType, activation: ScalarFunction, _ request: KernelRequest, _ processor: Processor
) throws(RunError) -> CPULaunch {
  let shape = try request.resultSizes()
  let (a, b) = (try request.sizes(0), try request.sizes(1))
  let loop = Loop(broadcasting: [a, b], to: shape)
  let isa = processor.isa
  let f = activation.activation
  let inPlace = [a, b].indices.filter { [a, b][$0] == shape }
  return CPULaunch("binary", inPlace: inPlace) { arguments throws(RunError) in
    let (x, y, z) = (try arguments.rawInput(0), try arguments.rawInput(1), try arguments.rawResult(0))
    let threads = arguments.threadCount
    switch dtype {
    case .float32:
      ck_f32_binary(
        isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Float.self), loop.strides[0],
        y.assumingMemoryBound(to: Float.self), loop.strides[1], z.assumingMemoryBound(to: Float.self), f, threads)
    case .int32:
      ck_i32_binary(
        isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Int32.self), loop.strides[0],
        y.assumingMemoryBound(to: Int32.self), loop.strides[1], z.assumingMemoryBound(to: Int32.self), threads)
    case .float64:
      ck_f64_binary(
        isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Double.self), loop.strides[0],
        y.assumingMemoryBound(to: Double.self), loop.strides[1], z.assumingMemoryBound(to: Double.self), threads)
    case .int64:
      ck_i64_binary(
        isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: Int64.self), loop.strides[0],
        y.assumingMemoryBound(to: Int64.self), loop.strides[1], z.assumingMemoryBound(to: Int64.self), threads)
    default:
      ck_u8_binary(
        isa, kind, loop.rank, loop.sizes, x.assumingMemoryBound(to: UInt8.self), loop.strides[0],
        y.assumingMemoryBound(to: UInt8.self), loop.strides[1], z.assumingMemoryBound(to: UInt8.self), threads)
    }
  }
}
