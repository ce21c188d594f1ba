import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

final class ByteAddKernel: StatelessKernel<ByteAdd>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ByteAdd, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let (isa, count) = (processor.isa, elementCount(try request.sizes(0)))
    let sum = ck_byte_sum(
      a: ck_byte_operand(scale: op.steps(op.a), zero: Float(op.a.zeroPoint)),
      b: ck_byte_operand(scale: op.steps(op.b), zero: Float(op.b.zeroPoint)),
      zero: Float(op.result.zeroPoint), low: Float(op.range.lowerBound), high: Float(op.range.upperBound))
    return CPULaunch("add bytes", inPlace: [0, 1]) { arguments throws(RunError) in
      var sum = sum
      ck_u8_add(
        isa, &sum, count, try arguments.input(0), try arguments.input(1), try arguments.result(0), arguments.threadCount)
    }
  }
}

final class ByteMeanKernel: StatelessKernel<ByteMean>, CPUKernel, @unchecked Sendable {
  static func support(_ op: ByteMean, _ request: KernelRequest, on processor: Processor) -> Support { .supported }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let image = try request.sizes(0)
    let (isa, area) = (processor.isa, image[1] * image[2])
    let mean = ck_byte_mean(
      x_zero: Int32(op.x.zeroPoint), scale: op.scale(area: area), zero: Float(op.result.zeroPoint),
      low: Float(op.range.lowerBound), high: Float(op.range.upperBound))
    return CPULaunch("mean of bytes") { arguments throws(RunError) in
      var mean = mean
      ck_u8_mean(
        isa, &mean, image[0], area, image[3], try arguments.input(0), try arguments.result(0), arguments.threadCount)
    }
  }
}
