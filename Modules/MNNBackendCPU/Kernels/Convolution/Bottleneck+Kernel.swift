import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// ``Bottleneck`` with all parameters packed once.
final class BottleneckKernel: CPUKernel {
  private let op: Bottleneck
  private let processor: Processor
  /// Packed weights and padded biases, at the indices of the inputs that they come from.
  private let parameters: [Int: PackedStorage]

  static func support(_ op: Bottleneck, _ request: KernelRequest, on processor: Processor) -> Support {
    let areConstant = (1..<Bottleneck.residual).allSatisfy { !request.has($0) || request.constant($0) != nil }
    guard areConstant, op.steps.allSatisfy({ request.has($0.weight) }) else {
      return .unsupported("weights are not constant")
    }
    return (try? geometries(op, request)) == nil ? .unsupported("only images, no negative padding") : .supported
  }

  init(_ op: Bottleneck, _ request: KernelRequest, on processor: Processor, settings: ExecutionSettings) throws(RunError) {
    self.op = op
    self.processor = processor
    var packed: [Int: PackedStorage] = [:]
    for (step, var shape) in zip(op.steps, try BottleneckKernel.geometries(op, request)) {
      guard let weight = request.constant(step.weight) else { throw RunError(.unsupported, "weights are not constant") }
      let block = step.op.block
      let padded = (shape.oc + block - 1) / block * block
      if step.op.isDepthwise {
        packed[step.weight] = try .packing(
          weight, as: "depthwise", [block], byteCount: padded * shape.kh * shape.kw * MemoryLayout<Float>.stride
        ) { packed in
          weight.withFloats { ck_f32_depthwise_pack(shape.oc, shape.kh * shape.kw, block, $0, packed) }
        }
      } else {
        packed[step.weight] = try .packing(
          weight, as: "conv2d \(processor.gemmName)",
          [Int(CK_CONV2D_BLOCKED.rawValue), shape.ic, shape.oc, shape.groups, shape.kh, shape.kw],
          byteCount: ck_f32_conv2d_packed_bytes(processor.gemm, &shape, CK_CONV2D_BLOCKED)
        ) { packed in
          weight.withFloats {
            ck_f32_conv2d_pack(processor.gemm, &shape, CK_CONV2D_BLOCKED, $0, packed, Int32(settings.threads))
          }
        }
      }
      if let bias = request.constant(step.weight + 1) {
        packed[step.weight + 1] = try PackedStorage(
          asRunError { () throws(GraphError) in try bias.scalars(as: Float.self) }, paddedTo: padded)
      }
    }
    parameters = packed
  }

  /// The sizes of the steps.
  private static func geometries(_ op: Bottleneck, _ request: KernelRequest) throws(RunError) -> [ck_conv2d_shape] {
    try asRunError { () throws(GraphError) in
      var shapes: [ck_conv2d_shape] = []
      var x = try request.operands.required(0)
      for (step, weight) in op.steps {
        let operands = Operands([x, request.operands[optional: weight], request.operands[optional: weight + 1]])
        shapes.append(try step.geometry(operands))
        x = Operand(try step.resultTypes(for: operands)[0])
      }
      return shapes
    }
  }

  var packedInputs: [Int] { parameters.keys.sorted() }
  var packedByteCount: Int { parameters.values.reduce(0) { $0 + $1.byteCount } }

  func launch(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    let shapes = try BottleneckKernel.geometries(op, request)
    let middle = op.expansion == nil ? 0 : 1
    var draft = ck_f32_bottleneck_args()
    draft.input_channels = shapes[0].ic
    draft.output_channels = shapes[shapes.count - 1].oc
    draft.depthwise = ck_depthwise_shape(shapes[middle], block: op.depthwise.block)
    draft.expand = op.expansion.flatMap { _ in weights(1) }
    draft.expand_bias = weights(2)
    draft.expand_activation = (op.expansion?.activation ?? .identity).epilogue
    draft.weights = weights(3)
    draft.bias = weights(4)
    draft.activation = op.depthwise.activation.epilogue
    draft.project = op.projection.flatMap { _ in weights(5) }
    draft.project_bias = weights(6)
    draft.project_activation = (op.projection?.activation ?? .identity).epilogue
    // The size of the scratch depends on whether there are means.
    if op.givesMeans { draft.means = parameters[3]?.floats }
    let scratch = ck_f32_bottleneck_scratch_bytes(processor.gemm, &draft, Int32(settings.threads))
    let (template, processor, parameters, givesMeans) = (UncheckedBox(draft), processor, parameters, op.givesMeans)
    return CPULaunch(
      "bottleneck", scratch: scratch, operations: shapes.reduce(0) { $0 &+ $1.operations }
    ) { launch throws(RunError) in
      var call = template.value
      call.input = try launch.input(0)
      call.residual = launch.optionalInput(Bottleneck.residual)
      call.output = try launch.result(0)
      call.means = givesMeans ? try launch.result(1) : nil
      withExtendedLifetime(parameters) {
        ck_f32_bottleneck(processor.gemm, &call, launch.scratchAddress, launch.threadCount)
      }
    }
  }

  private func weights(_ index: Int) -> UnsafePointer<Float>? { parameters[index].map { UnsafePointer($0.floats) } }
}
