/// A function of one number, applied to every element.
///
/// - Input: any shape. Result: same shape and type; bool for functions that ask a question (``ScalarFunction/Kind/givesBool``).
/// - SeeAlso: the ONNX operators of the functions' names; `.mnn` operators UnaryOp, ReLU, ReLU6, ELU, Selu.
public struct Unary: PrimitiveOperator, Codable {
  public var function: ScalarFunction

  public init(_ function: ScalarFunction) { self.function = function }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    return [function.kind.givesBool ? TensorType(.bool, type.shape) : type]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let dtype = try resultTypes(for: arguments.operands)[0].dtype
    if x.dtype.isInteger || x.dtype == .bool, let f = function.ofIntegers {
      let wide = try Tensor(shape: x.shape, scalars: x.scalars(as: Int64.self).map(f))
      return [try dtype == .bool ? wide.converted(to: .bool) : wide.wrapped(to: dtype)]
    }
    return [try Tensor(shape: x.shape, scalars: x.scalars(as: Double.self).map { function($0) }).converted(to: dtype)]
  }
}

extension ScalarFunction {
  /// The function of every element, by its meaning.
  package func applied(to x: Tensor) throws(GraphError) -> Tensor {
    self == .identity ? x : try Unary(self).evaluate(Arguments([x]))[0]
  }
}
