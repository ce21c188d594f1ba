package import MNNGraph
import MNNKernels

extension Variable {
  /// An operator applied to operands: the way in which every function of this module is made. Computes nothing but types, unless
  /// the result's shape depends on contents, which are then computed, or the executor is eager.
  ///
  /// - Parameters:
  ///   - operands: nil where an optional one is absent.
  ///   - constants: operands, as indices, whose contents are part of what is planned: shapes, axes, weights.
  package static func apply(
    _ op: any Operator, _ operands: [Variable?], constants: Set<Int> = []
  ) -> Variable {
    apply(results: op, operands, constants: constants).first
      ?? Variable(failed: ExprError(.argumentInvalid, "operator \(op.name) has no result"))
  }

  /// As ``apply(_:_:constants:)`` for operators with several results.
  package static func apply(
    results op: any Operator, _ operands: [Variable?], constants: Set<Int> = []
  ) -> [Variable] {
    let format = operands.first.flatMap { $0?.format } ?? .NCHW
    do throws(ExprError) {
      if let op = op as? any LayoutOperator, let moved = try moved(op, operands) {
        return moved.map { Variable($0, format: format) }
      }
      let node = try makeNode(op, operands, constants)
      return (0..<op.resultCount).map { Variable(.result(ResultHandle(node, $0)), format: format) }
    } catch {
      let failure = Failure(error)
      return (0..<Swift.max(1, op.resultCount)).map { _ in Variable(.failed(failure), format: format) }
    }
  }

  /// What an operator that only moves elements gives for operands that are there, if it costs no more than planning it: if they
  /// are small, or if the result is all of an operand in another shape.
  private static func moved(_ op: any LayoutOperator, _ operands: [Variable?]) throws(ExprError) -> [Tensor]? {
    var tensors: [Tensor?] = []
    var count = 0
    for operand in operands {
      guard let operand else { tensors.append(nil); continue }
      guard let tensor = operand.knownTensor else { return nil }
      tensors.append(tensor)
      count += tensor.count
    }
    let isView = op is Reshape || op is Squeeze || op is Unsqueeze || op is Flatten || op is Identity
    guard let direct = isView ? Executor.current.direct : directKernels(count: count) else { return nil }
    do throws(GraphError) {
      let operands = Operands(tensors.map { tensor in tensor.map { Operand($0) } })
      if !isView, Executor.current.mode == .lazy {
        // Repeating and filling make much of little.
        for type in try op.resultTypes(for: operands) {
          guard try checkedElementCount(type.shape.concreteSizes()) <= directLimit else { return nil }
        }
      }
      return try direct.move(op, operands, tensors)
    } catch { throw ExprError(error) }
  }

  /// Longer chains are computed when they are built, so that no chain grows without bound.
  private static let depthLimit = 512

  private static func makeNode(
    _ op: any Operator, _ operands: [Variable?], _ constants: Set<Int>
  ) throws(ExprError) -> ExpressionNode {
    var inputs: [ExpressionNode.Input] = []
    inputs.reserveCapacity(operands.count)
    for (i, operand) in operands.enumerated() {
      inputs.append(try operand?.input(isConstant: constants.contains(i)) ?? .absent)
    }
    var types: [TensorType]?
    var dependsOnData = false
    do throws(GraphError) {
      types = try inferTypes(op, inputs)
    } catch {
      guard error.code == .dependsOnData else { throw ExprError(error) }
      dependsOnData = true
    }
    let node = ExpressionNode(op, inputs, types: types)
    if !node.dependsOnPlaceholder, dependsOnData || node.depth > depthLimit || Executor.current.mode == .eager {
      _ = try Evaluation.compute(node)
    }
    return node
  }

  private func input(isConstant: Bool) throws(ExprError) -> ExpressionNode.Input {
    switch source {
    case .failed(let failure): throw failure.error
    case .tensor(let tensor): return isConstant ? .constant(tensor) : .tensor(tensor)
    case .placeholder(let placeholder): return .placeholder(placeholder)
    case .result(let handle):
      switch handle.node.current {
      case .computed(let tensors): return isConstant ? .constant(tensors[handle.index]) : .tensor(tensors[handle.index])
      case .waiting:
        guard isConstant, !handle.node.dependsOnPlaceholder else { return .result(handle.node, handle.index) }
        return .constant(try Evaluation.tensor(of: handle))
      }
    }
  }

  /// The types of the results, nil if an operand's is not known.
  private static func inferTypes(
    _ op: any Operator, _ inputs: [ExpressionNode.Input]
  ) throws(GraphError) -> [TensorType]? {
    var list: [Operand?] = []
    list.reserveCapacity(inputs.count)
    for input in inputs {
      switch input {
      case .absent: list.append(nil)
      case .tensor(let tensor): list.append(Operand(tensor.type))
      case .constant(let tensor): list.append(Operand(tensor))
      case .placeholder(let placeholder): list.append(Operand(placeholder.type))
      case .result(let node, let index):
        guard let types = node.types else { return nil }
        list.append(Operand(types[index]))
      }
    }
    let types = try op.resultTypes(for: Operands(list))
    // A shape that would not fit into memory is refused where it is written.
    for type in types {
      if let sizes = type.shape.sizes { _ = try checkedElementCount(sizes) }
    }
    return types
  }
}
