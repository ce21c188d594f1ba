import MNNGraph

/// How one kind of operator is written.
struct OperatorWriter: Sendable {
  let kind: ObjectIdentifier
  /// Whether this node can be written; what cannot is expanded, or reported.
  let accepts: @Sendable (Node, Graph) -> Bool
  let write: @Sendable (Node, WritingScope) throws(FormatError) -> Void

  /// An operator of the format for one of ours. `encode` returns it with its parameters; inputs that it leaves out are the
  /// node's.
  static func write<Op: Operator>(
    _ kind: Op.Type, if accepts: @escaping @Sendable (Op, Node, Graph) -> Bool = { _, _, _ in true },
    _ encode: @escaping @Sendable (Op, Node, WritingScope) throws(FormatError) -> Wire.Op
  ) -> OperatorWriter {
    OperatorWriter(
      kind: ObjectIdentifier(kind),
      accepts: { node, graph in (node.op as? Op).map { accepts($0, node, graph) } ?? false },
      write: { node, scope throws(FormatError) in
        guard let op = node.op as? Op else { return }
        var wire = try encode(op, node, scope)
        if wire.inputIndexes == nil { wire.inputIndexes = try scope.inputs(node.inputs) }
        scope.emit(wire, results: node.results)
      })
  }
}

extension Wire.Op {
  /// An operator with its parameters.
  static func make<T: WireTableView>(_ type: Wire.OpType, _ parameter: T) -> Wire.Op {
    var op = Wire.Op()
    op.type = type
    op.setMain(parameter)
    return op
  }

  static func make(_ type: Wire.OpType) -> Wire.Op {
    var op = Wire.Op()
    op.type = type
    return op
  }

  func with(inputs: [Int32]) -> Wire.Op {
    var copy = self
    copy.inputIndexes = WireVector(inputs)
    return copy
  }
}

enum OperatorWriters {
  static let tables: [[OperatorWriter]] = [
    ActivationCodec.writers,
    ContractionCodec.writers,
    ControlFlowCodec.writers,
    ConvolutionCodec.writers,
    DetectionCodec.writers,
    ElementwiseCodec.writers,
    ExtraCodec.writers,
    IndexingCodec.writers,
    LayoutCodec.writers,
    NormalizationCodec.writers,
    PoolingCodec.writers,
    RecurrentCodec.writers,
    ReductionCodec.writers,
    SamplingCodec.writers,
    ShapeCodec.writers,
  ]

  /// By operator; of several, such as activations and functions of numbers, one accepts a node.
  private static let all: [ObjectIdentifier: [OperatorWriter]] = Dictionary(grouping: tables.joined(), by: \.kind)

  static func writer(for node: Node, in graph: Graph) -> OperatorWriter? {
    ownWriter(for: node, in: graph) ?? ExtraCodec.writer(for: node.op)
  }

  /// The writer of an operator that the format itself has, or nil.
  static func ownWriter(for node: Node, in graph: Graph) -> OperatorWriter? {
    guard !hasOtherWeights(node, graph), !countsTruth(node, graph) else { return nil }
    return all[ObjectIdentifier(type(of: node.op))]?.first { $0.accepts(node, graph) }
  }

  /// Arithmetic on truth values, which the format keeps as int32, where one and one is two.
  private static func countsTruth(_ node: Node, _ graph: Graph) -> Bool {
    guard let x = node.inputs.first, let x, graph.elementType(of: x) == .bool else { return false }
    switch node.op {
    case is CumSum, is Gemm, is MatMul: return true
    case let op as Binary: return ![.and, .maximum, .minimum, .multiply, .or, .xor].contains(op.function)
    case let op as Unary: return op.function.kind != .not
    default: return false
    }
  }

  /// Operators whose weights lie in parameters of the format, where they are floats, keep those of doubles and integers as inputs.
  private static func hasOtherWeights(_ node: Node, _ graph: Graph) -> Bool {
    switch node.op {
    case is Convolution, is ConvolutionTranspose, is GRU, is LayerNorm, is LSTM, is RMSNorm, is RNN:
      node.inputs.prefix(2).contains { id in
        guard let dtype = id.flatMap({ graph.elementType(of: $0) }) else { return false }
        return !dtype.isFloatingPoint || dtype == .float64
      }
    default: false
    }
  }
}

/// One graph of a model while it is being written: values become tensor indices.
final class WritingScope {
  let graph: Graph
  let model: WritingModel
  private(set) var operators: [Wire.Op] = []
  private(set) var tensorNames: [String] = []
  var describes: [Wire.TensorDescribe] = []
  private(set) var indices: [Value.ID: Int32] = [:]
  private var taken: Set<String> = []
  private var nameByteCount = 0

  init(_ graph: Graph, model: WritingModel) {
    self.graph = graph
    self.model = model
    // The names that users see stay as they are; others give way.
    for id in graph.inputs + graph.outputs where indices[id] == nil { indices[id] = newTensor(graph[id].name) }
  }

  private func newTensor(_ name: String) -> Int32 {
    nameByteCount += name.utf8.count + 16
    var unique = name.isEmpty ? "tensor\(tensorNames.count)" : name
    while !taken.insert(unique).inserted { unique = "\(name)_\(tensorNames.count)_\(taken.count)" }
    tensorNames.append(unique)
    return Int32(tensorNames.count - 1)
  }

  /// The tensor of a value; constants are written when first used.
  func tensor(_ id: Value.ID) throws(FormatError) -> Int32 {
    if let known = indices[id], graph.constant(id) == nil || written.contains(id) { return known }
    if indices[id] == nil, let tensor = graph.constant(id), let same = constants[SharedBytes(tensor)] {
      // The same bytes under another name, as functions that are inlined twice have them.
      indices[id] = same
      written.insert(id)
      return same
    }
    let index = indices[id] ?? newTensor(graph[id].name)
    indices[id] = index
    if let tensor = graph.constant(id) {
      written.insert(id)
      constants[SharedBytes(tensor)] = index
      try emitConstant(tensor, as: index)
    }
    return index
  }
  private var written: Set<Value.ID> = []
  private var constants: [SharedBytes: Int32] = [:]

  /// Tensors are one if they are over the same bytes.
  private struct SharedBytes: Hashable {
    let start: UnsafeRawPointer?
    let dtype: DType
    let shape: [Int]

    init(_ tensor: Tensor) {
      start = tensor.count == 0 ? nil : tensor.withUnsafeBytes { $0.baseAddress }
      (dtype, shape) = (tensor.dtype, tensor.shape)
    }
  }

  func inputs(_ ids: [Value.ID?]) throws(FormatError) -> WireVector<Int32> {
    var result: [Int32] = []
    for id in ids { result.append(try id.map { id throws(FormatError) in try tensor(id) } ?? -1) }
    while result.last == -1 { result.removeLast() }
    return WireVector(result)
  }

  /// A constant that the graph does not have.
  func constant(_ tensor: Tensor, _ name: String) throws(FormatError) -> Int32 {
    let index = newTensor(name)
    try emitConstant(tensor, as: index)
    return index
  }

  func constant(_ values: [Int], _ name: String) throws(FormatError) -> Int32 {
    let tensor: Tensor
    do throws(GraphError) { tensor = try Tensor(values.map { Int32(clamping: $0) }) } catch { throw FormatError(error) }
    return try constant(tensor, name)
  }

  func constant(scalar value: Int, _ name: String) throws(FormatError) -> Int32 {
    let tensor: Tensor
    do throws(GraphError) { tensor = try Tensor(Int32(clamping: value)) } catch { throw FormatError(error) }
    return try constant(tensor, name)
  }

  private func emitConstant(_ tensor: Tensor, as index: Int32) throws(FormatError) {
    var op = Wire.Op.make(.Const, try model.blob(tensor))
    op.name = tensorNames[Int(index)]
    op.outputIndexes = [index]
    operators.append(op)
  }

  func emit(_ op: Wire.Op, results: [Value.ID]) {
    var op = op
    var outputs: [Int32] = []
    for id in results {
      let index = indices[id] ?? newTensor(graph[id].name)
      indices[id] = index
      outputs.append(index)
    }
    op.outputIndexes = WireVector(outputs)
    if op.name == nil { op.name = outputs.first.map { tensorNames[Int($0)] } }
    operators.append(op)
  }

  /// As above, with `unused` results between the two lists that the graph has no values for.
  func emit(_ op: Wire.Op, results: [Value.ID], unused: Int, _ rest: [Value.ID]) {
    func tensor(_ id: Value.ID) -> Int32 {
      let index = indices[id] ?? newTensor(graph[id].name)
      indices[id] = index
      return index
    }
    var op = op
    var outputs = results.map(tensor)
    for i in 0..<unused { outputs.append(newTensor("\(op.name ?? "")/unused\(i)")) }
    op.outputIndexes = WireVector(outputs + rest.map(tensor))
    operators.append(op)
  }

  /// An operator whose result is not a value of the graph.
  func emit(_ op: Wire.Op, named name: String) -> Int32 {
    var op = op
    let index = newTensor(name)
    op.outputIndexes = [index]
    op.name = tensorNames[Int(index)]
    operators.append(op)
    return index
  }

  func describe(_ regions: [Wire.Region], sizes: [Int], of id: Value.ID) {
    var describe = Wire.TensorDescribe()
    describe.index = indices[id] ?? newTensor(graph[id].name)
    indices[id] = describe.index
    describe.regions = regions
    var blob = Wire.Blob()
    blob.dims = WireVector(sizes.map { Int32(clamping: $0) })
    describe.blob = blob
    describes.append(describe)
  }

  /// Writes inputs, nodes and constant outputs.
  func writeAll() throws(FormatError) {
    for id in graph.inputs {
      var input = Wire.Input()
      let type = graph[id].type
      // A size that is not a number is -1; in front it is 1, as MNN writes it, for its engine multiplies sizes.
      input.dims = WireVector((type?.shape.dimensions ?? []).enumerated().map { Int32(clamping: $1.value ?? ($0 == 0 ? 1 : -1)) })
      if let dims = input.dims, dims.isEmpty { input.dims = nil }
      input.dtype = Wire.DataType(storing: type?.dtype ?? .float32)
      input.dformat = .NCHW
      var op = Wire.Op.make(.Input, input)
      op.outputIndexes = [try tensor(id)]
      op.name = graph[id].name
      operators.append(op)
    }
    let absorbed = Set(graph.nodes.filter { StoredWeights.isAbsorbed($0, in: graph) }.map(\.id))
    let unsupported = graph.nodes.filter { OperatorWriters.writer(for: $0, in: graph) == nil }
    if !unsupported.isEmpty { throw UnsupportedOperators(unsupported).error(doing: "written") }
    for node in graph.nodes where !absorbed.contains(node.id) {
      do throws(FormatError) {
        try OperatorWriters.writer(for: node, in: graph)?.write(node, self)
        // Names stand in the model twice: of the operator and of its result.
        let bytes = nameByteCount
        nameByteCount = 0
        try asFormatError { () throws(GraphError) in
          try WorkBudget.current?.spend(Work(bytes: bytes.saturatingMultiply(2)), on: .writing)
        }
      } catch { throw error.at(node: node.name, operator: node.op.name) }
    }
    for id in graph.outputs { _ = try tensor(id) }
    describeExactTypes()
  }
}
