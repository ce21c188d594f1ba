package import MNNGraph

/// A graph that is planned once, for the types of inputs it states, and called with tensors of these types only: what is left of a
/// ``Module`` where the caller has checked the inputs.
package final class PlannedGraph: Sendable {
  private let program: Program
  private let entry: Program.Entry

  /// - Parameter graph: all sizes of its inputs are numbers.
  /// - Throws: ``RunError`` if the graph cannot be planned.
  package init(_ graph: Graph, runtime: RuntimeManager) throws(RunError) {
    let files = graph.mappedFiles
    var (graph, runtime, control) = (graph, runtime, runtime.passes)
    let operands = try asRunError { () throws(GraphError) in
      try PassPipeline.expansion(for: runtime.settings).run(on: &graph, under: &control)
      try PassPipeline.simplify.run(on: &graph, under: &control)
      var operands: [Operand] = []
      for id in graph.inputs {
        guard let operand = graph.operand(id) else { throw GraphError(.dependsOnData, "the type of an input is not known") }
        operands.append(operand)
      }
      return operands
    }
    runtime.passes = control
    program = Program(graph, runtime: runtime, kernels: KernelCache(), files: files, capacity: 1)
    entry = try program.entry(for: operands)
  }

  /// - Parameter inputs: one tensor per input, of its type.
  package func run(_ inputs: [Tensor]) throws(RunError) -> [Tensor] { try program.run(inputs, on: entry) }

  /// The names of the operators as they run, fused, for tests.
  package var operatorNames: [String] { entry.plan.placement.entries.map(\.operatorName) }
}
