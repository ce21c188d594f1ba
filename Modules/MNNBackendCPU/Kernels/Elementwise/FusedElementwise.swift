import MNNGraph

/// A chain of elementwise operators, each applied to a block of elements before the next block.
///
/// - Inputs: the operands, which broadcast to the result. Every step has the result's shape, or one that broadcasts to it.
struct FusedElementwise: PrimitiveOperator {
  /// An operator that a step can be.
  enum Function: Hashable, Sendable {
    case binary(Binary)
    case cast(Cast)
    case comparison(Comparison)
    case parametricRelu(ParametricRelu)
    case select(Select)
    case unary(Unary)

    init?(_ op: any Operator) {
      switch op {
      case let op as Binary where op.activation == .identity: self = .binary(op)
      case let op as Cast: self = .cast(op)
      case let op as Comparison: self = .comparison(op)
      case let op as ParametricRelu: self = .parametricRelu(op)
      case let op as Select: self = .select(op)
      case let op as Unary: self = .unary(op)
      default: return nil
      }
    }

    var op: any PrimitiveOperator {
      switch self {
      case .binary(let op): op
      case .cast(let op): op
      case .comparison(let op): op
      case .parametricRelu(let op): op
      case .select(let op): op
      case .unary(let op): op
      }
    }
  }

  enum Source: Hashable, Sendable {
    case input(Int)
    case step(Int)
  }

  struct Step: Hashable, Sendable {
    var function: Function
    var sources: [Source]
  }

  /// The last one gives the result.
  var steps: [Step]

  /// What every step gives.
  func stepTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var types: [TensorType] = []
    for step in steps {
      var list: [Operand?] = []
      for source in step.sources {
        switch source {
        case .input(let i): list.append(Operand(try operands.type(i)))
        case .step(let i): list.append(Operand(types[i]))
        }
      }
      types += try step.function.op.resultTypes(for: Operands(list))
    }
    return types
  }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    guard let last = try stepTypes(for: operands).last else { throw GraphError(.graphInvalid, "a chain without steps") }
    return [last]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    var results: [Tensor] = []
    for step in steps {
      var list: [Tensor?] = []
      for source in step.sources {
        switch source {
        case .input(let i): list.append(try arguments.tensor(i))
        case .step(let i): list.append(results[i])
        }
      }
      results += try step.function.op.evaluate(Arguments(list))
    }
    return results.suffix(1)
  }
}
