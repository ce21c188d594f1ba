import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Layer normalization over the channels of a blocked image.
///
/// - Inputs: `x`, blocked; `gamma`, `beta`, optional, one number per channel.
/// - Result: as `x`; plain, with channels last, if ``unblocks``.
struct BlockedLayerNorm: PrimitiveOperator {
  /// Channels and rank of the plain image.
  var channels: Int
  var rank: Int
  var epsilon: Float
  var unblocks = false

  private var unblocking: FromBlocked { FromBlocked(channels: channels, rank: rank, channelsLast: true) }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let plain = try unblocking.resultTypes(for: Operands(operands.type(0)))
    return unblocks ? plain : [try operands.type(0)]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let plain = try unblocking.evaluate(Arguments([x]))
    let y = try LayerNorm(axis: -1, epsilon: epsilon).evaluate(
      Arguments([plain[0], arguments[optional: 1], arguments[optional: 2]]))
    return unblocks ? y : try ToBlocked(block: x.shape[4], channelsLast: true).evaluate(Arguments(y))
  }
}

final class BlockedLayerNormKernel: StatelessKernel<BlockedLayerNorm>, CPUKernel, @unchecked Sendable {
  static func support(_ op: BlockedLayerNorm, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32 else { return .unsupported("only float32") }
    for i in 1...2 where request.has(i) {
      guard let sizes = try? request.sizes(i), elementCount(sizes) == op.channels else {
        return .unsupported("a scale or shift that is not one number per channel")
      }
    }
    return .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let (isa, op, n, area, block) = (processor.isa, op, sizes[0], sizes[2] * sizes[3], sizes[4])
    return CPULaunch("layer norm blocked", inPlace: op.unblocks ? [] : [0]) { arguments throws(RunError) in
      ck_f32_layer_norm_blocked(
        isa, n, op.channels, area, block, op.epsilon, try arguments.input(0), arguments.optionalInput(1),
        arguments.optionalInput(2), op.unblocks ? 1 : 0, try arguments.result(0), arguments.threadCount)
    }
  }
}
