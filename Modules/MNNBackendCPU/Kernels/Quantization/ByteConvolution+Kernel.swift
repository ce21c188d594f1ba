import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Convolutions of images of bytes, weights packed once.
final class ByteConvolutionKernel: CPUKernel {
  private let op: ByteConvolution
  private let processor: Processor
  /// Of a depthwise convolution: with bias and scales.
  private let weights: PackedStorage
  private let bias: PackedStorage
  private let scale: PackedStorage
  private let shift: PackedStorage

  static func support(_ op: ByteConvolution, _ request: KernelRequest, on processor: Processor) -> Support {
    guard (1...4).allSatisfy({ request.constant($0) != nil }) else { return .unsupported("weights are not constant") }
    guard let shape = try? op.geometry(request.operands) else { return .unsupported("only images, no negative padding") }
    guard op.isDepthwise else { return .supported }
    guard case .bytes = op.result, shape.groups == shape.ic, shape.oc == shape.ic else {
      return .unsupported("groups that are not channels")
    }
    return .supported
  }

  /// The weights have as many columns as a pixel of the result.
  static func form(_ op: ByteConvolution, _ request: KernelRequest, on processor: Processor) -> [Int] {
    op.isDepthwise ? [] : (try? request.resultSizes()).flatMap { $0.count > 3 ? [$0[3]] : nil } ?? []
  }

  init(
    _ op: ByteConvolution, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings
  ) throws(RunError) {
    guard let weight = request.constant(1), let bias = request.constant(2), let scale = request.constant(3),
      let shift = request.constant(4)
    else {
      throw RunError(.unsupported, "weights are not constant")
    }
    self.op = op
    self.processor = processor
    let shape = try ByteConvolutionKernel.geometry(op, request)
    let padding = Int(CK_SUM_PADDING)
    let padded = (shape.oc + padding - 1) / padding * padding
    let (values, addends) = try asRunError { () throws(GraphError) in
      (try weight.scalars(as: Int8.self), try bias.scalars(as: Int32.self))
    }
    let (scales, shifts) = try asRunError { () throws(GraphError) in
      (try scale.scalars(as: Float.self), try shift.scalars(as: Float.self))
    }
    let perChannel = values.count / max(shape.oc, 1)
    // What the zero point adds to each sum is taken off.
    let biases = (0..<shape.oc).map { channel in
      let sum = values[channel * perChannel..<(channel + 1) * perChannel].reduce(0) { $0 &+ Int32($1) }
      return addends[channel] &- Int32(truncatingIfNeeded: op.zeroPoint) &* sum
    }
    self.bias = try PackedStorage(biases, paddedTo: padded)
    self.scale = try PackedStorage(scales, paddedTo: padded)
    self.shift = try PackedStorage(shifts, paddedTo: padded)
    if op.isDepthwise {
      let numbers = biases.map { Int($0) } + (scales + shifts).map { Int($0.bitPattern) }
      weights = try PackedStorage.packing(
        weight, as: "bytes depthwise", [Int(processor.isa)] + numbers,
        byteCount: ck_u8s8_depthwise_packed_bytes(processor.isa, shape.oc, shape.kh, shape.kw)
      ) { packed in
        ck_u8s8_depthwise_pack(processor.isa, shape.oc, shape.kh, shape.kw, values, biases, scales, shifts, packed)
      }
    } else {
      // An image's pixels end with columns of zeros.
      let columns = max(shape.oc, try request.resultSizes()[3])
      let (config, taps) = (processor.byteGEMM, shape.kh * shape.kw)
      let byteCount = ck_u8s8_gemm_packed_bytes(config, taps, shape.ic, columns)
      weights = try PackedStorage.packing(
        weight, as: "bytes \(processor.byteGEMMName)", [shape.ic, shape.oc, columns, taps], byteCount: byteCount
      ) { packed in
        UnsafeMutableRawPointer(packed).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        ck_u8s8_gemm_pack(config, taps, shape.ic, shape.oc, values, 1, taps, shape.ic * taps, packed)
      }
    }
  }

  private static func geometry(_ op: ByteConvolution, _ request: KernelRequest) throws(RunError) -> ck_conv2d_shape {
    try asRunError { () throws(GraphError) in try op.geometry(request.operands) }
  }

  var packedInputs: [Int] { [1, 2, 3, 4] }
  var packedByteCount: Int { weights.byteCount + bias.byteCount + scale.byteCount + shift.byteCount }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let shape = try ByteConvolutionKernel.geometry(op, request)
    let (image, result) = (try request.sizes(0), try request.resultSizes())
    return op.isDepthwise ? depthwise(shape, image, settings) : general(shape, image, result, settings)
  }

  private func general(_ shape: ck_conv2d_shape, _ image: [Int], _ result: [Int], _ settings: ExecutionSettings) -> any Launch {
    let (processor, weights, bias, scale, shift) = (processor, weights, bias, scale, shift)
    var draft = ck_u8s8_conv2d_args()
    (draft.batch, draft.h, draft.w, draft.oh, draft.ow) = (shape.batch, shape.h, shape.w, shape.oh, shape.ow)
    (draft.kh, draft.kw, draft.stride_h, draft.stride_w) = (shape.kh, shape.kw, shape.stride_h, shape.stride_w)
    (draft.dilation_h, draft.dilation_w) = (shape.dilation_h, shape.dilation_w)
    (draft.pad_top, draft.pad_left) = (shape.pad_top, shape.pad_left)
    (draft.channels, draft.pixel, draft.columns) = (shape.ic, image[3], result[3])
    draft.padding = UInt8(truncatingIfNeeded: op.zeroPoint)
    switch op.result {
    case .bytes(let zeroPoint, let range):
      draft.epilogue.result = CK_SUM_U8
      draft.epilogue.zero = Int32(zeroPoint)
      draft.epilogue.low = Int32(range.lowerBound)
      draft.epilogue.high = Int32(range.upperBound)
    case .floats(let least, let most):
      draft.epilogue.result = CK_SUM_F32
      draft.epilogue.least = least
      draft.epilogue.most = most
    }
    draft.o_pixel = result[3] * ck_sum_result_bytes(draft.epilogue.result)
    let arguments = UncheckedBox(draft)
    let scratch = ck_u8s8_conv2d_scratch_bytes(processor.byteGEMM, &draft, Int32(settings.threads))
    var result = CPULaunch(
      processor.byteGEMMName, scratch: scratch, operations: shape.operations
    ) { launch throws(RunError) in
      var call = arguments.value
      call.input = try launch.input(0)
      call.weights = UnsafePointer(weights.bytes)
      call.out = try launch.rawResult(0)
      call.epilogue.bias = UnsafePointer(bias.integers)
      call.epilogue.scale = UnsafePointer(scale.floats)
      call.epilogue.shift = UnsafePointer(shift.floats)
      ck_u8s8_conv2d(processor.byteGEMM, &call, launch.scratchAddress, launch.threadCount)
    }
    result.arithmetic = "bytes by 8 bits"
    return result
  }

  private func depthwise(_ shape: ck_conv2d_shape, _ image: [Int], _ settings: ExecutionSettings) -> any Launch {
    let (isa, weights) = (processor.isa, weights)
    var draft = ck_u8s8_depthwise_args()
    (draft.batch, draft.h, draft.w, draft.oh, draft.ow) = (shape.batch, shape.h, shape.w, shape.oh, shape.ow)
    (draft.kh, draft.kw, draft.stride_h, draft.stride_w) = (shape.kh, shape.kw, shape.stride_h, shape.stride_w)
    (draft.dilation_h, draft.dilation_w) = (shape.dilation_h, shape.dilation_w)
    (draft.pad_top, draft.pad_left) = (shape.pad_top, shape.pad_left)
    draft.channels = image[3]
    draft.padding = UInt8(truncatingIfNeeded: op.zeroPoint)
    if case .bytes(let zeroPoint, let range) = op.result {
      (draft.zero, draft.low, draft.high) = (Int32(zeroPoint), Int32(range.lowerBound), Int32(range.upperBound))
    }
    let arguments = UncheckedBox(draft)
    let scratch = ck_u8s8_depthwise_scratch_bytes(&draft, Int32(settings.threads))
    var result = CPULaunch("depthwise of bytes", scratch: scratch, operations: shape.operations) { launch throws(RunError) in
      var call = arguments.value
      call.input = try launch.input(0)
      call.weights = UnsafeRawPointer(weights.bytes)
      call.out = try launch.result(0)
      ck_u8s8_depthwise(isa, &call, launch.scratchAddress, launch.threadCount)
    }
    result.arithmetic = "bytes by 8 bits"
    return result
  }
}
