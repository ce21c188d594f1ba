import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Float32 to 8-bit integers, one scale for all elements or one per index of an axis.
final class QuantizeKernel: StatelessKernel<QuantizeLinear>, CPUKernel, @unchecked Sendable {
  static func support(_ op: QuantizeLinear, _ request: KernelRequest, on processor: Processor) -> Support {
    guard request.dtype(0) == .float32, request.results[0].dtype.isByteInteger else {
      return .unsupported("only float32 to int8 or uint8")
    }
    return (try? QuantizedRows(op.granularity, op.range, request, quantized: request.results[0].dtype)) == nil
      ? .unsupported("scales that are not constant, or in blocks") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let dtype = request.results[0].dtype
    let rows = try QuantizedRows(op.granularity, op.range, request, quantized: dtype)
    let isa = processor.isa
    return CPULaunch("quantize") { arguments throws(RunError) in
      ck_f32_quantize(
        isa, dtype == .int8 ? 1 : 0, rows.outer, rows.parameters.count, rows.inner, rows.parameters, try arguments.input(0),
        try arguments.rawResult(0), arguments.threadCount)
    }
  }
}

/// 8-bit integers to float32.
final class DequantizeKernel: StatelessKernel<DequantizeLinear>, CPUKernel, @unchecked Sendable {
  static func support(_ op: DequantizeLinear, _ request: KernelRequest, on processor: Processor) -> Support {
    // The backend's rewriting makes a constant of it, or has its consumers read the codes.
    if request.allConstants != nil { return .supported }
    guard let dtype = request.dtype(0), dtype.isByteInteger, request.results[0].dtype == .float32 else {
      return .unsupported("only int8 or uint8 to float32")
    }
    return (try? QuantizedRows(op.granularity, nil, request, quantized: dtype)) == nil
      ? .unsupported("scales that are not constant, or in blocks") : .supported
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    if let constants = request.allConstants { return try constantLaunch(op, constants) }
    let dtype = try request.operandType(0).dtype
    let rows = try QuantizedRows(op.granularity, nil, request, quantized: dtype)
    let isa = processor.isa
    return CPULaunch("dequantize") { arguments throws(RunError) in
      ck_f32_dequantize(
        isa, dtype == .int8 ? 1 : 0, rows.outer, rows.parameters.count, rows.inner, rows.parameters,
        try arguments.rawInput(0), try arguments.result(0), arguments.threadCount)
    }
  }
}

/// What rewriting left of constants, where it is switched off: computed once.
private func constantLaunch(_ op: DequantizeLinear, _ constants: Arguments) throws(RunError) -> CPULaunch {
  let y = try asRunError { () throws(GraphError) in try op.evaluate(constants)[0] }
  return CPULaunch("dequantized constant") { arguments throws(RunError) in
    let target = try arguments.rawResult(0)
    y.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { target.copyMemory(from: source, byteCount: bytes.count) }
    }
  }
}

extension KernelRequest {
  /// The inputs, if all of them are constant.
  fileprivate var allConstants: Arguments? {
    let tensors = (0..<operands.count).map { constant($0) }
    return tensors.indices.allSatisfy { !has($0) || tensors[$0] != nil } ? Arguments(tensors) : nil
  }
}

final class FakeQuantizeKernel: StatelessKernel<FakeQuantize>, CPUKernel, @unchecked Sendable {
  static func support(_ op: FakeQuantize, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (isa, count) = (processor.isa, elementCount(try request.sizes(0)))
    let parameters = ck_quantization(op)
    return CPULaunch("fake quantize", inPlace: [0]) { arguments throws(RunError) in
      ck_f32_fake_quantize(
        isa, parameters, count, try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}

/// A tensor as rows that have one scale each.
private struct QuantizedRows: @unchecked Sendable {
  // Unchecked: numbers in a C struct.
  let outer: Int
  let inner: Int
  let parameters: [ck_quantization]

  /// - Throws: ``RunError`` for what the driver cannot do.
  init(
    _ granularity: QuantizationGranularity, _ range: ClosedRange<Int>?, _ request: KernelRequest, quantized: DType
  ) throws(RunError) {
    let sizes = try request.sizes(0)
    guard let scale = request.constant(1), scale.rank <= 1, request.constant(2) != nil || !request.has(2), !request.has(3),
      scale.count == 1 || granularity.blockSize == 0
    else { throw RunError(.unsupported, "no kernel for such scales") }
    let zeroPoint = request.constant(2)
    let (scales, zeros) = try asRunError { () throws(GraphError) in
      (try scale.scalars(as: Float.self), try zeroPoint?.scalars(as: Float.self) ?? [])
    }
    let axis = granularity.axis < 0 ? granularity.axis + sizes.count : granularity.axis
    if scales.count == 1 {
      (outer, inner) = (1, elementCount(sizes))
    } else {
      guard sizes.indices.contains(axis), sizes[axis] == scales.count, zeroPoint == nil || zeros.count == scales.count else {
        throw RunError(.unsupported, "no kernel for such scales")
      }
      (outer, _, inner) = splitSizes(sizes, at: axis)
    }
    let bounds = range ?? quantized.byteRange
    parameters = scales.indices.map { i in
      ck_quantization(
        scale: scales[i], zero: i < zeros.count ? zeros[i] : 0, low: Float(bounds.lowerBound), high: Float(bounds.upperBound))
    }
  }
}

extension ck_quantization {
  init(_ op: FakeQuantize) {
    self.init(scale: op.scale, zero: Float(op.zeroPoint), low: Float(op.range.lowerBound), high: Float(op.range.upperBound))
  }
}
