import MNNGraph

/// Channels of blocked tensors, in any order: concatenations, slices and shuffles of channels, and what is made of them.
///
/// - Inputs: blocked tensors that differ in nothing but their channels.
struct BlockedGather: PrimitiveOperator {
  struct Source: Hashable, Sendable {
    /// Index of the input.
    var tensor: Int
    var channel: Int
  }

  /// Channels of each input.
  var channels: [Int]
  /// One per channel of the result.
  var sources: [Source]

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var type = try operands.type(0)
    let block = type.shape[4].value ?? 1
    type.shape[1] = Dimension((sources.count + block - 1) / block)
    return [type]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    var plain: [[Float]] = []
    for (x, count) in zip(try arguments.all(), channels) {
      plain.append(try FromBlocked(channels: count, rank: 4).evaluate(Arguments([x]))[0].scalars(as: Float.self))
    }
    let shape = try arguments.tensor(0).shape
    let area = shape[2] * shape[3]
    var gathered: [Float] = []
    for image in 0..<shape[0] {
      for source in sources {
        let first = (image * channels[source.tensor] + source.channel) * area
        gathered += plain[source.tensor][first..<first + area]
      }
    }
    let y = try Tensor(shape: [shape[0], sources.count, shape[2], shape[3]], scalars: gathered)
    return try ToBlocked(block: shape[4]).evaluate(Arguments([y]))
  }
}
