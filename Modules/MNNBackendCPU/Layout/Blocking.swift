import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// `[N, C, …]` to blocked; `[N, …, C]` if `channelsLast`.
struct ToBlocked: PrimitiveOperator {
  var block: Int
  var channelsLast = false

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    var shape = x.shape
    if channelsLast, shape.rank > 2 { shape.dimensions.insert(shape.dimensions.removeLast(), at: 1) }
    return [TensorType(x.dtype, try BlockedShape.blocked(shape, block: block))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let channels = channelsLast ? x.shape[x.rank - 1] : x.shape[1]
    let source = try x.scalars(as: Float.self)
    let y = try Tensor.zeros(.float32, shape)
    let target = y.unsafeMutable(as: Float.self)
    let (blocks, area) = (shape[1], shape[2] * shape[3])
    for n in 0..<shape[0] {
      for ch in 0..<channels {
        for p in 0..<area {
          let from = channelsLast ? (n * area + p) * channels + ch : (n * channels + ch) * area + p
          target[((n * blocks + ch / block) * area + p) * block + ch % block] = source[from]
        }
      }
    }
    return [y]
  }
}

/// Blocked to `[N, C, …]` of a rank; to `[N, …, C]` if `channelsLast`.
struct FromBlocked: PrimitiveOperator {
  var channels: Int
  var rank: Int
  var channelsLast = false

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    var shape = try BlockedShape.plain(x.shape, channels: channels, rank: rank)
    if channelsLast { shape.dimensions.append(shape.dimensions.remove(at: 1)) }
    return [TensorType(x.dtype, shape)]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let source = try x.scalars(as: Float.self)
    let y = try Tensor.zeros(.float32, shape)
    let target = y.unsafeMutable(as: Float.self)
    let (blocks, area, block) = (x.shape[1], x.shape[2] * x.shape[3], x.shape[4])
    for n in 0..<x.shape[0] {
      for ch in 0..<channels {
        for p in 0..<area {
          let to = channelsLast ? (n * area + p) * channels + ch : (n * channels + ch) * area + p
          target[to] = source[((n * blocks + ch / block) * area + p) * block + ch % block]
        }
      }
    }
    return [y]
  }
}

final class ToBlockedKernel: StatelessKernel<ToBlocked>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ToBlocked, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.resultSizes()
    let plain = try request.sizes(0)
    let channels = op.channelsLast ? plain[plain.count - 1] : plain[1]
    return blockingLaunch(
      "block", n: sizes[0], channels: channels, area: sizes[2] * sizes[3], block: op.block, isa: processor.isa,
      op.channelsLast ? ck_f32_nhwc_to_blocked : ck_f32_nchw_to_blocked)
  }
}

final class FromBlockedKernel: StatelessKernel<FromBlocked>, CPUKernel, @unchecked Sendable {
  static func support(_ op: FromBlocked, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    return blockingLaunch(
      "unblock", n: sizes[0], channels: op.channels, area: sizes[2] * sizes[3], block: sizes[4], isa: processor.isa,
      op.channelsLast ? ck_f32_blocked_to_nhwc : ck_f32_blocked_to_nchw)
  }
}

private typealias BlockingFunction =
  @convention(c) (
    UInt32, Int, Int, Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int32
  ) -> Void

/// A change of layout; a plain copy, or nothing, where both layouts are the same in memory.
private func blockingLaunch(
  _ name: String, n: Int, channels: Int, area: Int, block: Int, isa: UInt32, _ function: @escaping BlockingFunction
) -> CPULaunch {
  if channels % block == 0, area == 1 {
    let bytes = n * channels * MemoryLayout<Float>.stride
    return CPULaunch("alias", inPlace: [0]) { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(0), try arguments.rawResult(0))
      if x != UnsafeRawPointer(y) { y.copyMemory(from: x, byteCount: bytes) }
    }
  }
  return CPULaunch(name) { arguments throws(RunError) in
    function(isa, n, channels, area, block, try arguments.input(0), try arguments.result(0), arguments.threadCount)
  }
}
