import CKernels
import MNNGraph
import MNNKernels
import MNNRuntime

/// Puts transposed convolutions into blocked layout where a kernel can:
///
///     ConvolutionTranspose(x) -> FromBlocked(BlockedConvolutionTranspose(ToBlocked(x)))
func blockConvolutionTranspose(_ processor: Processor) -> Rule {
  Rule("cpu-block-convolution-transpose", on: ConvolutionTranspose.self) { op, node, graph throws(GraphError) in
    guard let input = node.inputs[0], let x = graph[input].type, let weight = graph.constant(node.inputs[1]),
      let result = graph[node.results[0]].type, x.dtype == .float32, let sizes = x.shape.sizes,
      let resultSizes = result.shape.sizes, !resultSizes.contains(0), !sizes.contains(0),
      BlockedShape.canBlock(rank: sizes.count), sizes.count > 2,
      op.activation.isFusable
    else { return nil }
    var plain = op
    plain.activation = .identity
    if node.inputs.count > 3, node.inputs[3] != nil { plain.outputShape = Array(resultSizes.dropFirst(2)) }
    guard var shape = try? ck_conv2d_shape(plain, x: sizes, weight: weight.shape, result: resultSizes),
      ck_f32_conv2d_supports(processor.gemm, &shape, CK_CONV2D_TRANSPOSED) != 0
    else { return nil }
    let blocked = BlockedConvolutionTranspose(
      convolution: plain, channels: sizes[1], rank: sizes.count, block: processor.block, activation: op.activation)
    let operands = node.inputs
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let source = try builder.add(ToBlocked(block: blocked.block), input)
      let y = try builder.add(
        results: blocked, [source, operands[1], operands.count > 2 ? operands[2] : nil], name: node.name)
      return [try builder.add(FromBlocked(channels: resultSizes[1], rank: sizes.count), y[0])]
    }
  }
}
