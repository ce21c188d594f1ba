/// Compares two tensors element by element, with numpy's broadcasting.
///
/// - Inputs: `a`, `b` of one type. Result: `bool`, the broadcast shape. NaN is unequal to everything.
/// - SeeAlso: ONNX Less, Greater, Equal, …; `.mnn` operator BinaryOp.
public struct Comparison: PrimitiveOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable {
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  }

  public var function: Function

  public init(_ function: Function) { self.function = function }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = try operands.type(0)
    let b = try operands.type(1)
    guard a.dtype == b.dtype else {
      throw GraphError(
        .dtypeUnsupported, "operands of \(function.rawValue) differ in type", expected: "\(a.dtype)", found: "\(b.dtype)")
    }
    return [TensorType(.bool, try broadcastShape(a.shape, b.shape))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let a = try arguments.tensor(0)
    return [
      try a.dtype.isFloatingPoint
        ? compare(arguments, as: Double.self, shape)
        : a.dtype == .uint64 ? compare(arguments, as: UInt64.self, shape) : compare(arguments, as: Int64.self, shape)
    ]
  }

  private func compare<T: TensorScalar & Comparable>(
    _ arguments: Arguments, as type: T.Type, _ shape: [Int]
  ) throws(GraphError) -> Tensor {
    let a = try arguments.tensor(0)
    let b = try arguments.tensor(1)
    let x = try a.scalars(as: T.self)
    let y = try b.scalars(as: T.self)
    let i = try broadcastIndices(from: a.shape, to: shape)
    let j = try broadcastIndices(from: b.shape, to: shape)
    return try Tensor(shape: shape, scalars: zip(i, j).map { callAsFunction(x[$0], y[$1]) })
  }

  public func callAsFunction<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch function {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    case .notEqual: a != b
    }
  }
}
