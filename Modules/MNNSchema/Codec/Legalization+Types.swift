import MNNGraph

extension Legalization {
  /// `CastLike` of a known type is a `Cast`, whatever is cast.
  static let typesOfCasts = Rule("write-types-of-casts", on: CastLike.self) { _, node, graph throws(GraphError) in
    guard node.inputs.count > 1, let x = node.inputs[0], let dtype = node.inputs[1].flatMap({ graph[$0].type?.dtype }) else {
      return nil
    }
    return GraphPatch(replacing: node) { builder throws(GraphError) in [try builder.add(Cast(to: dtype), x)] }
  }

  /// An integer to the power of a float is an integer here; in the format, where types must agree, it would be a float.
  static let mixedPowers = Rule("write-mixed-powers", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .power, op.activation == .identity, node.inputs.count == 2, let x = node.inputs[0],
      let y = node.inputs[1],
      let base = graph[x].type?.dtype, let exponent = graph[y].type?.dtype, base.isInteger, exponent.isFloatingPoint
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let power = try builder.add(Binary(.power), builder.add(Cast(to: exponent), x), y)
      return [try builder.add(Cast(to: base), power)]
    }
  }

  /// Halves stay halves where the format keeps them, in convolutions; elsewhere it has floats.
  static let floatsFromHalves = Rule("write-floats-from-halves", on: Cast.self) { op, node, graph throws(GraphError) in
    guard op.dtype == .float32, let halves = graph.constant(node.inputs[0]), halves.dtype == .float16,
      !StoredWeights.isAbsorbed(node, in: graph)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in [builder.constant(try halves.converted(to: .float32))] }
  }
}
