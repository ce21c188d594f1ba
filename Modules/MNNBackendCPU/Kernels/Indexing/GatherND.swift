import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Slices named by vectors of indices, read and written.
private struct Slices: Sendable {
  /// Vectors, and indices in each.
  let count: Int
  let depth: Int
  let sizes: [Int]
  let strides: [Int]
  let byteCount: Int
  let indices: IndexInput
  let node: String
  let operatorName: String

  init(_ request: KernelRequest, _ processor: Processor) throws(RunError) {
    let (x, shape) = (try request.sizes(0), try request.sizes(1))
    depth = shape.last ?? 0
    count = elementCount(Array(shape.dropLast()))
    sizes = Array(x.prefix(depth))
    let width = request.results[0].dtype.byteCount
    strides = rowMajorStrides(x).prefix(depth).map { $0 * width }
    byteCount = elementCount(Array(x.dropFirst(depth))) * width
    indices = try IndexInput(request, input: 1, isa: processor.isa)
    node = request.nodeName
    operatorName = request.op.name
  }

  var scratchByteCount: Int { indices.scratchByteCount + count * MemoryLayout<Int>.stride }

  /// Calls `body` with the number and the place, in bytes, of every slice.
  func forEach(_ arguments: LaunchArguments, _ body: (Int, Int) -> Void) throws(RunError) {
    guard count > 0, let scratch = arguments.scratchAddress else { return }
    let positions = (scratch + indices.scratchByteCount).assumingMemoryBound(to: Int.self)
    try requireValidIndices(
      ck_index_positions(count, depth, sizes, strides, try indices.elements(arguments), positions), node, operatorName)
    for i in 0..<count { body(i, positions[i]) }
  }
}

final class GatherNDKernel: StatelessKernel<GatherND>, CPUKernel, @unchecked Sendable {
  static func support(_ op: GatherND, _ request: KernelRequest, on processor: Processor) -> Support {
    op.batchAxes == 0 ? IndexInput.support(request, input: 1) : .unsupported("batch axes")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let slices = try Slices(request, processor)
    return CPULaunch("gather slices", scratch: slices.scratchByteCount) { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(0), try arguments.rawResult(0))
      try slices.forEach(arguments) { i, place in
        (y + i * slices.byteCount).copyMemory(from: x + place, byteCount: slices.byteCount)
      }
    }
  }
}

final class ScatterNDKernel: StatelessKernel<ScatterND>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ScatterND, _ request: KernelRequest, on processor: Processor) -> Support {
    op.reduction == .replace ? IndexInput.support(request, input: 1) : .unsupported("\(op.reduction)")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let slices = try Slices(request, processor)
    let total = elementCount(try request.resultSizes()) * request.results[0].dtype.byteCount
    return CPULaunch("scatter slices", scratch: slices.scratchByteCount) { arguments throws(RunError) in
      let (x, y) = (try arguments.rawInput(0), try arguments.rawResult(0))
      y.copyMemory(from: x, byteCount: total)
      let updates = try arguments.rawInput(2)
      try slices.forEach(arguments) { i, place in
        (y + place).copyMemory(from: updates + i * slices.byteCount, byteCount: slices.byteCount)
      }
    }
  }
}
