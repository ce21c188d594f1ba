import Foundation
import MNNGraph
import MNNSchema

@testable import MNNConvert

/// A model and what its source framework computes with it: NAME.<extension>, and NAME.npz with inputs ("in:NAME"), outputs
/// ("out:NAME") and, where results are further apart than rounding, by how much ("limit").
struct RecordedCase: Sendable, CustomStringConvertible {
  let model: String
  let format: ModelFormat
  var signature: String?
  var description: String { URL(fileURLWithPath: model).lastPathComponent }

  static func all(in folder: String, _ format: ModelFormat, extension suffix: String) -> [RecordedCase] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data/\(folder)").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(suffix) }.sorted().map { RecordedCase(model: "\(path)/\($0)", format: format) }
  }

  /// The graph, before or after the passes, or as it is after it was written and read.
  enum Stage { case imported, simplified, written }

  func graph(_ stage: Stage) throws -> Graph {
    var converter = Converter()
    converter.signature = signature
    var graph = try converter.graph(contentsOf: model, format: format)
    if stage != .imported { try converter.simplify(&graph, from: format) }
    if stage == .written { graph = try Graph(mnn: graph.mnnBytes()) }
    return graph
  }

  /// What is wrong with the results by the operators' reference meanings; nil if nothing is.
  func problem(_ stage: Stage) throws -> String? {
    let graph = try graph(stage)
    let recorded = try NPZArchive(contentsOf: String(model.prefix { $0 != "." } + ".npz"))
    let limit = recorded.names.contains("limit") ? try recorded.tensor(named: "limit").scalars(as: Double.self)[0] : 0
    var inputs: [Tensor] = []
    for id in graph.inputs {
      let tensor = try recorded.tensor(named: "in:" + graph[id].name)
      inputs.append(try tensor.converted(to: graph[id].type?.dtype ?? tensor.dtype))
    }
    for (id, found) in zip(graph.outputs, try Interpreter().run(graph, inputs)) {
      let expected = try recorded.tensor(named: "out:" + graph[id].name)
      guard found.shape == expected.shape else { return "\(graph[id].name): shape \(found.shape) for \(expected.shape)" }
      if stage != .written, found.dtype != expected.dtype { return "\(graph[id].name): \(found.dtype) for \(expected.dtype)" }
      let isExact = !expected.dtype.isFloatingPoint && expected.dtype.byteCount > 2
      for (a, b) in zip(try found.scalars(as: Double.self), try expected.scalars(as: Double.self)) {
        // Quantized results are within one step.
        let allowed = isExact ? 0 : expected.dtype.isFloatingPoint ? max(limit, 2e-5 + 1e-4 * abs(b)) : 1
        guard abs(a - b) <= allowed else { return "\(graph[id].name): \(a) for \(b)" }
      }
    }
    return nil
  }
}
