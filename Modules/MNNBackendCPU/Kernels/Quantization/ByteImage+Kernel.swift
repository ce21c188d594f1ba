import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class ToByteImageKernel: StatelessKernel<ToByteImage>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ToByteImage, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0)?.isByteInteger ?? false ? .supported : .unsupported("only int8 or uint8")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (plain, image) = (try request.sizes(0), try request.resultSizes())
    let flip: UInt8 = request.dtype(0) == .int8 ? 0x80 : 0
    return CPULaunch("image of bytes") { arguments throws(RunError) in
      ck_u8_planes_to_image(
        flip, image[0], plain[1], image[1] * image[2], image[3], try arguments.input(0), try arguments.result(0),
        arguments.threadCount)
    }
  }
}

final class FromByteImageKernel: StatelessKernel<FromByteImage>, CPUKernel, @unchecked Sendable {
  static func support(_ op: FromByteImage, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let image = try request.sizes(0)
    let (flip, channels) = (op.isSigned ? UInt8(0x80) : 0, op.channels)
    return CPULaunch("planes of bytes") { arguments throws(RunError) in
      ck_u8_image_to_planes(
        flip, image[0], channels, image[1] * image[2], image[3], try arguments.input(0), try arguments.result(0),
        arguments.threadCount)
    }
  }
}

final class QuantizeImageKernel: StatelessKernel<QuantizeImage>, CPUKernel, @unchecked Sendable {
  static func support(_ op: QuantizeImage, _ request: KernelRequest, on processor: Processor) -> Support {
    request.dtype(0) == .float32 ? .supported : .unsupported("only float32")
  }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (plain, image) = (try request.sizes(0), try request.resultSizes())
    let isa = processor.isa
    let quantization = ck_quantization(
      scale: op.quantization.scale, zero: Float(op.quantization.zeroPoint), low: Float(op.range.lowerBound),
      high: Float(op.range.upperBound))
    return CPULaunch("quantize") { arguments throws(RunError) in
      ck_f32_quantize_image(
        isa, quantization, image[0], plain[1], image[1] * image[2], image[3], try arguments.input(0), try arguments.result(0),
        arguments.threadCount)
    }
  }
}

final class DequantizeImageKernel: StatelessKernel<DequantizeImage>, CPUKernel, @unchecked Sendable {
  static func support(_ op: DequantizeImage, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let image = try request.sizes(0)
    let (isa, op) = (processor.isa, op)
    return CPULaunch("dequantize") { arguments throws(RunError) in
      ck_f32_dequantize_image(
        isa, op.quantization.scale, Float(op.quantization.zeroPoint), image[0], op.channels, image[1] * image[2], image[3],
        try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}
