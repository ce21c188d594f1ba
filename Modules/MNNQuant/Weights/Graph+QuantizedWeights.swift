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
    let result = try quantizer.quantized(self)
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
  /// The layer's results over what changed of them where its inputs are those of the float model, on samples, in decibels; nil if
  /// there are none.
  public var outputSignalToNoise: Double?
}

/// The codes of layers, which are kept while one choice after the other is tried on a model.
struct LayerCodes {
  /// Where a layer is: control flow operators and bodies on the way, then its node.
  typealias Place = [Int]

  struct Key: Hashable {
    let place: Place
    let quantization: WeightQuantization
  }

  /// What the weights of a layer became.
  struct Made {
    var constants: [(input: Int, constant: QuantizedConstant)] = []
    var signal = 0.0
    var noise = 0.0
    var byteCount: Int { constants.reduce(0) { $0 + $1.constant.byteCount } }
  }

  private var known: [Key: Made] = [:]

  mutating func make(
    _ site: WeightSite, at place: Place, _ quantization: WeightQuantization
  ) throws(QuantizationError) -> Made {
    let key = Key(place: place, quantization: quantization)
    if let made = known[key] { return made }
    var made = Made()
    for (input, tensor) in site.weights {
      let isRecurrent = site.layer.kind == .recurrent
      let rows = isRecurrent ? tensor.shape[0] * tensor.shape[1] : site.layer.rows
      let channels = isRecurrent ? tensor.shape[2] : site.layer.channels
      let weights = try asQuantizationError(site.layer.path) { () throws(GraphError) in
        try site.isTransposed ? tensor.matrixTransposed() : tensor
      }
      let groups = channels.map { quantization.groupCount(rows: rows, channels: $0) } ?? rows
      let codes = try GroupCoder(quantization: quantization).codes(of: weights, groups: groups)
      try asQuantizationError(site.layer.path) { () throws(GraphError) in
        let constant = try QuantizedConstant(codes)
        let change = try weights.noise(comparedWith: constant.floats())
        made.constants.append((input, constant))
        (made.signal, made.noise) = (made.signal + change.signal, made.noise + change.noise)
      }
    }
    known[key] = made
    return made
  }
}

/// Changes the graphs of one model.
struct WeightQuantizer {
  let choice: WeightChoice
  var codes: LayerCodes
  private(set) var layers: [QuantizedLayer] = []

  init(_ choice: WeightChoice, codes: LayerCodes = LayerCodes()) {
    self.choice = choice
    self.codes = codes
  }

  mutating func quantized(
    _ source: Graph, body: String? = nil, at place: LayerCodes.Place = []
  ) throws(QuantizationError) -> Graph {
    var graph = source
    var shared: [Shared: Value.ID] = [:]
    for site in source.weightSites(body: body) {
      let form = choice.form(of: site.layer)
      guard case .codes(let asked) = form, site.weights.allSatisfy({ $0.tensor.isFinite }) else {
        layers.append(QuantizedLayer(layer: site.layer, form: .floats, byteCount: site.layer.byteCount))
        continue
      }
      // Its inputs are new where layers before it are.
      guard let node = graph[site.node.id] else { continue }
      let quantization = asked.fitting(site.layer.kind)
      let made = try codes.make(site, at: place + [site.node.id.index], quantization)
      try quantize(site, node, quantization, made, in: &graph, &shared)
    }
    for node in source.nodes {
      guard let node = graph[node.id], let op = node.op as? any ControlFlowOperator else { continue }
      try quantizeBodies(op, node, at: place, in: &graph)
    }
    try asQuantizationError { () throws(GraphError) in try graph.sortTopologically() }
    return graph
  }

  private mutating func quantizeBodies(
    _ op: any ControlFlowOperator, _ node: Node, at place: LayerCodes.Place, in graph: inout Graph
  ) throws(QuantizationError) {
    let count = layers.count
    var bodies = op.subgraphs
    for i in bodies.indices { bodies[i] = try quantized(bodies[i], body: bodies[i].name, at: place + [node.id.index, i]) }
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
    let value: Value.ID?
    let isTransposed: Bool
    let quantization: WeightQuantization
  }

  private mutating func quantize(
    _ site: WeightSite, _ node: Node, _ quantization: WeightQuantization, _ made: LayerCodes.Made, in graph: inout Graph,
    _ shared: inout [Shared: Value.ID]
  ) throws(QuantizationError) {
    let known = shared
    var added = shared
    try asQuantizationError(site.layer.path) { () throws(GraphError) in
      try graph.apply(
        GraphPatch(replacing: node) { builder throws(GraphError) in
          var inputs = node.inputs
          for (input, constant) in made.constants {
            let key = Shared(value: node.inputs[input], isTransposed: site.isTransposed, quantization: quantization)
            let same = known[key]
            let id = if let same { same } else { try constant.append(to: &builder, name: "\(site.layer.name)/weight") }
            inputs[input] = id
            added[key] = id
          }
          return try builder.add(results: site.operatorOnRows, inputs, name: node.name)
        })
    }
    shared = added
    layers.append(
      QuantizedLayer(
        layer: site.layer, form: .codes(quantization), byteCount: made.byteCount,
        signalToNoise: decibels(signal: made.signal, noise: made.noise)))
  }
}

extension WeightSite {
  /// Whether the rows that share scales are columns of the weights as they are.
  var isTransposed: Bool { (node.op as? MatMul).map { !$0.transposesB } ?? false }

  /// The operator for weights that lie in rows.
  var operatorOnRows: any Operator {
    guard var product = node.op as? MatMul else { return node.op }
    product.transposesB = true
    return product
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
