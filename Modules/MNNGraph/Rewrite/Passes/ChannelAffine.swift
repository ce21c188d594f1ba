/// `x * scale + shift`, one pair per channel (axis 1): what batch normalization and arithmetic with constants come to.
struct ChannelAffine: Hashable {
  var scale: [Double]
  var shift: [Double]

  /// The node's meaning for its first operand, if all else it uses is constant.
  init?(_ norm: BatchNormalization, _ node: Node, in graph: Graph) throws(GraphError) {
    var parameters: [[Double]] = []
    for i in 1...4 {
      guard i < node.inputs.count, let tensor = graph.constant(node.inputs[i]) else { return nil }
      parameters.append(try tensor.scalars(as: Double.self))
    }
    guard Set(parameters.map(\.count)).count == 1 else { return nil }
    let scale = zip(parameters[0], parameters[3]).map { $0 / ($1 + Double(norm.epsilon)).squareRoot() }
    self.scale = scale
    shift = parameters[1].indices.map { parameters[1][$0] - parameters[2][$0] * scale[$0] }
  }

  /// As above for addition, subtraction, multiplication or division by a constant that is the same all over a channel.
  ///
  /// - Parameter x: which operand is the image.
  init?(
    _ op: Binary, _ node: Node, image x: Int, channels: Int, rank: Int, in graph: Graph
  ) throws(GraphError) {
    guard op.activation == .identity, node.inputs.count == 2, let tensor = graph.constant(node.inputs[1 - x]),
      tensor.rank <= rank
    else { return nil }
    // The constant's axes, aligned to the right; only the channels' may be longer than 1.
    let shape = [Int](repeating: 1, count: rank - tensor.rank) + tensor.shape
    guard rank >= 2, shape.enumerated().allSatisfy({ $1 == 1 || $0 == 1 && $1 == channels }) else { return nil }
    let values = try tensor.scalars(as: Double.self)
    let perChannel = values.count == 1 ? [Double](repeating: values[0], count: channels) : values
    let ones = [Double](repeating: 1, count: channels)
    let zeros = [Double](repeating: 0, count: channels)
    switch op.function {
    case .add: (scale, shift) = (ones, perChannel)
    case .multiply: (scale, shift) = (perChannel, zeros)
    case .subtract where x == 0: (scale, shift) = (ones, perChannel.map { -$0 })
    case .subtract: (scale, shift) = (ones.map { -$0 }, perChannel)
    case .divide where x == 0: (scale, shift) = (perChannel.map { 1 / $0 }, zeros)
    default: return nil
    }
  }

  var isFinite: Bool { (scale + shift).allSatisfy(\.isFinite) }
}

extension ChannelAffine {
  /// A convolution's weight and bias such that this map is part of it, or nil if they are not constant.
  ///
  /// - Parameter resultAxis: the axis of the weight that counts result channels (within a group for axis 1).
  func folded(
    weight: Value.ID?, bias: Value.ID?, resultAxis: Int, groups: Int, in graph: Graph
  ) throws(GraphError) -> (weight: Tensor, bias: Tensor)? {
    guard let weight = graph.constant(weight), weight.rank >= 2, groups > 0, isFinite else { return nil }
    let channels = scale.count
    let perGroup = channels / groups
    let inner = weight.shape.dropFirst(2).reduce(1, *)
    let columns = weight.shape[1]
    guard resultAxis == 0 ? weight.shape[0] == channels : columns == perGroup && weight.shape[0] % groups == 0 else { return nil }
    let rowsPerGroup = weight.shape[0] / groups
    let old = try weight.scalars(as: Double.self)
    let oldBias: [Double]
    if let bias {
      guard let tensor = graph.constant(bias), tensor.count == channels else { return nil }
      oldBias = try tensor.scalars(as: Double.self)
    } else {
      oldBias = [Double](repeating: 0, count: channels)
    }
    let newWeight = try Tensor.computed(weight.dtype, weight.shape) { y in
      for row in 0..<weight.shape[0] {
        for column in 0..<columns {
          let factor = scale[resultAxis == 0 ? row : row / rowsPerGroup * perGroup + column]
          let start = (row * columns + column) * inner
          for i in start..<start + inner { y[i] = old[i] * factor }
        }
      }
    }
    let newBias = try Tensor.computed(weight.dtype, [channels]) { y in
      for i in 0..<channels { y[i] = oldBias[i] * scale[i] + shift[i] }
    }
    return (newWeight, newBias)
  }
}
