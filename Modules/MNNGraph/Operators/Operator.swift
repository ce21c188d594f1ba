/// What an operator is, apart from how it is computed. A conforming type holds the attributes and nothing else.
///
/// Each operator conforms to exactly one of ``PrimitiveOperator``, ``LayoutOperator``, ``CompositeOperator`` and
/// ``ControlFlowOperator``.
public protocol Operator: Hashable, Sendable {
  /// The operator's name: the field's word for it, the same in files, errors and tables.
  static var name: String { get }

  /// How many results a node of this operator has, whatever its inputs.
  var resultCount: Int { get }

  /// The types of the results. Sizes may be symbolic, in the operands and in the results.
  ///
  /// - Throws: ``GraphError`` naming what was expected and found; ``GraphError/Code/dependsOnData`` if a shape depends
  ///   on the contents of an operand that is not constant.
  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType]

  /// Results that follow from the operands' types alone (a `Shape` of a value whose sizes are numbers), else nil.
  func constantResults(for operands: Operands) throws(GraphError) -> [Tensor]?

  /// False for operators whose two runs may differ (random numbers): they are never folded or merged.
  var isDeterministic: Bool { get }

  /// True if ``resultTypes(for:)`` of known contents takes as long as computing the results.
  var infersByComputing: Bool { get }

  /// What computing the results by the operator's own meaning takes, said before anything is computed: exact where the work is not
  /// proportional to the sizes of inputs and results, which is the default. Of a composite operator, what its nodes do not say.
  ///
  /// - Parameters:
  ///   - operands: their types, whose sizes are numbers, and the contents that are known.
  ///   - results: what ``resultTypes(for:)`` gave.
  func work(for operands: Operands, results: [TensorType]) -> Work

  /// True for the few operators that take operands of packed types; the others refuse them.
  var readsPackedElements: Bool { get }
}

extension Operator {
  public static var name: String { "\(Self.self)" }
  public var resultCount: Int { 1 }
  public var isDeterministic: Bool { true }
  public var infersByComputing: Bool { false }
  public var readsPackedElements: Bool { false }
  public func constantResults(for operands: Operands) throws(GraphError) -> [Tensor]? { nil }

  /// ``name`` of an operator held as `any Operator`.
  public var name: String { Self.name }

  /// Throws if an operand or a result is packed, and the operator knows nothing of that.
  func checkPacking(_ operands: Operands, _ results: [TensorType]) throws(GraphError) {
    let packed =
      (readsPackedElements ? nil : operands.list.first { $0?.type.dtype.isPacked ?? false })??.type
      ?? results.first(where: \.dtype.isPacked)
    guard let packed else { return }
    throw GraphError(
      .dtypeUnsupported, "the operator has no meaning on packed elements", expected: "a type of whole bytes",
      found: "\(packed.dtype)", advice: "convert the tensor to int8, or dequantize it")
  }

  package func isEqual(to other: any Operator) -> Bool {
    guard let other = other as? Self else { return false }
    return self == other
  }
}

/// Computed by a kernel; `evaluate` is the meaning every backend is tested against: plain loops meant to be read.
public protocol PrimitiveOperator: Operator {
  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor]
}

/// Only moves elements: lowered to ``Raster``, so every backend has it. Asked only with sizes that are numbers.
public protocol LayoutOperator: Operator {
  /// For each result, the regions that fill it. An element no region covers is zero.
  func regions(for operands: Operands) throws(GraphError) -> [[Region]]
}

/// Written in terms of other operators; lowered unless a backend claims it whole.
public protocol CompositeOperator: Operator {
  /// Adds the equivalent nodes and returns the results. Operand types are known; sizes may be symbolic.
  func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID]
}

/// Runs subgraphs. A subgraph captures nothing: what it uses from outside is an input of the node and of the subgraph.
public protocol ControlFlowOperator: Operator {
  var subgraphs: [Graph] { get }
  func replacingSubgraphs(_ subgraphs: [Graph]) -> Self
  /// `run(i, tensors)` runs subgraph `i`.
  func evaluate(
    _ arguments: Arguments, run: (Int, [Tensor]) throws(GraphError) -> [Tensor]
  ) throws(GraphError) -> [Tensor]
}

/// What is known of one input of a node.
public struct Operand: Sendable {
  public var type: TensorType
  /// The contents, if they are constant.
  public var constant: Tensor?

  public init(_ type: TensorType, constant: Tensor? = nil) {
    self.type = type
    self.constant = constant
  }
  public init(_ tensor: Tensor) { self.init(tensor.type, constant: tensor) }
}

/// The inputs of a node during inference. Reading one that is absent throws instead of trapping.
public struct Operands: Sendable {
  package let list: [Operand?]

  public init(_ list: [Operand?]) { self.list = list }
  public init(_ types: TensorType...) { list = types.map { Operand($0) } }

  /// The number of inputs, absent ones included.
  public var count: Int { list.count }

  /// An input that may be absent.
  public subscript(optional index: Int) -> Operand? { index < list.count ? list[index] : nil }

  public func required(_ index: Int) throws(GraphError) -> Operand {
    guard let operand = self[optional: index] else { throw missingInput(index, of: count) }
    return operand
  }

  public func type(_ index: Int) throws(GraphError) -> TensorType { try required(index).type }
  public func shape(_ index: Int) throws(GraphError) -> Shape { try required(index).type.shape }
  public func dtype(_ index: Int) throws(GraphError) -> DType { try required(index).type.dtype }

  /// The contents of an input on which the results' shape depends.
  public func constant(_ index: Int) throws(GraphError) -> Tensor {
    guard let tensor = try required(index).constant else {
      throw GraphError(.dependsOnData, "the result's shape depends on the contents of input \(index)")
    }
    return tensor
  }

  /// ``constant(_:)`` as integers.
  public func integers(_ index: Int) throws(GraphError) -> [Int] {
    try constant(index).scalars(as: Int64.self).map { Int($0) }
  }

  /// All inputs, none absent.
  public func all() throws(GraphError) -> [Operand] {
    var result: [Operand] = []
    for i in list.indices { result.append(try required(i)) }
    return result
  }
}

/// The inputs of a node while it is computed.
public struct Arguments: Sendable {
  package let list: [Tensor?]

  public init(_ list: [Tensor?]) { self.list = list }

  public var count: Int { list.count }
  public subscript(optional index: Int) -> Tensor? { index < list.count ? list[index] : nil }

  public func tensor(_ index: Int) throws(GraphError) -> Tensor {
    guard let tensor = self[optional: index] else { throw missingInput(index, of: count) }
    return tensor
  }

  /// An input as numbers of type `T`, converted if it is of another type.
  public func scalars<T: TensorScalar>(_ index: Int, as type: T.Type) throws(GraphError) -> [T] {
    try tensor(index).scalars(as: type)
  }

  /// All inputs, none absent.
  public func all() throws(GraphError) -> [Tensor] {
    var result: [Tensor] = []
    for i in list.indices { result.append(try tensor(i)) }
    return result
  }

  /// The same inputs as operands with known contents.
  public var operands: Operands { Operands(list.map { $0.map { Operand($0) } }) }
}

private func missingInput(_ index: Int, of count: Int) -> GraphError {
  GraphError(.inputMissing, "an input is missing", expected: "input \(index)", found: "\(count) inputs")
}
