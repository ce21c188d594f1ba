import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class BlockedGlobalPoolKernel: StatelessKernel<BlockedGlobalPool>, CPUKernel, @unchecked Sendable {
  static func support(_ op: BlockedGlobalPool, _ request: KernelRequest, on processor: Processor) -> Support {
    op.function.globalPoolKind == nil ? .unsupported("\(op.function)") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let x = try request.sizes(0)
    let kind = op.function.globalPoolKind ?? CK_REDUCE_MEAN
    let (isa, blocks, area, block) = (processor.isa, x[0] * x[1], x[2] * x[3], x[4])
    return CPULaunch("global pool blocked") { arguments throws(RunError) in
      ck_f32_global_pool_blocked(
        isa, kind, blocks, area, block, try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}

extension Reduce.Function {
  /// The kernel's kind over all pixels; nil if there is none.
  var globalPoolKind: ck_reduce_kind? {
    switch self {
    case .mean: CK_REDUCE_MEAN
    case .sum: CK_REDUCE_SUM
    case .maximum: CK_REDUCE_MAX
    default: nil
    }
  }
}

final class BlockedConcatKernel: StatelessKernel<BlockedConcat>, CPUKernel, @unchecked Sendable {
  static func support(_ op: BlockedConcat, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.resultSizes()
    let (isa, n, area, block) = (processor.isa, sizes[0], sizes[2] * sizes[3], sizes[4])
    let channels = op.channels
    let total = channels.reduce(0, +)
    var placed: [PlacedInput] = []
    var start = 0
    for (i, count) in channels.enumerated() {
      // Only whole blocks of a single image lie in the result as they lie in the input.
      if n == 1, start % block == 0 {
        placed.append(PlacedInput(input: i, byteOffset: start &* area &* MemoryLayout<Float>.stride))
      }
      start += count
    }
    return CPULaunch("concat blocked", placed: placed) { arguments throws(RunError) in
      let y: UnsafeMutablePointer<Float> = try arguments.result(0)
      var position = 0
      for (i, count) in channels.enumerated() {
        let x: UnsafePointer<Float> = try arguments.input(i)
        if x != UnsafePointer(y + position * area) {
          ck_f32_blocked_copy_channels(isa, n, area, block, count, x, count, 0, y, total, position, arguments.threadCount)
        }
        position += count
      }
    }
  }
}

final class BlockedGatherKernel: StatelessKernel<BlockedGather>, CPUKernel, @unchecked Sendable {
  static func support(_ op: BlockedGather, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.resultSizes()
    let (isa, n, area, block) = (processor.isa, sizes[0], sizes[2] * sizes[3], sizes[4])
    let channels = op.channels
    let sources = op.sources.map { ck_channel_source(tensor: Int32($0.tensor), channel: Int32($0.channel)) }
    return CPULaunch("gather blocked") { arguments throws(RunError) in
      let y: UnsafeMutablePointer<Float> = try arguments.result(0)
      for i in channels.indices { _ = try arguments.rawInput(i) }
      withUnsafeTemporaryAllocation(of: ck_blocked_source.self, capacity: channels.count) { tensors in
        for (i, count) in channels.enumerated() {
          tensors.initializeElement(at: i, to: ck_blocked_source(x: arguments.optionalInput(i), channels: count))
        }
        ck_f32_blocked_gather(isa, n, area, block, tensors.baseAddress, sources.count, sources, y, arguments.threadCount)
      }
    }
  }
}
