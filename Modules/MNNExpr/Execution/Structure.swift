import MNNGraph

/// What a plan depends on: operators and how they are joined, types of the tensors that flow in, contents of the constants.
struct Structure: Hashable, Sendable {
  enum Input: Hashable, Sendable {
    case absent
    case leaf(Int)
    case constant(Int)
    case result(step: Int, Int)
  }

  struct Step: Sendable {
    var op: any Operator
    var inputs: [Input]
  }

  struct Leaf: Hashable, Sendable {
    var dtype: DType
    var shape: [Int]
  }

  var steps: [Step] = []
  var leaves: [Leaf] = []
  var constants: [Tensor] = []
  /// Results that are given out.
  var outputs: [Input] = []

  static func == (a: Structure, b: Structure) -> Bool {
    a.leaves == b.leaves && a.outputs == b.outputs && a.steps.count == b.steps.count
      && zip(a.steps, b.steps).allSatisfy { $0.inputs == $1.inputs && $0.op.isEqual(to: $1.op) }
      && a.constants == b.constants
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(steps.count)
    for step in steps {
      hasher.combine(step.op)
      hasher.combine(step.inputs)
    }
    hasher.combine(leaves)
    hasher.combine(constants)
  }

  /// The graph of the steps, with one input per leaf.
  func graph() throws(GraphError) -> Graph {
    var graph = Graph()
    let leafIDs = leaves.enumerated().map { graph.addInput("x\($0)", type: TensorType($1.dtype, Shape($1.shape))) }
    let constantIDs = constants.enumerated().map { graph.addConstant($1, name: "c\($0)") }
    var results: [[Value.ID]] = []
    func id(_ input: Input) -> Value.ID? {
      switch input {
      case .absent: nil
      case .leaf(let index): leafIDs[index]
      case .constant(let index): constantIDs[index]
      case .result(let step, let index): results[step][index]
      }
    }
    for (i, step) in steps.enumerated() { results.append(try graph.append(step.op, step.inputs.map(id), name: "n\(i)")) }
    graph.setOutputs(outputs.compactMap(id))
    return graph
  }
}
