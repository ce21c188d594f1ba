import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class GatherElementsKernel: StatelessKernel<GatherElements>, CPUKernel, @unchecked Sendable {
  static func support(_ op: GatherElements, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.elementRows(axis: op.axis) != nil else { return .unsupported("indices shorter than the input") }
    return IndexInput.support(request, input: 1)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    guard let rows = request.elementRows(axis: op.axis) else { throw RunError(.unsupported, "no kernel for such indices") }
    let indices = try IndexInput(request, input: 1, isa: processor.isa)
    let width = request.results[0].dtype.byteCount
    let (name, operatorName) = (request.nodeName, request.op.name)
    return CPULaunch("gather elements", scratch: indices.scratchByteCount) { arguments throws(RunError) in
      try requireValidIndices(
        ck_gather_elements(
          width, rows.outer, rows.n, rows.inner, rows.count, try arguments.rawInput(0), try indices.elements(arguments),
          try arguments.rawResult(0)), name, operatorName)
    }
  }
}

final class ScatterElementsKernel: StatelessKernel<ScatterElements>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ScatterElements, _ request: KernelRequest, on processor: Processor) -> Support {
    guard op.reduction == .replace else { return .unsupported("\(op.reduction)") }
    guard request.elementRows(axis: op.axis) != nil else { return .unsupported("indices shorter than the input") }
    return IndexInput.support(request, input: 1)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    guard let rows = request.elementRows(axis: op.axis) else { throw RunError(.unsupported, "no kernel for such indices") }
    let indices = try IndexInput(request, input: 1, isa: processor.isa)
    let width = request.results[0].dtype.byteCount
    let byteCount = elementCount(try request.resultSizes()) * width
    let (name, operatorName) = (request.nodeName, request.op.name)
    return CPULaunch("scatter elements", scratch: indices.scratchByteCount) { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(0), try arguments.rawResult(0))
      y.copyMemory(from: x, byteCount: byteCount)
      guard indices.count > 0 else { return }
      try requireValidIndices(
        ck_scatter_elements(
          width, rows.outer, rows.n, rows.inner, rows.count, try indices.elements(arguments), try arguments.rawInput(2), y),
        name, operatorName)
    }
  }
}
