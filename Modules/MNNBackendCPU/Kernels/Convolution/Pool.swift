import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Pooling of plain images.
final class PoolKernel: StatelessKernel<Pool>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Pool, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32 else { return .unsupported("only float32") }
    guard op.kernelKind != nil, op.indices == nil else { return .unsupported("\(op.function), indices") }
    guard let x = try? request.sizes(0), let y = try? request.resultSizes(), (try? op.geometry(x, y)) != nil else {
      return .unsupported("only images, no negative padding")
    }
    return .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (x, y) = (try request.sizes(0), try request.resultSizes())
    let op = op
    let shape = UncheckedBox(try asRunError { () throws(GraphError) in try op.geometry(x, y) })
    let kind = op.kernelKind ?? CK_POOL_MAX
    let (isa, planes) = (processor.isa, x[0] * x[1])
    return CPULaunch("pool") { arguments throws(RunError) in
      var shape = shape.value
      ck_f32_pool_plain(isa, kind, &shape, planes, try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}

final class BlockedPoolKernel: StatelessKernel<BlockedPool>, CPUKernel, @unchecked Sendable {
  static func support(_ op: BlockedPool, _ request: KernelRequest, on processor: Processor) -> Support {
    op.pool.kernelKind == nil ? .unsupported("\(op.pool.function)") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (x, y) = (try request.sizes(0), try request.resultSizes())
    let op = op
    let image = op.rank == 4 ? [x[2], x[3]] : [x[3]]
    let positions = op.rank == 4 ? [y[2], y[3]] : [y[3]]
    let shape = UncheckedBox(
      try asRunError { () throws(GraphError) in
        try op.pool.geometry([x[0], op.channels] + image, [y[0], op.channels] + positions)
      })
    let kind = op.pool.kernelKind ?? CK_POOL_MAX
    let (isa, blocks, block) = (processor.isa, x[0] * x[1], x[4])
    return CPULaunch("pool blocked") { arguments throws(RunError) in
      var shape = shape.value
      ck_f32_pool_blocked(
        isa, kind, &shape, blocks, block, try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}

extension Pool {
  /// The kernel's kind; nil if there is none.
  var kernelKind: ck_pool_kind? {
    switch function {
    case .maximum: CK_POOL_MAX
    case .average: countsPadding ? CK_POOL_AVERAGE_WITH_PADDING : CK_POOL_AVERAGE
    case .norm: nil
    }
  }

  /// The sizes for the C driver, from those of the plain tensors `[N, C, (H,) W]`.
  func geometry(_ x: [Int], _ result: [Int]) throws(GraphError) -> ck_pool_shape {
    let window = try window()
    let pads = window.pads(for: Array(x.dropFirst(2)))
    guard x.count == 3 || x.count == 4, (pads.before + pads.after).allSatisfy({ $0 >= 0 }) else {
      throw GraphError(.attributeInvalid, "no kernel for such a pooling", expected: "rank 3 or 4", found: "\(x), \(pads)")
    }
    func pair(_ values: ArraySlice<Int>, filler: Int) -> (Int, Int) {
      values.count == 2 ? (values[values.startIndex], values[values.startIndex + 1]) : (filler, values.first ?? filler)
    }
    var shape = ck_pool_shape()
    (shape.in_h, shape.in_w) = pair(x.dropFirst(2), filler: 1)
    (shape.out_h, shape.out_w) = pair(result.dropFirst(2), filler: 1)
    (shape.kernel_h, shape.kernel_w) = pair(window.kernel[...], filler: 1)
    (shape.stride_h, shape.stride_w) = pair(window.strides[...], filler: 1)
    (shape.dilation_h, shape.dilation_w) = pair(window.dilations[...], filler: 1)
    (shape.pad_top, shape.pad_left) = pair(pads.before[...], filler: 0)
    (shape.pad_bottom, shape.pad_right) = pair(pads.after[...], filler: 0)
    return shape
  }
}
