import MNNGraph
import MNNSchema

extension Module {
  /// Loads a `.mnn` model. The file is mapped; weights are borrowed from it until kernels have packed them.
  ///
  /// - Parameters:
  ///   - path: the model; weights that are in another file are looked for at `path` with `.weight` added.
  ///   - inputs: names of values to feed, in the order of ``forward(_:)-([Tensor])``; empty for the model's own.
  ///   - outputs: names of values to give out; empty for the model's own.
  ///   - shapeMutable: false if the shapes will not change.
  /// - Throws: ``RunError``; with ``RunError/Code/file`` for a file that is missing, damaged or not a model.
  public convenience init(
    contentsOf path: String, inputs: [String] = [], outputs: [String] = [], runtime: RuntimeManager,
    shapeMutable: Bool = true
  ) throws(RunError) {
    let graph: Graph
    let budget = WorkBudget(.conversion.scaled(by: runtime.workFactor))
    do throws(FormatError) {
      graph = try budget.run { () throws(FormatError) in try Graph(contentsOfMNN: path) }
    } catch { throw RunError(.file, "\(error)") }
    try self.init(
      graph: graph, inputs: inputs, outputs: outputs, runtime: runtime, shapeMutable: shapeMutable, budget: budget)
  }
}
