import MNNGraph
import MNNRuntime
import Synchronization

/// Computes what is read: the waiting nodes below it, as one graph, planned once per structure.
enum Evaluation {
  static func tensor(of handle: ResultHandle) throws(ExprError) -> Tensor {
    switch handle.node.current {
    case .computed(let tensors): return tensors[handle.index]
    case .waiting: return try compute(handle.node)[handle.index]
    }
  }

  /// The results of a node and, on the way, of what it needs. An error is not remembered: the next reading tries again.
  static func compute(_ node: ExpressionNode) throws(ExprError) -> [Tensor] { try compute(all: [node])[0] }

  /// The results of several nodes, computed by one plan.
  static func compute(all targets: [ExpressionNode]) throws(ExprError) -> [[Tensor]] {
    var collector = Collector()
    for target in targets { try collector.collect(target) }
    let executor = Executor.current
    let structure = collector.structure(giving: targets)
    let plan = try executor.plans.plan(for: structure.key) { () throws(ExprError) in
      let runtime = try executor.runtime
      let graph = try asExprError { () throws(GraphError) in try structure.key.graph() }
      do throws(RunError) { return try PlannedGraph(graph, runtime: runtime) } catch { throw ExprError(error) }
    }
    let tensors: [Tensor]
    do throws(RunError) { tensors = try plan.run(collector.leaves) } catch { throw ExprError(error) }
    var position = 0
    for node in structure.kept {
      node.finish(Array(tensors[position..<position + node.op.resultCount]))
      position += node.op.resultCount
    }
    var results: [[Tensor]] = []
    for target in targets {
      switch target.current {
      case .computed(let tensors): results.append(tensors)
      case .waiting: throw ExprError(.run, "a result of \(target.op.name) was not computed")
      }
    }
    return results
  }
}

/// Goes through the waiting nodes below some results, operands first.
struct Collector {
  private(set) var leaves: [Tensor] = []
  private var key = Structure()
  private var nodes: [ExpressionNode] = []
  private var steps: [ObjectIdentifier: Int] = [:]
  /// Where an operand was found that had been computed when it was looked at.
  private var known: [ObjectIdentifier: [Tensor]] = [:]

  mutating func collect(_ root: ExpressionNode) throws(ExprError) {
    var stack: [(node: ExpressionNode, inputs: [ExpressionNode.Input], next: Int)] = []
    try visit(root, &stack)
    while let top = stack.last {
      if top.next == top.inputs.count {
        stack.removeLast()
        append(top.node, top.inputs)
        continue
      }
      stack[stack.count - 1].next += 1
      switch top.inputs[top.next] {
      case .result(let node, _): try visit(node, &stack)
      case .placeholder:
        throw ExprError(
          .placeholderUnset, "the expression depends on a placeholder without contents",
          advice: "write to it before it is used, or make a Function of the expression")
      case .absent, .tensor, .constant: break
      }
    }
  }

  private mutating func visit(
    _ node: ExpressionNode, _ stack: inout [(node: ExpressionNode, inputs: [ExpressionNode.Input], next: Int)]
  ) throws(ExprError) {
    let id = ObjectIdentifier(node)
    guard steps[id] == nil, known[id] == nil else { return }
    switch node.current {
    case .waiting(let inputs): stack.append((node, inputs, 0))
    case .computed(let tensors): known[id] = tensors
    }
  }

  private mutating func append(_ node: ExpressionNode, _ inputs: [ExpressionNode.Input]) {
    guard steps[ObjectIdentifier(node)] == nil else { return }
    let list = inputs.map { input -> Structure.Input in
      switch input {
      case .absent, .placeholder: return .absent
      case .tensor(let tensor): return leaf(tensor)
      case .constant(let tensor):
        key.constants.append(tensor)
        return .constant(key.constants.count - 1)
      case .result(let node, let index):
        if let step = steps[ObjectIdentifier(node)] { return .result(step: step, index) }
        return known[ObjectIdentifier(node)].map { leaf($0[index]) } ?? .absent
      }
    }
    steps[ObjectIdentifier(node)] = nodes.count
    nodes.append(node)
    key.steps.append(Structure.Step(op: node.op, inputs: list))
  }

  private mutating func leaf(_ tensor: Tensor) -> Structure.Input {
    if let index = leaves.firstIndex(where: { $0.isIdentical(to: tensor) }) { return .leaf(index) }
    leaves.append(tensor)
    key.leaves.append(Structure.Leaf(dtype: tensor.dtype, shape: tensor.shape))
    return .leaf(leaves.count - 1)
  }

  /// The structure that gives out the targets, and what else is worth keeping: results that variables hold and that take more
  /// than a pass over memory to compute.
  func structure(giving targets: [ExpressionNode]) -> (key: Structure, kept: [ExpressionNode]) {
    var key = key
    let wanted = Set(targets.map { ObjectIdentifier($0) })
    var kept: [ExpressionNode] = []
    for (step, node) in nodes.enumerated() {
      guard wanted.contains(ObjectIdentifier(node)) || node.isHeld && node.op.isWorthKeeping else { continue }
      kept.append(node)
      for index in 0..<node.op.resultCount { key.outputs.append(.result(step: step, index)) }
    }
    return (key, kept)
  }
}

extension ExpressionNode {
  var isHeld: Bool { holders.load(ordering: .relaxed) > 0 }
}

extension Operator {
  /// False for what costs no more to compute again than to write to memory and read back.
  var isWorthKeeping: Bool {
    switch self {
    case is Unary, is Binary, is Comparison, is Select, is Cast, is ParametricRelu: false
    case is any LayoutOperator: false
    default: true
    }
  }
}
