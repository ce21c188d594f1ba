import CKernels
import MNNBackendCPU
import MNNGraph
import MNNRuntime

/// The levels that this processor can run, worst first.
let levels: [String] = ["scalar", "avx2", "avx512", "neon"].filter { level in
  let mask = ck_cpu_isa_mask()
  return level == "scalar"
    || ck_cpu_limit_isa(mask, level) > UInt32(CK_ISA_SCALAR)
      && (level != "avx512" || ck_cpu_limit_isa(mask, level) != ck_cpu_limit_isa(mask, "avx2"))
}

/// Reproducible numbers (splitmix64).
struct RandomNumbers: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func floats(_ shape: [Int], in range: ClosedRange<Float> = -2...2) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor(shape: shape, scalars: (0..<count).map { _ in Float.random(in: range, using: &self) })
  }

  mutating func integers(_ shape: [Int], in range: ClosedRange<Int64>) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor(shape: shape, scalars: (0..<count).map { _ in Int64.random(in: range, using: &self) })
  }
}

/// A graph with its inputs, made in one expression.
struct Sample {
  var graph = Graph(name: "sample")
  var inputs: [Tensor] = []

  mutating func input(_ tensor: Tensor) -> Value.ID {
    inputs.append(tensor)
    return graph.addInput("x\(inputs.count)", type: tensor.type)
  }

  mutating func constant(_ tensor: Tensor) -> Value.ID { graph.addConstant(tensor) }

  mutating func add(_ op: any Operator, _ inputs: Value.ID?...) throws -> Value.ID {
    try graph.append(op, inputs, name: "n\(graph.nodeCount)")[0]
  }

  /// Largest difference from the reference over the reference's largest magnitude (at least 1), and the operators' backends.
  func difference(level: String, threads: Int = 1) throws -> (error: Double, fallbacks: [String]) {
    let expected = try Interpreter().run(graph, inputs)
    let runtime = try RuntimeManager.cpu(threads: threads, instructionSet: level)
    let module = try Module(graph: graph, runtime: runtime)
    let found = try module.forward(inputs)
    let placement = try module.plan(forInputs: inputs.map(\.type)).placement
    let fallbacks = placement.entries.filter { $0.backend != "cpu" }.map { "\($0.operatorName): \($0.refusals)" }
    var worst = 0.0
    for (a, b) in zip(expected, found) {
      guard a.type == b.type else { return (.infinity, ["\(b.type) in place of \(a.type)"]) }
      let p = try a.scalars(as: Double.self)
      let q = try b.scalars(as: Double.self)
      let scale = max(1, p.filter(\.isFinite).map(abs).max() ?? 1)
      for (x, y) in zip(p, q) where x != y && !(x.isNaN && y.isNaN) {
        worst = max(worst, (x - y).isNaN ? .infinity : abs(x - y) / scale)
      }
    }
    return (worst, fallbacks)
  }
}

/// Sums of a few hundred products of numbers near 1, in another order than the reference's double precision.
let tolerance = 2e-5
