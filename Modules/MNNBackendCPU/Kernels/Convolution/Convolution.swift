import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Convolutions that stay in plain layout: odd groups, weights that are not constant.
final class ConvolutionKernel: StatelessKernel<Convolution>, CPUKernel, @unchecked Sendable {
  static func support(_ op: Convolution, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32 else { return .unsupported("only float32") }
    guard op.activation.isFusable else { return .unsupported("\(op.activation)") }
    guard var shape = try? geometry(op, request) else { return .unsupported("only images, no negative padding") }
    return ck_f32_conv2d_supports(processor.gemm, &shape, CK_CONV2D_GENERAL) != 0
      ? .supported : .unsupported("sizes of the window")
  }

  private static func geometry(_ op: Convolution, _ request: KernelRequest) throws(RunError) -> ck_conv2d_shape {
    let (x, weight, result) = (try request.sizes(0), try request.sizes(1), try request.resultSizes())
    return try asRunError { () throws(GraphError) in try ck_conv2d_shape(op, x: x, weight: weight, result: result) }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let processor = processor
    var draft = ck_f32_conv2d_args()
    draft.shape = try ConvolutionKernel.geometry(op, request)
    draft.algorithm = CK_CONV2D_GENERAL
    draft.epilogue.activation = op.activation.epilogue
    let shape = UncheckedBox(draft)
    let scratch = ck_f32_conv2d_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    return CPULaunch("general", scratch: scratch, operations: draft.shape.operations) { arguments throws(RunError) in
      var call = shape.value
      call.input = try arguments.input(0)
      call.weights = try arguments.input(1)
      call.output = try arguments.result(0)
      call.epilogue.bias = arguments.optionalInput(2)
      ck_f32_conv2d(processor.gemm, &call, arguments.scratchAddress, arguments.threadCount)
    }
  }
}
