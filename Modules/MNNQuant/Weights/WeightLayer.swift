public import MNNGraph

/// A place in a graph whose weights can be kept in few bits.
public struct WeightLayer: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case convolution
    /// A product with a constant matrix.
    case product
    /// Rows that are picked from a constant table.
    case embedding
    /// A layer along sequences, with weights for its inputs and for its states.
    case recurrent
  }

  /// The name of the layer's result.
  public var name: String
  /// The branch or the body of a loop that the layer is in; nil in the main graph.
  public var body: String?
  public var kind: Kind
  /// The sizes of the weights; of the first, if there are several.
  public var shape: [Int]
  /// Weights in all.
  public var count: Int
  /// Bytes that they take now.
  public var byteCount: Int
  /// Output channels, and input channels of each that may be cut into blocks; nil for a transposed convolution.
  var rows: Int
  var channels: Int?
  /// Whether the layer's result leaves the graph, with nothing but functions of it in between.
  public var isLast: Bool

  /// The name of the sum if a constant bias is added to the layer's result: MNN's converter makes one operator of both, and names it so.
  public var sumName: String?

  public var sumPath: String? { sumName.map { name in body.map { "\($0)/\(name)" } ?? name } }

  /// What names the layer in files: its body and its name.
  public var path: String { body.map { "\($0)/\(name)" } ?? name }
}

/// A layer with what is needed to change it.
struct WeightSite {
  var layer: WeightLayer
  let node: Node
  /// The inputs that are weights, and their contents.
  let weights: [(input: Int, tensor: Tensor)]
}

extension Graph {
  /// All places whose weights can be kept in few bits and are not yet, bodies of loops and branches included.
  public var weightLayers: [WeightLayer] {
    var layers = weightSites(body: nil).map(\.layer)
    for node in nodes {
      guard let op = node.op as? any ControlFlowOperator else { continue }
      for body in op.subgraphs { layers += body.bodyLayers }
    }
    return layers
  }

  private var bodyLayers: [WeightLayer] {
    weightLayers.map { layer in
      var layer = layer
      layer.body = layer.body ?? name
      return layer
    }
  }

  /// The places of this graph alone, in order.
  func weightSites(body: String?) -> [WeightSite] {
    let last = lastLayers
    return nodes.compactMap { node in
      guard var site = WeightSite(node, in: self) else { return nil }
      site.layer.body = body
      site.layer.isLast = last.contains(node.id)
      return site
    }
  }

  /// The nodes with weights from which an output follows, through nodes that have one operand.
  private var lastLayers: Set<Node.ID> {
    var found: Set<Node.ID> = []
    for output in outputs {
      var next: Value.ID? = output
      while let node = producer(of: next) {
        if WeightSite(node, in: self) != nil {
          found.insert(node.id)
          break
        }
        let operands = node.inputs.compactMap { $0 }.filter { constant($0) == nil }
        next = operands.count == 1 ? operands[0] : nil
      }
    }
    return found
  }

  /// The name of the sum of a node's result and a constant, if nothing else uses the result.
  fileprivate func nameOfSum(_ node: Node) -> String? {
    guard let result = node.results.first, hasSoleUse(result), let user = self[result].consumers.first.flatMap({ self[$0] }),
      let sum = user.op as? Binary, sum.function == .add, user.inputs.contains(where: { constant($0) != nil })
    else { return nil }
    return self[user.results[0]].name
  }

  /// Floats that are constant, also as halves under a cast.
  fileprivate func floats(_ id: Value.ID?) -> Tensor? {
    if let tensor = constant(id) { return tensor.dtype == .float32 ? tensor : nil }
    guard let (cast, node) = producer(of: id, as: Cast.self), cast.dtype == .float32 else { return nil }
    return constant(node.inputs[0]).flatMap { $0.dtype == .float16 ? $0 : nil }
  }
}

extension WeightSite {
  /// Tables of fewer elements are not worth the scales.
  private static let smallestTable = 1024

  init?(_ node: Node, in graph: Graph) {
    func constants(_ inputs: Int...) -> [(input: Int, tensor: Tensor)]? {
      var list: [(input: Int, tensor: Tensor)] = []
      for input in inputs {
        guard input < node.inputs.count, let tensor = graph.floats(node.inputs[input]), tensor.count > 0 else { return nil }
        list.append((input, tensor))
      }
      return list
    }
    let (kind, list): (WeightLayer.Kind, [(input: Int, tensor: Tensor)])
    let rows: Int
    var channels: Int?
    switch node.op {
    case is Convolution:
      guard let found = constants(1), found[0].tensor.rank >= 3 else { return nil }
      (kind, list, rows, channels) = (.convolution, found, found[0].tensor.shape[0], found[0].tensor.shape[1])
    case let op as ConvolutionTranspose:
      guard let found = constants(1), found[0].tensor.rank >= 3 else { return nil }
      (kind, list, rows) = (.convolution, found, found[0].tensor.shape[1].saturatingMultiply(op.groups))
    case let op as MatMul:
      guard !op.transposesA, let found = constants(1), found[0].tensor.rank == 2 else { return nil }
      let shape = op.transposesB ? found[0].tensor.shape : found[0].tensor.shape.reversed()
      (kind, list, rows, channels) = (.product, found, shape[0], shape[1])
    case let op as Gather:
      guard let found = constants(0), found[0].tensor.rank == 2, op.axis == 0 || op.axis == -2,
        found[0].tensor.count >= Self.smallestTable, graph.constant(node.inputs[1]) == nil
      else { return nil }
      (kind, list, rows, channels) = (.embedding, found, found[0].tensor.shape[0], found[0].tensor.shape[1])
    // The format joins the weights of a GRU in matrices of its own: they stay floats.
    case is LSTM, is RNN:
      guard let found = constants(1, 2), found.allSatisfy({ $0.tensor.rank == 3 }) else { return nil }
      let shape = found[0].tensor.shape
      (kind, list, rows, channels) = (.recurrent, found, shape[0].saturatingMultiply(shape[1]), shape[2])
    default: return nil
    }
    let name = node.results.first.map { graph[$0].name } ?? ""
    layer = WeightLayer(
      name: name.isEmpty ? node.name : name, kind: kind, shape: list[0].tensor.shape,
      count: list.reduce(0) { $0 + $1.tensor.count }, byteCount: list.reduce(0) { $0 + $1.tensor.byteCount }, rows: rows,
      channels: channels, isLast: false, sumName: kind == .product ? graph.nameOfSum(node) : nil)
    self.node = node
    weights = list
  }
}
