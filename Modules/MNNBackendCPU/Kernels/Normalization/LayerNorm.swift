import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class LayerNormKernel: StatelessKernel<LayerNorm>, CPUKernel, @unchecked Sendable {
  static func support(_ op: LayerNorm, _ request: KernelRequest, on processor: Processor) -> Support {
    if op.givesStatistics { return .unsupported("statistics") }
    return normalizationSupport(axis: op.axis, parameters: 1...2, request)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (rows, count) = try normalizationRows(axis: op.axis, request)
    let (isa, epsilon) = (processor.isa, op.epsilon)
    return CPULaunch("layer norm", inPlace: [0]) { arguments throws(RunError) in
      ck_f32_layer_norm(
        isa, rows, count, epsilon, try arguments.input(0), nil, arguments.optionalInput(1), arguments.optionalInput(2),
        try arguments.result(0), nil, arguments.threadCount)
    }
  }
}

final class RMSNormKernel: StatelessKernel<RMSNorm>, CPUKernel, @unchecked Sendable {
  static func support(_ op: RMSNorm, _ request: KernelRequest, on processor: Processor) -> Support {
    normalizationSupport(axis: op.axis, parameters: 1...1, request)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (rows, count) = try normalizationRows(axis: op.axis, request)
    let (isa, epsilon) = (processor.isa, op.epsilon)
    return CPULaunch("rms norm", inPlace: [0]) { arguments throws(RunError) in
      ck_f32_rms_norm(
        isa, rows, count, epsilon, try arguments.input(0), nil, arguments.optionalInput(1), try arguments.result(0), nil,
        arguments.threadCount)
    }
  }
}

/// `LayerNorm(x + residual)`; the sum is result 1.
final class ResidualLayerNormKernel: StatelessKernel<ResidualLayerNorm>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ResidualLayerNorm, _ request: KernelRequest, on processor: Processor) -> Support {
    normalizationSupport(axis: op.axis, parameters: 2...3, request)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (rows, count) = try normalizationRows(axis: op.axis, request)
    let (isa, epsilon, givesSum) = (processor.isa, op.epsilon, op.givesSum)
    return CPULaunch("layer norm with residual", inPlace: [0, 1]) { arguments throws(RunError) in
      let sum: UnsafeMutablePointer<Float>? = try givesSum ? arguments.result(1) : nil
      ck_f32_layer_norm(
        isa, rows, count, epsilon, try arguments.input(0), try arguments.input(1), arguments.optionalInput(2),
        arguments.optionalInput(3), try arguments.result(0), sum, arguments.threadCount)
    }
  }
}

/// Normalization of groups of channels of plain images.
final class GroupNormKernel: StatelessKernel<GroupNorm>, CPUKernel, @unchecked Sendable {
  static func support(_ op: GroupNorm, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let sizes = try request.sizes(0)
    let (isa, epsilon, n, channels) = (processor.isa, op.epsilon, sizes[0], sizes[1])
    let groups = op.groups ?? channels
    let area = elementCount(Array(sizes.dropFirst(2)))
    return CPULaunch("group norm", inPlace: [0]) { arguments throws(RunError) in
      ck_f32_group_norm(
        isa, n, channels, groups, area, epsilon, try arguments.input(0), arguments.optionalInput(1),
        arguments.optionalInput(2), try arguments.result(0), arguments.threadCount)
    }
  }
}

private func normalizationRows(axis: Int, _ request: KernelRequest) throws(RunError) -> (rows: Int, count: Int) {
  let sizes = try request.sizes(0)
  let first = axis < 0 ? axis + sizes.count : axis
  return (elementCount(Array(sizes[..<first])), elementCount(Array(sizes[first...])))
}

private func normalizationSupport(axis: Int, parameters: ClosedRange<Int>, _ request: KernelRequest) -> Support {
  guard request.dtype(0) == .float32, let sizes = try? request.sizes(0) else { return .unsupported("only float32") }
  let normalized = sizes[(axis < 0 ? axis + sizes.count : axis)...].drop { $0 == 1 }
  for i in parameters where request.has(i) {
    guard let own = try? request.sizes(i), own.drop(while: { $0 == 1 }) == normalized else {
      return .unsupported("a scale or shift that is not one number per normalized element")
    }
  }
  return .supported
}
