import CKernels
import MNNGraph
import MNNKernels

/// `memory: low`: weights in few bits stay so, and their products run with bytes.
extension Rule {
  /// `MatMul(a, Dequantize(codes)) -> FusedMatMul(a, codes)`.
  static let keepProductWeights = Rule("cpu-keep-product-weights", on: MatMul.self) { op, node, graph throws(GraphError) in
    guard let weight = StoredWeight(node.inputs[1], in: graph), graph[node.inputs[0]]?.type?.dtype == .float32,
      !op.transposesA, op.activation == .identity, weight.refusal(ofProduct: op, in: graph) == nil
    else { return nil }
    var product = FusedMatMul(op)
    product.quantization = weight.op.granularity
    let (a, bias) = (node.inputs[0], node.inputs.count > 2 ? node.inputs[2] : nil)
    let kept = product
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: kept, [a, weight.codesID, bias, nil] + weight.parameters, name: node.name)
    }
  }

  /// `Gather(Dequantize(codes), indices) -> StoredGather(codes, indices)`.
  static let keepTable = Rule("cpu-keep-table", on: Gather.self) { op, node, graph throws(GraphError) in
    guard let weight = StoredWeight(node.inputs[0], in: graph), weight.codes.rank == 2, op.axis == 0 || op.axis == -2,
      weight.columns(k: 1, n: 0, in: graph) != nil
    else { return nil }
    let (gather, indices) = (StoredGather(granularity: weight.op.granularity, dtype: weight.op.dtype), node.inputs[1])
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: gather, [weight.codesID, indices] + weight.parameters, name: node.name)
    }
  }

  /// The same for a convolution, in blocked layout at once.
  static func keepConvolutionWeights(_ processor: Processor) -> Rule {
    Rule("cpu-keep-convolution-weights", on: Convolution.self) { op, node, graph throws(GraphError) in
      guard let input = node.inputs[0], let x = graph[input].type, x.dtype == .float32, let sizes = x.shape.sizes,
        let weight = StoredWeight(node.inputs[1], in: graph), let result = graph[node.results[0]].type?.shape.sizes,
        !sizes.contains(0), !result.contains(0), weight.refusal(ofConvolution: op, sizes, result, processor, in: graph) == nil
      else { return nil }
      var plain = op
      plain.activation = .identity
      var blocked = BlockedConvolution(
        convolution: plain, channels: sizes[1], rank: sizes.count, block: processor.block, activation: op.activation)
      blocked.quantization = weight.op.granularity
      let bias = node.inputs.count > 2 ? node.inputs[2] : nil
      let kept = blocked
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let source = try builder.add(ToBlocked(block: kept.block), input)
        let y = try builder.add(
          results: kept, [source, weight.codesID, bias, nil, nil] + weight.parameters, name: node.name)
        return [try builder.add(FromBlocked(channels: result[1], rank: sizes.count), y[0])]
      }
    }
  }
}

extension StoredWeight {
  /// Fewer weights than this are not worth narrowing rows for.
  private static let fewest = 1024

  /// Why a product's weights do not stay in few bits; nil if they do.
  func refusal(ofProduct op: MatMul, in graph: Graph) -> String? {
    let rank = codes.rank
    guard rank > 1, codes.shape.dropLast(2).allSatisfy({ $0 == 1 }) else { return "weights that are not one matrix" }
    if codes.count < StoredWeight.fewest { return "few weights" }
    let (k, n) = op.transposesB ? (rank - 1, rank - 2) : (rank - 2, rank - 1)
    return NarrowWeights.refusal(columns(k: k, n: n, in: graph), taps: 1)
  }

  /// Why a convolution's weights do not stay in few bits; nil if they do.
  func refusal(
    ofConvolution op: Convolution, _ sizes: [Int], _ result: [Int], _ processor: Processor, in graph: Graph
  ) -> String? {
    guard BlockedShape.canBlock(rank: sizes.count), sizes.count > 2, op.activation.isFusable,
      let shape = try? ck_conv2d_shape(op, x: sizes, weight: codes.shape, result: result)
    else { return "no kernel for such a window" }
    if shape.groups > 1 { return "groups" }
    if codes.count < StoredWeight.fewest || shape.ic < processor.block { return "few weights" }
    return NarrowWeights.refusal(columns(k: 1, n: 0, in: graph), taps: shape.kh &* shape.kw)
  }
}
