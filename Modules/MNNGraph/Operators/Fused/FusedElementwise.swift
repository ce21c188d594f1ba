/// A chain of elementwise operators, each applied to a block of elements before the next block.
///
/// - Inputs: the operands, which broadcast to the result. Every step has the result's shape, or one that broadcasts to it.
/// - Result: that of the last step.
public struct FusedElementwise: CompositeOperator {
  /// An operator that a step can be.
  public enum Function: Hashable, Sendable {
    case binary(Binary)
    case cast(Cast)
    case comparison(Comparison)
    case parametricRelu(ParametricRelu)
    case select(Select)
    case unary(Unary)

    public init?(_ op: any Operator) {
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

    public var op: any Operator {
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

  /// Where a step finds an operand: an input of the chain, or the result of an earlier step.
  public enum Source: Hashable, Sendable {
    case input(Int)
    case step(Int)
  }

  public struct Step: Hashable, Sendable {
    public var function: Function
    public var sources: [Source]

    public init(function: Function, sources: [Source]) {
      self.function = function
      self.sources = sources
    }
  }

  /// The last one gives the result.
  public var steps: [Step]

  public init(steps: [Step]) { self.steps = steps }

  /// What every step gives.
  public func stepTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var types: [TensorType] = []
    for (index, step) in steps.enumerated() {
      var list: [Operand?] = []
      for source in step.sources {
        switch source {
        case .input(let i): list.append(Operand(try operands.type(i)))
        case .step(let i):
          try requireEarlier(i, than: index)
          list.append(Operand(types[i]))
        }
      }
      types += try step.function.op.resultTypes(for: Operands(list))
    }
    return types
  }

  private func requireEarlier(_ source: Int, than index: Int) throws(GraphError) {
    guard source >= 0, source < index else {
      throw GraphError(
        .graphInvalid, "a step of a chain uses what is not computed yet", expected: "a step before \(index)", found: "\(source)")
    }
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    guard let last = try stepTypes(for: operands).last else { throw GraphError(.graphInvalid, "a chain without steps") }
    return [last]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    var results: [Value.ID] = []
    for (index, step) in steps.enumerated() {
      var list: [Value.ID?] = []
      for source in step.sources {
        switch source {
        case .input(let i): list.append(try builder.required(inputs, i))
        case .step(let i):
          try requireEarlier(i, than: index)
          list.append(results[i])
        }
      }
      results += try builder.add(results: step.function.op, list)
    }
    return results.suffix(1)
  }
}
