import Foundation
import MNNGraph
import MNNSchema
import OperatorSuite

@testable import MNNConvert

/// A model with inputs and the outputs that are expected, as written by Scripts/golden/onnx-cases.
struct ONNXCase: Sendable, CustomStringConvertible {
  let folder: String
  let name: String
  var description: String { name }

  static func all(in folder: String) -> [ONNXCase] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".onnx") }.sorted().map {
      ONNXCase(folder: folder, name: String($0.dropLast(".onnx".count)))
    }
  }

  enum Outcome: Equatable {
    case passed
    case refused(String)
    case failed(String)
    case wrong(String)
  }

  /// Imports the model, runs it, and compares.
  ///
  /// - Parameters:
  ///   - written: also writes the graph as `.mnn` and reads it back.
  ///   - runner: what runs it; nil for the operators' reference meanings.
  func run(written: Bool = false, on runner: Runner? = nil) -> Outcome {
    let data: ONNXReader
    do { data = try ONNXReader(path: "\(folder)/\(name).onnx") } catch { return .refused("\(error)") }
    var graph: Graph
    do { graph = try ONNXImporter(path: "\(folder)/\(name).onnx").graph() } catch { return .refused("\(error)") }
    do {
      if written { graph = try Graph(mnn: graph.mnnBytes()) }
      var tensors: [String: Tensor] = [:]
      for stored in data.model.graph.initializers where stored.name.contains(":") {
        tensors[stored.name] = try data.loader.load(stored)
      }
      var inputs: [Tensor] = []
      for id in graph.inputs {
        guard let tensor = tensors["in:" + graph[id].name] else { return .failed("no input \(graph[id].name)") }
        inputs.append(try tensor.converted(to: graph[id].type?.dtype ?? tensor.dtype))
      }
      let outputs = try runner?.results(of: graph, inputs) ?? Interpreter().run(graph, inputs)
      var limits = Dictionary(
        data.model.metadata.map { ($0.key, Double($0.value) ?? 0) }, uniquingKeysWith: { $1 })
      if written || runner != nil { limits["rtol"] = max(limits["rtol"] ?? 0, 1e-5) }
      for (id, found) in zip(graph.outputs, outputs) {
        guard var expected = tensors["out:" + graph[id].name] else { return .failed("no output \(graph[id].name)") }
        // Truth is kept as int32, halves as float32; wider types come back as they are.
        let isKept = [.int64, .uint64, .uint32, .int16, .uint16, .float64].contains(expected.dtype)
        if written, !isKept, expected.dtype.isFloatingPoint == found.dtype.isFloatingPoint {
          expected = try expected.converted(to: found.dtype)
        }
        if let difference = try difference(found, expected, limits) { return .wrong("\(graph[id].name): \(difference)") }
      }
      return .passed
    } catch {
      return .failed("\(error)")
    }
  }

  private func difference(_ found: Tensor, _ expected: Tensor, _ limits: [String: Double]) throws -> String? {
    guard found.type == expected.type else { return "type \(found.type) for \(expected.type)" }
    if found.dtype == .uint64 {
      let same = try found.scalars(as: UInt64.self) == expected.scalars(as: UInt64.self)
      return same ? nil : "\(found) for \(expected)"
    }
    guard found.dtype.isFloatingPoint else {
      let a = try found.scalars(as: Int64.self)
      let b = try expected.scalars(as: Int64.self)
      let limit = Int64(limits["int_tol"] ?? 0)
      let bad = zip(a, b).filter { $0 > $1 ? $0 &- $1 > limit : $1 &- $0 > limit }
      return bad.first.map { "\(bad.count) of \(a.count) differ: \($0.0) for \($0.1)" }
    }
    let a = try found.scalars(as: Double.self)
    let b = try expected.scalars(as: Double.self)
    let bad = zip(a, b).filter { x, y in
      if x.isNaN || y.isNaN { return x.isNaN != y.isNaN }
      return x != y && !(abs(x - y) <= (limits["atol"] ?? 0) + (limits["rtol"] ?? 0) * abs(y))
    }
    return bad.first.map { "\(bad.count) of \(a.count) differ: \($0.0) for \($0.1)" }
  }
}
