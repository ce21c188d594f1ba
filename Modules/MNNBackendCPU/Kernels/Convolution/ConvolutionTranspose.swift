import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Transposed convolutions between blocked tensors, weights packed once.
final class BlockedConvolutionTransposeKernel: CPUKernel {
  private let op: BlockedConvolutionTranspose
  private let processor: Processor
  private let weights: PackedStorage

  static func support(_ op: BlockedConvolutionTranspose, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.constant(1) != nil else { return .unsupported("weights are not constant") }
    guard var shape = try? op.geometry(request.operands) else { return .unsupported("only images, no negative padding") }
    return ck_f32_conv2d_supports(processor.gemm, &shape, CK_CONV2D_TRANSPOSED) != 0
      ? .supported : .unsupported("sizes of the groups")
  }

  init(
    _ op: BlockedConvolutionTranspose, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings
  ) throws(RunError) {
    self.op = op
    self.processor = processor
    guard let weight = request.constant(1) else { throw RunError(.unsupported, "weights are not constant") }
    var shape = try asRunError { () throws(GraphError) in try op.geometry(request.operands) }
    let threads = Int32(settings.threads)
    weights = try PackedStorage.packing(
      weight, as: "conv2d transposed \(processor.gemmName)", [shape.ic, shape.oc, shape.groups, shape.kh, shape.kw],
      byteCount: ck_f32_conv2d_packed_bytes(processor.gemm, &shape, CK_CONV2D_TRANSPOSED)
    ) { packed in
      weight.withFloats { ck_f32_conv2d_pack(processor.gemm, &shape, CK_CONV2D_TRANSPOSED, $0, packed, threads) }
    }
  }

  var packedInputs: [Int] { [1] }
  var packedByteCount: Int { weights.byteCount }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (processor, weights, op) = (processor, weights, op)
    var draft = ck_f32_conv2d_args()
    draft.shape = try asRunError { () throws(GraphError) in try op.geometry(request.operands) }
    draft.algorithm = CK_CONV2D_TRANSPOSED
    draft.epilogue.activation = op.activation.epilogue
    let arguments = UncheckedBox(draft)
    let scratch = ck_f32_conv2d_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    return CPULaunch(
      "transposed \(processor.gemmName)", scratch: scratch, operations: draft.shape.transposedOperations
    ) { launch throws(RunError) in
      var call = arguments.value
      call.input = try launch.input(0)
      call.weights = UnsafePointer(weights.floats)
      call.output = try launch.result(0)
      call.epilogue.bias = launch.optionalInput(2)
      ck_f32_conv2d(processor.gemm, &call, launch.scratchAddress, launch.threadCount)
    }
  }
}

/// Transposed convolutions that stay in plain layout: odd groups, weights that are not constant.
final class ConvolutionTransposeKernel: StatelessKernel<ConvolutionTranspose>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ConvolutionTranspose, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32 else { return .unsupported("only float32") }
    guard op.activation.isFusable else { return .unsupported("\(op.activation)") }
    guard let shape = try? geometry(op, request), shape.groups > 0 else {
      return .unsupported("only images, no negative padding")
    }
    return .supported
  }

  private static func geometry(_ op: ConvolutionTranspose, _ request: KernelRequest) throws(RunError) -> ck_conv2d_shape {
    let (x, weight, result) = (try request.sizes(0), try request.sizes(1), try request.resultSizes())
    var op = op
    if request.has(3) { op.outputShape = Array(result.dropFirst(2)) }
    return try asRunError { () throws(GraphError) in try ck_conv2d_shape(op, x: x, weight: weight, result: result) }
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let processor = processor
    var draft = ck_f32_conv2d_args()
    draft.shape = try ConvolutionTransposeKernel.geometry(op, request)
    draft.algorithm = CK_CONV2D_GENERAL_TRANSPOSED
    draft.epilogue.activation = op.activation.epilogue
    let shape = UncheckedBox(draft)
    let scratch = ck_f32_conv2d_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    return CPULaunch(
      "general transposed", scratch: scratch, operations: draft.shape.transposedOperations
    ) { arguments throws(RunError) in
      var call = shape.value
      call.input = try arguments.input(0)
      call.weights = try arguments.input(1)
      call.output = try arguments.result(0)
      call.epilogue.bias = arguments.optionalInput(2)
      ck_f32_conv2d(processor.gemm, &call, arguments.scratchAddress, arguments.threadCount)
    }
  }
}
