import MNNGraph
public import MNNRuntime

extension Module {
  /// Runs the model on variables, which are computed first.
  ///
  /// - Parameter inputs: one per input, in order. An image in another format than the model's is converted; to have its axes taken
  ///   as they are, ``Variable/setOrder(_:)``.
  /// - Returns: one per output, in order, computed.
  /// - Throws: ``ExprError`` that holds the runtime's error.
  public func forward(_ inputs: [Variable]) throws(ExprError) -> [Variable] {
    var tensors: [Tensor] = []
    for input in inputs { tensors.append(try tensor(of: input)) }
    let results: [Tensor]
    do throws(RunError) { results = try forward(tensors) } catch { throw ExprError(error) }
    return zip(results, outputs).map { tensor, port in
      var variable = Variable(tensor, format: format)
      variable.name = port.name
      return variable
    }
  }

  /// Runs a model of one input and one output; an error is kept in the result.
  public func callAsFunction(_ x: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let results = try forward([x])
      guard let first = results.first else { throw ExprError(.argumentInvalid, "the model has no output") }
      return first
    }
  }

  private func tensor(of input: Variable) throws(ExprError) -> Tensor {
    let isImage = try input.rank > 2
    let fits = !isImage || (input.format == .NHWC) == (format == .NHWC)
    return try (fits ? input : input.convert(to: format)).tensor()
  }
}
