extension Rule {
  /// Zeros around an image are what a convolution adds itself: `Convolution(Pad(x), w) -> Convolution(x, w, padding)`, also where the
  /// image is dequantized in between and the padding is its zero point.
  public static let foldPadding = Rule("fold-padding", on: Convolution.self) { op, node, graph throws(GraphError) in
    let between = graph.soleProducer(of: node.inputs[0], as: DequantizeLinear.self)
    guard let (pad, padding) = graph.soleProducer(of: between?.node.inputs[0] ?? node.inputs[0], as: Pad.self),
      pad.mode == .constant, padding.inputs.count < 4 || padding.inputs[3] == nil, let x = padding.inputs[0],
      let rank = graph[x].type?.shape.rank, rank > 2, let tensor = graph.constant(padding.inputs[1]), tensor.count == 2 * rank,
      let own = op.padding.amounts(rank - 2)
    else { return nil }
    let amounts = try tensor.scalars(as: Int64.self).map { Int($0) }
    guard amounts.allSatisfy({ $0 >= 0 && $0 < 1 << 20 }), amounts[0] == 0, amounts[1] == 0, amounts[rank] == 0,
      amounts[rank + 1] == 0
    else { return nil }
    var zero = 0.0
    if let between {
      guard graph.constant(between.node.inputs[1])?.count == 1, between.node.inputs.count < 4 || between.node.inputs[3] == nil
      else {
        return nil
      }
      if between.node.inputs.count > 2, let point = between.node.inputs[2] {
        guard let value = try graph.constant(point)?.scalars(as: Double.self).first else { return nil }
        zero = value
      }
    }
    let isGiven = padding.inputs.count > 2 && padding.inputs[2] != nil
    guard try isGiven ? graph.constant(padding.inputs[2])?.scalars(as: Double.self) == [zero] : zero == 0 else { return nil }
    var wide = op
    wide.padding = .explicit(
      before: (2..<rank).map { own.before[$0 - 2] + amounts[$0] },
      after: (2..<rank).map { own.after[$0 - 2] + amounts[rank + $0] })
    let (padded, rest) = (wide, node.inputs.dropFirst())
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      var image = x
      if let between {
        image = try builder.add(results: between.op, [x] + between.node.inputs.dropFirst(), name: between.node.name)[0]
      }
      return try builder.add(results: padded, [image] + rest, name: node.name)
    }
  }
}

extension SpatialPadding {
  /// The amounts before and after each axis, if they do not depend on the image.
  fileprivate func amounts(_ count: Int) -> (before: [Int], after: [Int])? {
    let zeros = [Int](repeating: 0, count: count)
    switch self {
    case .valid: return (zeros, zeros)
    case .explicit(let before, let after):
      if before.isEmpty, after.isEmpty { return (zeros, zeros) }
      guard before.count == count, after.count == count, (before + after).allSatisfy({ $0.magnitude < 1 << 31 }) else {
        return nil
      }
      return (before, after)
    case .sameUpper, .sameLower: return nil
    }
  }
}
