public import MNNGraph
public import MNNSchema

/// Reads a model of any format, simplifies it, and writes it as `.mnn`.
public struct Converter: Sendable {
  /// The size of the first axis of inputs where the model leaves it open; nil to leave it so.
  public var batch: Int?
  /// Which of a model's sets of inputs and outputs is meant, for formats that have several; nil for the one that is served by default.
  public var signature: String?
  /// Sizes of inputs that the model leaves open.
  public var inputShapes: InputShapes?
  /// Whether every size of the inputs must be known, so that all that follows from them can be computed now.
  public var isStatic = false
  /// What is done to the graph. Passes can be switched off by name.
  public var pipeline = PassPipeline.simplify
  public var writing = MNNWritingOptions()
  /// How much work reading, simplifying and writing may take. Spent from one budget by ``convert(_:format:to:)`` and by what runs
  /// within ``WorkBudget/run(_:)``, which then decides; otherwise each step has its own.
  public var limits = WorkBudget.Limits.conversion

  public init() {}

  /// The operators of other frameworks that can be read, sorted.
  public static func operators(of format: ModelFormat) -> [String] { format.operatorNames() }

  /// The model as it is in the file, before any pass.
  public func graph(contentsOf path: String, format: ModelFormat) throws(ImportError) -> Graph {
    try WorkBudget.ensured(limits) { _ throws(ImportError) in
      var graph = try format.read(path, signature)
      if let batch { try setBatch(batch, of: &graph, path) }
      if let inputShapes {
        do throws(ImportError) { try graph.setInputShapes(inputShapes) } catch { throw error.located(file: path) }
      }
      if isStatic, let open = graph.inputs.first(where: { graph[$0].type?.shape.sizes == nil }) {
        throw ImportError(
          .invalidShape, "input \"\(graph[open].name)\" of a static model has open sizes", file: path, expected: "numbers",
          found: graph[open].type?.shape.description ?? "no shape",
          advice: "give them: --inputConfigFile, or --batch for the first axis")
      }
      return graph
    }
  }

  /// The passes for graphs of a format: the sizes that a `.mnn` file states for its inputs are an example, from which
  /// nothing may be computed.
  public func pipeline(for format: ModelFormat) -> PassPipeline {
    var result = pipeline
    if format.statesExampleSizes, !isStatic {
      result.passes = result.passes.map { $0.name == Pass.foldConstants.name ? .foldConstantsAlone : $0 }
    }
    return result
  }

  /// Applies the passes.
  ///
  /// - Parameter format: what the graph was read from.
  /// - Returns: which passes changed the graph, and how often.
  @discardableResult
  public func simplify(_ graph: inout Graph, from format: ModelFormat) throws(ImportError) -> PassPipeline.Report {
    let (pipeline, files) = (pipeline(for: format), graph.mappedFiles)
    do throws(GraphError) {
      return try WorkBudget.ensured(limits.adding(bytes: graph.constantByteCount)) { _ throws(GraphError) in
        let report = try pipeline.run(on: &graph)
        try files.check()
        return report
      }
    } catch { throw ImportError(error.code == .workExceeded ? .workExceeded : .conversionFailed, "\(error)") }
  }

  /// Writes the graph. Files appear when they are complete, or not at all.
  ///
  /// - Returns: what writing did to the weights.
  @discardableResult
  public func write(_ graph: Graph, to path: String) throws(ImportError) -> MNNWritingReport {
    do throws(FormatError) {
      return try WorkBudget.ensured(limits.adding(bytes: graph.constantByteCount)) { _ throws(FormatError) in
        try graph.writeMNN(to: path, options: writing)
      }
    } catch { throw ImportError(error) }
  }

  /// Reads, simplifies and writes.
  ///
  /// - Returns: the graph that was written.
  @discardableResult
  public func convert(_ path: String, format: ModelFormat, to target: String) throws(ImportError) -> Graph {
    try WorkBudget.ensured(limits) { _ throws(ImportError) in
      var graph = try graph(contentsOf: path, format: format)
      try simplify(&graph, from: format)
      try write(graph, to: target)
      return graph
    }
  }

  private func setBatch(_ batch: Int, of graph: inout Graph, _ path: String) throws(ImportError) {
    do throws(GraphError) { try graph.setBatch(batch) } catch {
      throw ImportError(.conversionFailed, "\(error)", file: path, advice: "the model does not allow this batch")
    }
  }
}
