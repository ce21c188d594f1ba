public import MNNGraph

extension Graph {
  /// The graph with weights in few bits: `DequantizeLinear` of packed constants in place of float constants.
  ///
  /// Products become products with the rows of their matrix, so that each has scales of its own. Weights that are in few bits already
  /// stay as they are, and so do weights that are not finite.
  ///
  /// - Returns: the graph, and what became of each layer, in order.
  /// - Throws: ``QuantizationError``.
  public func quantizingWeights(
    _ choice: WeightChoice
  ) throws(QuantizationError) -> (graph: Graph, layers: [QuantizedLayer]) {
    var quantizer = WeightQuantizer(choice)
    let result = try quantizer.quantized(self, body: nil)
    return (result, quantizer.layers)
  }
}

/// What became of the weights of a layer.
public struct QuantizedLayer: Sendable, Hashable {
  public var layer: WeightLayer
  /// What was asked for.
  public var form: WeightChoice.Form
  /// Bytes of the weights as they are kept now, with their scales.
  public var byteCount: Int
  /// Weights over what changed of them, in decibels; nil for layers that stay floats.
  public var signalToNoise: Double?
}

/// Changes the graphs of one model.
struct WeightQuantizer {
  let choice: WeightChoice
  private(set) var layers: [QuantizedLayer] = []

  init(_ choice: WeightChoice) { self.choice = choice }

  mutating func quantized(_ source: Graph, body: String?) throws(QuantizationError) -> Graph {
    var graph = source
    var shared: [Shared: Value.ID] = [:]
    for site in source.weightSites(body: body) {
      let form = choice.form(of: site.layer)
      guard case .codes(let quantization) = form, site.weights.allSatisfy({ $0.tensor.isFinite }) else {
        layers.append(QuantizedLayer(layer: site.layer, form: .floats, byteCount: site.layer.byteCount))
        continue
      }
      // Its inputs are new where layers before it are.
      guard let node = graph[site.node.id] else { continue }
      try quantize(site, node, quantization, in: &graph, &shared)
    }
    for node in source.nodes {
      guard let node = graph[node.id], let op = node.op as? any ControlFlowOperator else { continue }
      try quantizeBodies(op, node, in: &graph)
    }
    try asQuantizationError { () throws(GraphError) in try graph.sortTopologically() }
    return graph
  }

  private mutating func quantizeBodies(
    _ op: any ControlFlowOperator, _ node: Node, in graph: inout Graph
  ) throws(QuantizationError) {
    let count = layers.count
    var bodies = op.subgraphs
    for i in bodies.indices { bodies[i] = try quantized(bodies[i], body: bodies[i].name) }
    guard layers[count...].contains(where: { $0.form != .floats }) else { return }
    let changed = op.replacingSubgraphs(bodies)
    try asQuantizationError { () throws(GraphError) in
      try graph.apply(
        GraphPatch(replacing: node) { builder throws(GraphError) in
          try builder.add(results: changed, node.inputs, name: node.name)
        })
    }
  }

  /// Weights that several layers have are one constant.
  private struct Shared: Hashable {
    let value: Value.ID
    let isTransposed: Bool
    let quantization: WeightQuantization
  }

  private mutating func quantize(
    _ site: WeightSite, _ node: Node, _ quantization: WeightQuantization, in graph: inout Graph,
    _ shared: inout [Shared: Value.ID]
  ) throws(QuantizationError) {
    let quantization = quantization.fitting(site.layer.kind)
    var (bytes, signal, noise) = (0, 0.0, 0.0)
    var constants: [(input: Int, key: Shared, constant: QuantizedConstant)] = []
    let isTransposed = (node.op as? MatMul).map { !$0.transposesB } ?? false
    for (input, tensor) in site.weights {
      guard let value = node.inputs[input] else { continue }
      let rows = site.layer.kind == .recurrent ? tensor.shape[0] * tensor.shape[1] : site.layer.rows
      let channels = site.layer.kind == .recurrent ? tensor.shape[2] : site.layer.channels
      let weights = try asQuantizationError(site.layer.path) { () throws(GraphError) in
        try isTransposed ? tensor.matrixTransposed() : tensor
      }
      let groups = channels.map { quantization.groupCount(rows: rows, channels: $0) } ?? rows
      let codes = try GroupCoder(quantization: quantization).codes(of: weights, groups: groups)
      let (constant, change) = try asQuantizationError(site.layer.path) { () throws(GraphError) in
        let constant = try QuantizedConstant(codes)
        return (constant, try weights.noise(comparedWith: constant.floats()))
      }
      bytes += constant.byteCount
      (signal, noise) = (signal + change.signal, noise + change.noise)
      constants.append((input, Shared(value: value, isTransposed: isTransposed, quantization: quantization), constant))
    }
    let known = shared
    var made = shared
    try asQuantizationError(site.layer.path) { () throws(GraphError) in
      try graph.apply(
        GraphPatch(replacing: node) { builder throws(GraphError) in
          var inputs = node.inputs
          for (input, key, constant) in constants {
            if let same = known[key] {
              inputs[input] = same
              continue
            }
            inputs[input] = try constant.append(to: &builder, name: "\(site.layer.name)/weight")
            made[key] = inputs[input]
          }
          var op = node.op
          if var product = op as? MatMul {
            product.transposesB = true
            op = product
          }
          return try builder.add(results: op, inputs, name: node.name)
        })
    }
    shared = made
    layers.append(
      QuantizedLayer(
        layer: site.layer, form: .codes(quantization), byteCount: bytes, signalToNoise: decibels(signal: signal, noise: noise)))
  }
}

extension WeightQuantization {
  /// Tables and recurrent weights are kept in bytes or half bytes, which every engine can take apart.
  func fitting(_ kind: WeightLayer.Kind) -> WeightQuantization {
    guard kind == .embedding || kind == .recurrent else { return self }
    var result = self
    result.bits = bits <= 4 ? 4 : 8
    return result
  }
}

extension QuantizedConstant {
  /// What the codes stand for.
  func floats() throws(GraphError) -> Tensor {
    try op.evaluate(Arguments([codes, scale, zeroPoint, offset]))[0]
  }
}

extension Tensor {
  var isFinite: Bool { ((try? scalars(as: Float.self)) ?? []).allSatisfy(\.isFinite) }

  /// The rows of the transposed matrix.
  func matrixTransposed() throws(GraphError) -> Tensor {
    let values = try scalars(as: Float.self)
    let (rows, columns) = (shape[0], shape[1])
    let result = try Tensor(uninitialized: .float32, shape: [columns, rows])
    let target = result.unsafeMutable(as: Float.self)
    for row in 0..<rows { for column in 0..<columns { target[column * rows + row] = values[row * columns + column] } }
    return result
  }

  /// The energy of these numbers, and of their difference from others.
  func noise(comparedWith other: Tensor) throws(GraphError) -> (signal: Double, noise: Double) {
    let (a, b) = (try scalars(as: Float.self), try other.scalars(as: Float.self))
    var (signal, noise) = (0.0, 0.0)
    for i in a.indices {
      signal += Double(a[i] * a[i])
      noise += Double((a[i] - b[i]) * (a[i] - b[i]))
    }
    return (signal, noise)
  }
}
