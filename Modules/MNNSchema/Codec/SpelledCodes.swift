import MNNGraph

/// Weights in few bits outside of convolutions, for which the format has no word: constants of bytes, and the arithmetic that makes
/// floats of them, in operators that every engine has.
///
///     x = Cast(bytes)                              in bytes
///     h = floor(x / 16); x = Concat(x - 16 h, h)   in half bytes: the first half of each group in the lower ones
///     y = Reshape((x - shift) * scale + offset)
///
/// Of a table, rows of bytes, scales and offsets are picked first. Reading finds all this again and makes `DequantizeLinear` of it.
struct SpelledCodes {
  /// Of uint8: rows, groups in a row, bytes in a group.
  var bytes: Tensor
  var isHalved: Bool
  /// For each group.
  var scale: Tensor
  var offset: Tensor?
  /// What stands for a code of 0.
  var shift: Int
  /// The sizes of the weights.
  var shape: [Int]

  /// nil for weights whose groups are not parts of rows.
  init?(_ constant: QuantizedConstant) throws(GraphError) {
    let codes = constant.codes
    guard codes.rank >= 2, codes.count > 0, codes.dtype.isPacked || codes.dtype == .int8, codes.dtype.isSignedInteger,
      (constant.op.dtype ?? constant.scale.dtype) == .float32,
      let runs = try? constant.op.granularity.groups(constant.scale.shape, of: codes.shape),
      runs.indices.elementsEqual(0..<constant.scale.count), codes.shape[codes.rank - 1] % runs.length == 0
    else { return nil }
    shape = codes.shape
    let (rows, groups) = (codes.shape.dropLast().reduce(1, *), codes.shape[codes.rank - 1] / runs.length)
    isHalved = codes.dtype.bitCount <= 4 && runs.length % 2 == 0
    let lowest = isHalved ? -8 : -128
    var zero = 0
    if let zeroPoint = constant.zeroPoint {
      let zeros = try zeroPoint.scalars(as: Int64.self)
      guard let first = zeros.first, zeros.allSatisfy({ $0 == first }) else { return nil }
      zero = Int(first)
    }
    shift = zero - lowest
    let values = try codes.scalars(as: Int8.self).map { UInt8(clamping: Int($0) - lowest) }
    if isHalved {
      let half = runs.length / 2
      var pairs: [UInt8] = []
      pairs.reserveCapacity(values.count / 2)
      for start in stride(from: 0, to: values.count, by: runs.length) {
        for i in start..<start + half { pairs.append(values[i] | values[i + half] << 4) }
      }
      bytes = try Tensor(shape: [rows, groups, half], scalars: pairs)
    } else {
      bytes = try Tensor(shape: [rows, groups, runs.length], scalars: values)
    }
    let floats = { (tensor: Tensor) throws(GraphError) -> Tensor in
      try tensor.converted(to: .float32).reshaped([rows, groups, 1])
    }
    scale = try floats(constant.scale)
    offset = try constant.offset.map(floats)
  }

  /// The sizes of the result. A size of 0 is copied from the picked rows, which have one axis more.
  private func sizes(_ indices: Value.ID?, _ builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
    guard let indices else { return try builder.constant(shape.map { Int64($0) }) }
    if let rank = builder.graph[indices].type?.shape.rank {
      return try builder.constant([Int64](repeating: 0, count: rank) + shape.dropFirst().map { Int64($0) })
    }
    let lead = try builder.add(ShapeOf(dtype: .int32), indices)
    return try builder.add(Concat(axis: 0), lead, builder.constant(shape.dropFirst().map { Int32(clamping: $0) }))
  }

  /// Adds the arithmetic: of the whole, or of the rows that indices pick.
  func append(
    to builder: inout GraphBuilder, rows indices: Value.ID? = nil, name: String
  ) throws(GraphError) -> Value.ID {
    func part(_ tensor: Tensor, _ what: String) throws(GraphError) -> Value.ID {
      let constant = builder.constant(tensor, name: "\(name)/\(what)")
      return try indices.map { indices throws(GraphError) in try builder.add(Gather(), constant, indices) } ?? constant
    }
    var y = try builder.add(Cast(to: .float32), part(bytes, "bytes"))
    if isHalved {
      let high = try builder.add(Unary(.floor), builder.add(Binary(.multiply), y, builder.constant(Float(0.0625))))
      let low = try builder.add(Binary(.subtract), y, builder.add(Binary(.multiply), high, builder.constant(Float(16))))
      y = try builder.add(Concat(axis: -1), low, high)
    }
    if shift != 0 { y = try builder.add(Binary(.subtract), y, builder.constant(Float(shift))) }
    y = try builder.add(Binary(.multiply), y, part(scale, "scale"))
    if let offset { y = try builder.add(Binary(.add), y, part(offset, "offset")) }
    return try builder.add(Reshape(), y, sizes(indices, &builder), name: name)
  }
}

extension Legalization {
  /// Rows in few bits that are picked from a table are spelled out. See ``SpelledCodes``.
  static let rowsOfTables = Rule("write-rows-of-tables", on: Gather.self) { op, node, graph throws(GraphError) in
    guard op.axis == 0 || op.axis == -2, let constant = QuantizedConstant(node.inputs[0], in: graph), constant.shape.count == 2,
      let indices = node.inputs[1], let codes = try SpelledCodes(constant)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try codes.append(to: &builder, rows: indices, name: node.name)]
    }
  }

  /// So are the weights of layers along sequences.
  static let spelledWeights = Rule("write-spelled-weights", on: DequantizeLinear.self) { _, node, graph throws(GraphError) in
    let users = graph[node.results[0]].consumers
    guard !users.isEmpty, users.allSatisfy({ graph[$0]?.op is LSTM || graph[$0]?.op is RNN }),
      let constant = QuantizedConstant(node.results[0], in: graph), let codes = try SpelledCodes(constant)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in [try codes.append(to: &builder, name: node.name)] }
  }
}

// MARK: Reading

extension SpelledCodes {
  /// Finds again what ``append(to:rows:name:)`` made, from its last node: the weights, and the indices if rows are picked.
  static func found(_ node: Node, in graph: Graph) throws(GraphError) -> (constant: QuantizedConstant, indices: Value.ID?)? {
    var walk = Walk(graph: graph)
    guard node.op is Reshape, let sizes = try walk.sizes(node.inputs[1]) else { return nil }
    var y = node.inputs[0]
    var offset: Tensor?
    if let sum = walk.binary(.add, y), let tensor = walk.part(sum.right) { (y, offset) = (sum.left, tensor) }
    guard let product = walk.binary(.multiply, y), let scale = walk.part(product.right), scale.rank == 3 else { return nil }
    y = product.left
    var shift = 0
    if let difference = walk.binary(.subtract, y), let number = walk.number(difference.right) {
      (y, shift) = (difference.left, Int(converting: number))
    }
    var isHalved = false
    if let (concat, joined) = graph.producer(of: y, as: Concat.self), concat.axis == -1, joined.inputs.count == 2 {
      guard let whole = walk.halves(joined.inputs[0], joined.inputs[1]) else { return nil }
      (y, isHalved) = (whole, true)
    }
    guard let (cast, source) = graph.producer(of: y, as: Cast.self), cast.dtype == .float32,
      let bytes = walk.part(source.inputs[0]), bytes.dtype == .uint8, bytes.rank == 3, bytes.count > 0,
      walk.isComplete(parts: offset == nil ? 2 : 3)
    else { return nil }
    let columns = bytes.shape[1].saturatingMultiply(bytes.shape[2]).saturatingMultiply(isHalved ? 2 : 1)
    let leading = walk.indices == nil ? sizes.dropLast().map { Int(clamping: $0) } : [bytes.shape[0]]
    guard sizes.last == Int64(columns), leading.allSatisfy({ $0 > 0 }), leading.saturatingProduct == bytes.shape[0],
      scale.shape == [bytes.shape[0], bytes.shape[1], 1], offset.map({ $0.shape == scale.shape }) ?? true
    else { return nil }
    let lowest = isHalved ? -8 : -128
    var areHalves = try scale.areHalves()
    if let offset, areHalves { areHalves = try offset.areHalves() }
    let groups = GroupedCodes(
      codes: try codes(bytes, isHalved: isHalved, lowest: lowest, shape: leading + [columns]), bits: isHalved ? 4 : 8,
      scales: try scale.scalars(as: Float.self), minima: try offset?.scalars(as: Float.self), lowest: shift + lowest,
      areHalves: areHalves)
    // Codes around zero have no offset, others their lowest code.
    guard (offset == nil) == (groups.lowest == 0) else { return nil }
    return (try QuantizedConstant(groups), walk.indices)
  }

  private static func codes(_ bytes: Tensor, isHalved: Bool, lowest: Int, shape: [Int]) throws(GraphError) -> Tensor {
    let values = try bytes.scalars(as: UInt8.self)
    func code(_ value: UInt8) -> Int8 { Int8(clamping: Int(value) + lowest) }
    guard isHalved else { return try Tensor(shape: shape, scalars: values.map(code)) }
    let half = bytes.shape[2]
    var codes: [Int8] = []
    codes.reserveCapacity(values.count * 2)
    for start in stride(from: 0, to: values.count, by: half) {
      let group = values[start..<start + half]
      codes += group.map { code($0 & 15) }
      codes += group.map { code($0 >> 4) }
    }
    return try Tensor(shape: shape, scalars: codes)
  }

  /// Looks back from a node. Constants are whole, or all picked by the same indices.
  private struct Walk {
    let graph: Graph
    var wholeCount = 0
    var pickedCount = 0
    var indices: Value.ID?
    private var isMixed = false

    init(graph: Graph) { self.graph = graph }

    func binary(_ function: Binary.Function, _ id: Value.ID?) -> (left: Value.ID, right: Value.ID)? {
      guard let (op, node) = graph.producer(of: id, as: Binary.self), op.function == function, op.activation == .identity,
        node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1]
      else { return nil }
      return (left, right)
    }

    /// What is known of a shape: its numbers, or the last of them after those of the indices.
    func sizes(_ id: Value.ID?) throws(GraphError) -> [Int64]? {
      if let tensor = graph.constant(id) { return try tensor.scalars(as: Int64.self) }
      guard let (_, node) = graph.producer(of: id, as: Concat.self), node.inputs.count == 2,
        graph.producer(of: node.inputs[0], as: ShapeOf.self) != nil
      else { return nil }
      return try graph.constant(node.inputs[1])?.scalars(as: Int64.self)
    }

    func number(_ id: Value.ID?) -> Float? {
      guard let tensor = graph.constant(id), tensor.count == 1 else { return nil }
      return try? tensor.scalars(as: Float.self)[0]
    }

    mutating func part(_ id: Value.ID?) -> Tensor? {
      if let tensor = graph.constant(id) {
        guard tensor.rank == 3 else { return nil }
        wholeCount += 1
        return tensor
      }
      guard let node = graph.producer(of: id), picksRows(node), let tensor = graph.constant(node.inputs[0]) else { return nil }
      if let indices, indices != node.inputs[1] { isMixed = true }
      indices = node.inputs[1]
      pickedCount += 1
      return tensor
    }

    /// The format has the axis as an operand.
    private func picksRows(_ node: Node) -> Bool {
      if let op = node.op as? Gather { return op.axis == 0 }
      return node.op is GatherAlongAxis && node.inputs.count == 3 && number(node.inputs[2]) == 0
    }

    func isComplete(parts: Int) -> Bool { !isMixed && (wholeCount == parts || pickedCount == parts) }

    /// The bytes whose halves two values are.
    func halves(_ low: Value.ID?, _ high: Value.ID?) -> Value.ID? {
      guard let rest = binary(.subtract, low), let sixteens = binary(.multiply, rest.right), sixteens.left == high,
        number(sixteens.right) == 16, let (floor, node) = graph.producer(of: high, as: Unary.self), floor.function == .floor,
        let part = binary(.multiply, node.inputs[0]), part.left == rest.left, number(part.right) == 0.0625
      else { return nil }
      return rest.left
    }
  }
}

extension Tensor {
  /// Whether half precision holds every element.
  func areHalves() throws(GraphError) -> Bool {
    try scalars(as: Float.self).allSatisfy { $0.isFinite && Float(Half($0)) == $0 }
  }
}

extension Graph {
  /// Makes `DequantizeLinear` of what was spelled out.
  mutating func findSpelledCodes() throws(FormatError) {
    var graph = self
    self = Graph()
    defer { self = graph }
    _ = try asFormatError { () throws(GraphError) in try PassPipeline([Pass(.readSpelledCodes)]).run(on: &graph) }
  }
}

extension Rule {
  /// Weights in few bits that were spelled out become `DequantizeLinear` of packed constants again.
  static let readSpelledCodes = Rule("read-spelled-codes", on: Reshape.self) { _, node, graph throws(GraphError) in
    guard let (constant, indices) = try SpelledCodes.found(node, in: graph) else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      guard let indices else { return [try constant.append(to: &builder, name: node.name)] }
      return [try builder.add(Gather(), constant.append(to: &builder, name: "\(node.name)/weight"), indices, name: node.name)]
    }
  }
}
