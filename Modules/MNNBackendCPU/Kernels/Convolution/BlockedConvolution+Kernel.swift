import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Convolutions with blocked results, weights packed once.
final class BlockedConvolutionKernel: CPUKernel {
  private let op: BlockedConvolution
  private let processor: Processor
  private let weights: PackedStorage
  /// The same in few bits or as bfloat16, instead.
  private let narrow: NarrowWeights?
  /// What the weights are packed for.
  private let algorithm: ck_conv2d_algorithm
  /// A depthwise convolution's bias, filled up to whole blocks.
  private let paddedBias: PackedStorage?

  static func support(_ op: BlockedConvolution, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.constant(1) != nil else { return .unsupported("weights are not constant") }
    guard var shape = try? op.geometry(request.operands) else { return .unsupported("only images, no negative padding") }
    if request.has(BlockedConvolution.factors), op.isDepthwise || op.readsPlain || !shape.isPointwise {
      return .unsupported("factors of a window")
    }
    if op.quantization != nil { return request.constant(5) == nil ? .unsupported("scales are not constant") : .supported }
    if op.isDepthwise { return request.has(3) ? .unsupported("a depthwise residual") : .supported }
    let algorithm = algorithm(op, shape, processor)
    return ck_f32_conv2d_supports(processor.gemm, &shape, algorithm) != 0 ? .supported : .unsupported("sizes of the window")
  }

  static func form(_ op: BlockedConvolution, _ request: KernelRequest, on processor: Processor) -> [Int] {
    guard !op.isDepthwise, op.quantization == nil, let shape = try? op.geometry(request.operands) else { return [] }
    return [Int(algorithm(op, shape, processor).rawValue), shape.isPointwise ? 1 : 0]
  }

  private static func algorithm(
    _ op: BlockedConvolution, _ shape: ck_conv2d_shape, _ processor: Processor
  ) -> ck_conv2d_algorithm {
    var shape = shape
    return op.readsPlain ? CK_CONV2D_PLANAR : ck_f32_conv2d_choose(processor.gemm, &shape).algorithm
  }

  init(
    _ op: BlockedConvolution, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings
  ) throws(RunError) {
    self.op = op
    self.processor = processor
    guard let weight = request.constant(1) else { throw RunError(.unsupported, "weights are not constant") }
    var shape = try BlockedConvolutionKernel.geometry(op, request)
    let threads = Int32(settings.threads)
    // Winograd's transformations cost digits.
    let isExact = settings.precision == .high && !op.readsPlain
    algorithm = isExact ? CK_CONV2D_BLOCKED : BlockedConvolutionKernel.algorithm(op, shape, processor)
    narrow = try BlockedConvolutionKernel.narrow(weight, shape, op, request, processor, settings)
    if let narrow {
      weights = narrow.storage
      paddedBias = nil
    } else if op.isDepthwise {
      let padded = (shape.oc + op.block - 1) / op.block * op.block
      weights = try PackedStorage.packing(
        weight, as: "depthwise", [op.block], byteCount: padded * shape.kh * shape.kw * MemoryLayout<Float>.stride
      ) { packed in
        weight.withFloats { ck_f32_depthwise_pack(shape.oc, shape.kh * shape.kw, op.block, $0, packed) }
      }
      if let bias = request.constant(2) {
        paddedBias = try PackedStorage(asRunError { () throws(GraphError) in try bias.scalars(as: Float.self) }, paddedTo: padded)
      } else {
        paddedBias = nil
      }
    } else {
      let algorithm = algorithm
      weights = try PackedStorage.packing(
        weight, as: "conv2d \(processor.gemmName)",
        [Int(algorithm.rawValue), shape.ic, shape.oc, shape.groups, shape.kh, shape.kw],
        byteCount: ck_f32_conv2d_packed_bytes(processor.gemm, &shape, algorithm)
      ) { packed in
        weight.withFloats { ck_f32_conv2d_pack(processor.gemm, &shape, algorithm, $0, packed, threads) }
      }
      paddedBias =
        try shape.isPointwise
        ? request.constant(2).map { bias throws(RunError) in
          let padded = (shape.oc + op.block - 1) / op.block * op.block
          return try PackedStorage(asRunError { () throws(GraphError) in try bias.scalars(as: Float.self) }, paddedTo: padded)
        } : nil
    }
  }

  /// The weights as they stay in few bits, or as `precision: low` wants them; nil for floats.
  private static func narrow(
    _ weight: Tensor, _ shape: ck_conv2d_shape, _ op: BlockedConvolution, _ request: KernelRequest, _ processor: Processor,
    _ settings: ExecutionSettings
  ) throws(RunError) -> NarrowWeights? {
    let taps = shape.kh &* shape.kw
    let strides = NarrowWeights.Strides(tap: 1, k: taps, n: shape.ic &* taps)
    guard let quantization = op.quantization else {
      guard settings.precision.isLow, !op.isDepthwise, !op.readsPlain, shape.groups == 1, !request.has(BlockedConvolution.factors)
      else { return nil }
      return try NarrowWeights(floats: weight, taps: taps, k: shape.ic, n: shape.oc, strides: strides, isa: processor.isa)
    }
    let parameters = (5...7).map { request.constant($0) }
    guard let scales = ColumnScales(quantization, codes: weight.shape, scale: parameters[0]?.shape ?? [], k: 1, n: 0) else {
      throw RunError(.unsupported, "no kernel for such scales")
    }
    return try NarrowWeights(
      codes: weight, parameters: parameters, scales: scales, taps: taps, k: shape.ic, n: shape.oc, strides: strides,
      isa: processor.isa)
  }

  private static func geometry(_ op: BlockedConvolution, _ request: KernelRequest) throws(RunError) -> ck_conv2d_shape {
    try asRunError { () throws(GraphError) in try op.geometry(request.operands) }
  }

  var packedInputs: [Int] { op.quantization != nil ? [1, 5, 6, 7] : op.isDepthwise ? [1, 2] : [1] }
  var packedByteCount: Int { weights.byteCount + (paddedBias?.byteCount ?? 0) }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let shape = try BlockedConvolutionKernel.geometry(op, request)
    if let narrow { return narrowLaunch(shape, narrow, request, settings) }
    if op.isDepthwise { return depthwise(shape, settings) }
    let knowsBias = paddedBias != nil || !request.has(2)
    // Where it was measured to be faster: vectors of eight or sixteen, sums of up to 128 products.
    let isShort =
      algorithm == CK_CONV2D_BLOCKED && processor.block >= 8 && shape.isPointwise && shape.ic <= 128
      && shape.oh &* shape.ow >= 128
    return try isShort && knowsBias && !(request.has(3) && op.addsResidualLast)
      ? pointwise(shape, request, settings) : general(shape, request, settings)
  }

  private func narrowLaunch(
    _ shape: ck_conv2d_shape, _ weights: NarrowWeights, _ request: KernelRequest, _ settings: ExecutionSettings
  ) -> any Launch {
    let block = op.block
    let (area, resultArea) = (shape.h &* shape.w, shape.oh &* shape.ow)
    let (channels, results) = ((shape.ic + block - 1) / block * block, (shape.oc + block - 1) / block * block)
    var draft = ck_narrow_args(shape)
    if shape.isPointwise, area == 1 {
      // Images of one pixel are rows.
      draft = ck_narrow_args(rows: shape.batch, batch: 1)
      (draft.a_row, draft.a_block, draft.o_row, draft.o_block) = (channels, block, results, block)
    } else {
      (draft.a_row, draft.a_block, draft.a_batch) = (block, area &* block, channels &* area)
      (draft.o_row, draft.o_block, draft.o_batch) = (block, resultArea &* block, results &* resultArea)
    }
    draft.c = block
    draft.epilogue.activation = op.activation.epilogue
    draft.epilogue.flags = op.addsResidualLast ? UInt32(CK_EPILOGUE_RESIDUAL_LAST) : 0
    return weights.launch(
      draft, bias: request.has(2), residual: request.has(3), operations: shape.operations, settings: settings)
  }

  /// Sums so short that the general kernel spends much of its time between tiles.
  private func pointwise(_ shape: ck_conv2d_shape, _ request: KernelRequest, _ settings: ExecutionSettings) -> any Launch {
    let (processor, weights, bias) = (processor, weights, paddedBias)
    var draft = ck_f32_pointwise_args()
    draft.n = shape.batch
    draft.pixels = shape.oh &* shape.ow
    draft.input_channels = shape.ic
    draft.output_channels = shape.oc
    draft.activation = op.activation.epilogue
    // The size of the scratch depends on whether there are factors.
    if request.has(BlockedConvolution.factors) { draft.factors = UnsafePointer(weights.floats) }
    let arguments = UncheckedBox(draft)
    let scratch = ck_f32_pointwise_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    return CPULaunch("pointwise", scratch: scratch, operations: shape.operations) { launch throws(RunError) in
      var call = arguments.value
      call.input = try launch.input(0)
      call.weights = UnsafePointer(weights.floats)
      call.bias = bias.map { UnsafePointer($0.floats) }
      call.residual = launch.optionalInput(3)
      call.factors = launch.optionalInput(BlockedConvolution.factors)
      call.output = try launch.result(0)
      ck_f32_pointwise(processor.gemm, &call, launch.scratchAddress, launch.threadCount)
    }
  }

  private func general(
    _ shape: ck_conv2d_shape, _ request: KernelRequest, _ settings: ExecutionSettings
  ) throws(RunError) -> any Launch {
    let (processor, weights) = (processor, weights)
    var draft = ck_f32_conv2d_args()
    draft.shape = shape
    draft.algorithm = algorithm
    draft.epilogue.activation = op.activation.epilogue
    draft.epilogue.flags = op.addsResidualLast ? UInt32(CK_EPILOGUE_RESIDUAL_LAST) : 0
    // The size of the scratch depends on whether there are factors.
    if request.has(BlockedConvolution.factors) { draft.factors = UnsafePointer(weights.floats) }
    let arguments = UncheckedBox(draft)
    let scratch = ck_f32_conv2d_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    return CPULaunch(
      "\(algorithm.word) \(processor.gemmName)", scratch: scratch,
      inPlace: request.has(3) ? [3] : [], operations: shape.operations
    ) { launch throws(RunError) in
      var call = arguments.value
      call.input = try launch.input(0)
      call.weights = UnsafePointer(weights.floats)
      call.output = try launch.result(0)
      call.epilogue.bias = launch.optionalInput(2)
      call.epilogue.residual = launch.optionalInput(3)
      call.factors = launch.optionalInput(BlockedConvolution.factors)
      ck_f32_conv2d(processor.gemm, &call, launch.scratchAddress, launch.threadCount)
    }
  }

  private func depthwise(_ shape: ck_conv2d_shape, _ settings: ExecutionSettings) -> any Launch {
    let (processor, weights, bias) = (processor, weights, paddedBias)
    let sizes = UncheckedBox(ck_depthwise_shape(shape, block: op.block))
    let activation = op.activation.epilogue
    return CPULaunch("depthwise", operations: shape.operations) { arguments throws(RunError) in
      var sizes = sizes.value
      ck_f32_depthwise(
        processor.isa, &sizes, try arguments.input(0), weights.floats, bias?.floats, try arguments.result(0), activation,
        arguments.threadCount)
    }
  }
}

extension ck_conv2d_algorithm {
  /// For profiles.
  fileprivate var word: String {
    switch self {
    case CK_CONV2D_PLANAR: "first layer"
    case CK_CONV2D_WINOGRAD_2: "winograd 2x2"
    case CK_CONV2D_WINOGRAD_4: "winograd 4x4"
    case CK_CONV2D_GROUPED: "groups"
    default: "implicit gemm"
    }
  }
}

extension ck_conv2d_shape {
  /// True if every result comes from the pixel at its place.
  var isPointwise: Bool {
    kh == 1 && kw == 1 && stride_h == 1 && stride_w == 1 && pad_top == 0 && pad_left == 0 && groups == 1 && oh == h && ow == w
  }
}

extension ck_depthwise_shape {
  init(_ shape: ck_conv2d_shape, block: Int) {
    self.init(
      n: shape.batch, channels: shape.oc, c: block, in_h: shape.h, in_w: shape.w, out_h: shape.oh, out_w: shape.ow,
      kernel_h: shape.kh, kernel_w: shape.kw, stride_h: shape.stride_h, stride_w: shape.stride_w,
      dilation_h: shape.dilation_h, dilation_w: shape.dilation_w, pad_top: shape.pad_top, pad_left: shape.pad_left)
  }
}

extension Tensor {
  /// The elements of a float32 tensor.
  func withFloats(_ body: (UnsafePointer<Float>) -> Void) {
    withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { body(base.assumingMemoryBound(to: Float.self)) }
    }
  }
}
