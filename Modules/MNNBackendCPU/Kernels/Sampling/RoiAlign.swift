import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Means of regions of plain images.
final class RoiAlignKernel: StatelessKernel<RoiAlign>, CPUKernel, @unchecked Sendable {
  static func support(_ op: RoiAlign, _ request: KernelRequest, on processor: Processor) -> Support {
    guard op.function == .average, request.dtype(0) == .float32, request.dtype(1) == .float32 else {
      return .unsupported("only means, float32")
    }
    guard let x = try? request.sizes(0), x.count == 4, x[2] > 0, x[3] > 0, max(x[2], x[3]) < Int(Int32.max) else {
      return .unsupported("empty images")
    }
    // Channels are filled up to a vector.
    guard x[1] >= 8 || [x[0], x[2], x[3]].saturatingProduct <= 1 << 20 else {
      return .unsupported("large images of few channels")
    }
    return IndexInput.support(request, input: 2)
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (x, result) = (try request.sizes(0), try request.resultSizes())
    let isa = processor.isa
    var shape = ck_roi_align_shape(
      n: x[0], channels: x[1], h: x[2], w: x[3], regions: result[0], out_h: op.height, out_w: op.width,
      samples: op.samplesPerAxis, scale: Double(op.scale), is_aligned: op.isAligned ? 1 : 0)
    let batch = try IndexInput(request, input: 2, isa: isa)
    let scratch = batch.scratchByteCount + ck_f32_roi_align_scratch(&shape, Int32(settings.threads))
    let sizes = UncheckedBox(shape)
    let (node, operatorName) = (request.nodeName, request.op.name)
    return CPULaunch("regions", scratch: scratch) { arguments throws(RunError) in
      var sizes = sizes.value
      let images = try batch.elements(arguments)
      let outcome = ck_f32_roi_align(
        isa, &sizes, try arguments.input(0), try arguments.input(1), images, try arguments.result(0),
        arguments.scratchAddress.map { $0 + batch.scratchByteCount }, arguments.threadCount)
      try requireValidIndices(outcome == CK_ROI_BAD_IMAGE ? 0 : 1, node, operatorName)
      guard outcome != CK_ROI_TOO_LARGE else {
        throw RunError(
          GraphError(.sizeOverflow, "a region of interest is too large, or not finite").at(node: node, operator: operatorName))
      }
    }
  }
}
