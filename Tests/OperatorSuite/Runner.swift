import CKernels
import MNNBackendCPU
package import MNNGraph
import MNNRuntime
import MNNSchema
import TestSupport

/// Something that runs graphs and must give what the reference gives.
package struct Runner: Sendable, CustomStringConvertible {
  package let name: String
  /// Cases, each with an element type (`Gemm bool`), that this one is known to get wrong, with the reason.
  package let gaps: [String: String]
  /// Whether results have the types that the graph says.
  private let keepsTypes: Bool
  private let run: @Sendable (Graph, [Tensor]) throws -> [Tensor]

  package var description: String { name }

  package func results(of graph: Graph, _ inputs: [Tensor]) throws -> [Tensor] { try run(graph, inputs) }

  /// The largest relative difference from `expected`.
  package func difference(_ graph: Graph, _ inputs: [Tensor], from expected: [Tensor]) throws -> Double {
    let found = try run(graph, inputs)
    guard !keepsTypes else { return try relativeDifference(found, from: expected) }
    var wanted: [Tensor] = []
    for (tensor, result) in zip(expected, found) { wanted.append(try tensor.converted(to: result.dtype)) }
    return try relativeDifference(found, from: wanted)
  }

  /// The CPU at each of its levels, and a file that is written and read again.
  package static let all: [Runner] = cpu + [file]

  package static let cpu: [Runner] = levels.map { level in
    Runner(
      name: "cpu \(level)", gaps: ["FusedMatMul of codes float32": "rows are rounded to bytes, as memory low asks for"],
      keepsTypes: true
    ) { graph, inputs in
      try Module(graph: graph, runtime: .cpu(threads: 2, instructionSet: level)).forward(inputs)
    }
  }

  /// The levels that this processor can run, worst first.
  private static var levels: [String] {
    let mask = ck_cpu_isa_mask()
    return ["scalar", "avx2", "avx512", "neon"].filter { level in
      level == "scalar"
        || ck_cpu_limit_isa(mask, level) > UInt32(CK_ISA_SCALAR)
          && (level != "avx512" || ck_cpu_limit_isa(mask, level) != ck_cpu_limit_isa(mask, "avx2"))
    }
  }

  /// Files keep bool and narrow integers as int32 and halves as float32, so inputs and results are compared as what was read.
  private static let file = Runner(name: "file", gaps: [:], keepsTypes: false) { graph, inputs in
    let read = try Graph(mnn: graph.mnnBytes())
    var converted: [Tensor] = []
    for (id, tensor) in zip(read.inputs, inputs) {
      converted.append(try tensor.converted(to: read[id].type?.dtype ?? tensor.dtype))
    }
    return try Interpreter().run(read, converted)
  }
}
