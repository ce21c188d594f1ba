import MNNGraph
public import MNNRuntime

/// Models, and layers to make them of.
// swift-format-ignore: TypeNamesShouldBeCapitalized
public enum nn {
  /// Loads a `.mnn` model.
  ///
  /// - Parameters:
  ///   - path: the file; weights kept apart are looked for at `path` with `.weight` added.
  ///   - inputs: names of values to feed, in the order in which they will be given; empty for the model's own.
  ///   - outputs: names of values to give out, in this order; empty for the model's own.
  ///   - runtime: backends and settings; those of the current ``Executor`` if nil.
  ///   - shapeMutable: false if the shapes will not change: all planning is then done now.
  /// - Throws: ``ExprError``; ``ExprError/Code/file`` for a file that is missing or damaged.
  public static func loadModule(
    fromFile path: String, inputs: [String] = [], outputs: [String] = [], runtime: RuntimeManager? = nil,
    shapeMutable: Bool = true
  ) throws(ExprError) -> Module {
    let runtime = try runtimeOrCurrent(runtime)
    do throws(RunError) {
      return try Module(
        contentsOf: path, inputs: inputs, outputs: outputs, runtime: runtime, shapeMutable: shapeMutable)
    } catch {
      if error.code == .file { throw ExprError(.file, error.what) }
      throw ExprError(error)
    }
  }

  /// The module that computes `outputs` from `inputs`.
  ///
  /// - Parameters:
  ///   - inputs: placeholders.
  ///   - outputs: expressions that depend on no other placeholder.
  ///   - runtime: backends and settings; those of the current ``Executor`` if nil.
  public static func loadModule(
    inputs: [Variable], outputs: [Variable], runtime: RuntimeManager? = nil, shapeMutable: Bool = true
  ) throws(ExprError) -> Module {
    let runtime = try runtimeOrCurrent(runtime)
    let graph = try Graph(inputs: inputs, outputs: outputs)
    do throws(RunError) { return try Module(graph: graph, runtime: runtime, shapeMutable: shapeMutable) } catch {
      throw ExprError(error)
    }
  }

  private static func runtimeOrCurrent(_ runtime: RuntimeManager?) throws(ExprError) -> RuntimeManager {
    if let runtime { return runtime }
    return try Executor.current.runtime
  }
}
