public import MNNGraph

/// Inputs on which a model is tried: a tensor for each input, by name.
public struct Samples: Sendable {
  public var inputs: [[String: Tensor]]
  /// Whether they were drawn, and stand for nothing that the model was trained on.
  public var areDrawn: Bool

  public init(_ inputs: [[String: Tensor]]) {
    self.inputs = inputs
    areDrawn = false
  }

  /// A sample from each file of arrays that are named as the model's inputs (`.npz`).
  ///
  /// - Throws: ``QuantizationError/Code/samplesInvalid`` if a file cannot be read or lacks an input.
  public init(contentsOf paths: [String], for graph: Graph) throws(QuantizationError) {
    inputs = []
    areDrawn = false
    for path in paths {
      var archive: [String: Tensor] = [:]
      do throws(GraphError) {
        let file = try NPZArchive(contentsOf: path)
        for name in file.names { archive[name] = try file.tensor(named: name) }
      } catch {
        throw QuantizationError(.samplesInvalid, error.what, expected: error.expected, found: error.found, file: path)
      }
      for id in graph.inputs where archive[graph[id].name] == nil {
        throw QuantizationError(
          .samplesInvalid, "the file lacks an input of the model", expected: graph[id].name,
          found: archive.keys.sorted().joined(separator: ", "), file: path)
      }
      inputs.append(archive)
    }
  }

  /// Sizes that a model leaves open are drawn as this, the first axis as 1.
  private static let openSize = 16

  /// Inputs that are drawn, the same on every machine: floats from a normal distribution; integers that pick rows of a table among
  /// its rows, and ones otherwise, as masks have them.
  ///
  /// - Throws: ``QuantizationError/Code/samplesInvalid`` if the type of an input is not known.
  public static func drawn(_ count: Int, for graph: Graph) throws(QuantizationError) -> Samples {
    var random = SplitMix64(seed: 1)
    var samples = Samples([])
    samples.areDrawn = true
    for _ in 0..<count {
      var sample: [String: Tensor] = [:]
      for id in graph.inputs {
        guard let type = graph[id].type else {
          throw QuantizationError(
            .samplesInvalid, "the type of an input is not known", found: graph[id].name, advice: "give samples in files")
        }
        let shape = type.shape.dimensions.enumerated().map { $1.value ?? ($0 == 0 ? 1 : openSize) }
        let rows = graph.rowsPicked(by: id)
        sample[graph[id].name] = try asQuantizationError { () throws(GraphError) in
          let count = try checkedElementCount(shape)
          try WorkBudget.current?.spend(Work(operations: count, bytes: count.saturatingMultiply(8)), on: .quantizing)
          if type.dtype.isFloatingPoint {
            return try Tensor(shape: shape, scalars: (0..<count).map { _ in random.normal() }).converted(to: type.dtype)
          }
          let values = (0..<count).map { _ in rows.map { Int64.random(in: 0..<Int64(max($0, 1)), using: &random) } ?? 1 }
          return try Tensor(shape: shape, scalars: values).converted(to: type.dtype)
        }
      }
      samples.inputs.append(sample)
    }
    return samples
  }
}

extension SplitMix64 {
  /// Nearly normal: the sum of twelve uniforms.
  fileprivate mutating func normal() -> Float { (0..<12).reduce(-6) { sum, _ in sum + Float.random(in: 0..<1, using: &self) } }
}

extension Graph {
  /// The number of rows of the table from which a value picks, if it does.
  fileprivate func rowsPicked(by id: Value.ID) -> Int? {
    for consumer in self[id].consumers {
      guard let node = self[consumer] else { continue }
      switch node.op {
      case is Gather, is GatherAlongAxis:
        if node.inputs.count > 1, node.inputs[1] == id {
          return node.inputs[0].flatMap { self[$0].type?.shape.dimensions.first?.value }
        }
      case is Cast, is Identity, is Reshape, is Unsqueeze, is Squeeze:
        if let rows = rowsPicked(by: node.results[0]) { return rows }
      default: continue
      }
    }
    return nil
  }
}
