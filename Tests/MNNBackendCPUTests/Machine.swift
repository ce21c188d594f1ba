import CKernels
import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport

/// The levels that this processor can run, worst first.
let levels: [String] = ["scalar", "avx2", "avx512", "neon"].filter { level in
  let mask = ck_cpu_isa_mask()
  return level == "scalar"
    || ck_cpu_limit_isa(mask, level) > UInt32(CK_ISA_SCALAR)
      && (level != "avx512" || ck_cpu_limit_isa(mask, level) != ck_cpu_limit_isa(mask, "avx2"))
}

extension Sample {
  /// Largest difference from the reference over the reference's largest magnitude (at least 1), and the operators' backends.
  func difference(level: String, threads: Int = 1) throws -> (error: Double, fallbacks: [String]) {
    let expected = try Interpreter().run(graph, inputs)
    let runtime = try RuntimeManager.cpu(threads: threads, instructionSet: level)
    let module = try Module(graph: graph, runtime: runtime)
    let found = try module.forward(inputs)
    let placement = try module.plan(forInputs: inputs.map(\.type)).placement
    let fallbacks = placement.entries.filter { $0.backend != "cpu" }.map { "\($0.operatorName): \($0.refusals)" }
    for (a, b) in zip(expected, found) where a.type != b.type { return (.infinity, ["\(b.type) in place of \(a.type)"]) }
    return (try relativeDifference(found, from: expected), fallbacks)
  }
}

/// Sums of a few hundred products of numbers near 1, in another order than the reference's double precision.
let tolerance = 2e-5
