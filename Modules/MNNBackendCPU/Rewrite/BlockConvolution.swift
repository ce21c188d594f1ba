import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Puts convolutions into blocked layout where a kernel can:
///
///     Convolution(x) -> FromBlocked(BlockedConvolution(ToBlocked(x)))
func blockConvolution(_ processor: Processor) -> Rule {
  Rule("cpu-block-convolution", on: Convolution.self) { op, node, graph throws(GraphError) in
    guard let input = node.inputs[0], let x = graph[input].type, let weight = graph.constant(node.inputs[1]),
      let result = graph[node.results[0]].type, x.dtype == .float32, let sizes = x.shape.sizes,
      let resultSizes = result.shape.sizes, !resultSizes.contains(0), !sizes.contains(0),
      BlockedShape.canBlock(rank: sizes.count), sizes.count > 2,
      op.activation.isFusable,
      let shape = try? ck_conv2d_shape(op, x: sizes, weight: weight.shape, result: resultSizes)
    else { return nil }
    var plain = op
    plain.activation = .identity
    var blocked = BlockedConvolution(
      convolution: plain, channels: sizes[1], rank: sizes.count, block: processor.block, activation: op.activation)
    let choice = ConvolutionChoice(
      shape, processor, inputIsBlocked: graph.producer(of: input, as: FromBlocked.self) != nil)
    switch choice.algorithm {
    case .depthwise:
      guard node.inputs.count < 3 || node.inputs[2] == nil || graph.constant(node.inputs[2]) != nil else { return nil }
      blocked.isDepthwise = true
    case .firstLayer: blocked.readsPlain = true
    case .blocked: break
    case .general: return nil
    }
    let operands = node.inputs
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let source = try blocked.readsPlain ? input : builder.add(ToBlocked(block: blocked.block), input)
      let y = try builder.add(
        results: blocked, [source, operands[1], operands.count > 2 ? operands[2] : nil], name: node.name)
      return [try builder.add(FromBlocked(channels: resultSizes[1], rank: sizes.count), y[0])]
    }
  }
}

/// How a convolution is computed, and what that is expected to cost: a pure function of shapes and processor.
struct ConvolutionChoice: Hashable {
  enum Algorithm: String, Hashable { case blocked, firstLayer, depthwise, general }

  var algorithm: Algorithm
  /// Multiplications and additions that the algorithm does, idle lanes included.
  var predictedOperations: Int

  init(_ shape: ck_conv2d_shape, _ processor: Processor, inputIsBlocked: Bool) {
    var shape = shape
    let block = processor.block
    func supports(_ algorithm: ck_conv2d_algorithm) -> Bool {
      ck_f32_conv2d_supports(processor.gemm, &shape, algorithm) != 0
    }
    func padded(_ n: Int, to step: Int) -> Int { (n + step - 1) / step * step }
    let positions = shape.batch &* shape.oh &* shape.ow &* shape.kh &* shape.kw
    let width = Int(processor.gemm.pointee.nr)
    if shape.groups > 1, shape.groups == shape.ic, shape.oc == shape.ic {
      self.init(algorithm: .depthwise, predictedOperations: 2 &* positions &* padded(shape.oc, to: block))
    } else if shape.ic < block, !inputIsBlocked, supports(CK_CONV2D_PLANAR) {
      self.init(algorithm: .firstLayer, predictedOperations: 2 &* positions &* shape.ic &* padded(shape.oc, to: width))
    } else if ck_f32_conv2d_choose(processor.gemm, &shape).algorithm != CK_CONV2D_UNSUPPORTED {
      let perGroup = padded(shape.oc / max(shape.groups, 1), to: width) &* shape.groups
      self.init(
        algorithm: .blocked, predictedOperations: 2 &* positions &* (shape.ic / max(shape.groups, 1)) &* perGroup)
    } else {
      self.init(algorithm: .general, predictedOperations: shape.operations &* 8)
    }
  }

  private init(algorithm: Algorithm, predictedOperations: Int) {
    self.algorithm = algorithm
    self.predictedOperations = predictedOperations
  }
}
