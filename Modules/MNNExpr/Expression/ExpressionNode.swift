import MNNGraph
import Synchronization

/// An operator applied to operands: waiting or computed. Immutable but for that step, so that any task may hold it.
package final class ExpressionNode: Sendable {
  enum Input: Sendable {
    case absent
    case tensor(Tensor)
    /// Contents on which the meaning depends (axes, shapes, weights): part of the structure that plans are kept by.
    case constant(Tensor)
    case result(ExpressionNode, Int)
    case placeholder(Placeholder)
  }

  enum State: Sendable {
    case waiting([Input])
    case computed([Tensor])
  }

  let op: any Operator
  /// Of the results; nil if they depend on what a placeholder will hold.
  let types: [TensorType]?
  /// The longest chain of waiting nodes that ends here.
  let depth: Int
  let dependsOnPlaceholder: Bool
  private let state: Mutex<State>
  /// How many variables hold a result, which is then worth keeping.
  let holders = Atomic<Int>(0)

  init(_ op: any Operator, _ inputs: [Input], types: [TensorType]?) {
    self.op = op
    self.types = types
    var depth = 1
    var dependsOnPlaceholder = false
    for input in inputs {
      switch input {
      case .result(let node, _):
        depth = max(depth, node.isWaiting ? node.depth + 1 : 1)
        dependsOnPlaceholder = dependsOnPlaceholder || node.dependsOnPlaceholder
      case .placeholder: dependsOnPlaceholder = true
      case .absent, .tensor, .constant: break
      }
    }
    self.depth = depth
    self.dependsOnPlaceholder = dependsOnPlaceholder
    state = Mutex(.waiting(inputs))
  }

  deinit {
    // A long chain would otherwise be released by as many nested calls.
    var pending = state.withLock { state -> [Input] in
      guard case .waiting(let inputs) = state, depth > 64 else { return [] }
      state = .computed([])
      return inputs
    }
    while let input = pending.popLast() {
      guard case .result(var node, _) = consume input, isKnownUniquelyReferenced(&node) else { continue }
      pending += node.takeInputs()
    }
  }

  private func takeInputs() -> [Input] {
    state.withLock { state in
      guard case .waiting(let inputs) = state else { return [] }
      state = .computed([])
      return inputs
    }
  }

  var current: State { state.withLock { $0 } }

  var isWaiting: Bool {
    state.withLock { state in
      if case .waiting = state { true } else { false }
    }
  }

  /// Keeps the results and lets the operands go. If another task was faster, its results stay and are given back.
  @discardableResult
  func finish(_ results: [Tensor]) -> [Tensor] {
    state.withLock { state in
      if case .computed(let known) = state { return known }
      state = .computed(results)
      return results
    }
  }
}

/// A variable's hold on one result of a node.
package final class ResultHandle: Sendable {
  let node: ExpressionNode
  let index: Int

  init(_ node: ExpressionNode, _ index: Int) {
    self.node = node
    self.index = index
    node.holders.add(1, ordering: .relaxed)
  }

  deinit { node.holders.subtract(1, ordering: .relaxed) }

  func type() throws(ExprError) -> TensorType {
    switch node.current {
    case .computed(let tensors): return tensors[index].type
    case .waiting:
      guard let types = node.types else {
        throw ExprError(
          .placeholderUnset, "the shape of \(node.op.name) depends on what a placeholder will hold",
          advice: "make a Function of the expression and call it")
      }
      return types[index]
    }
  }
}

/// Numbers that no two calls share.
enum UniqueNumber {
  private static let last = Atomic<Int>(0)
  static func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}
