import Foundation
import MNNBackendCPU
import MNNConvert
import MNNGraph
import MNNRuntime
import MNNSchema
import Testing

/// Models that MNN wrote, with what it or onnxruntime answered.
@Suite("Models of MNN", .enabled(if: SharedFixtures.folder != nil, "needs ../shared"))
struct OriginalModelTests {
  struct Model: Sendable, CustomTestStringConvertible {
    var name: String
    var mode: String
    var testDescription: String { "\(name)/\(mode)" }
  }

  /// All float models. Left out: qdq, which MNN converts to a model that neither engine can run (a transposition too
  /// many before the convolution).
  static let models: [Model] = {
    let floats = ["fp32", "fp16", "ext", "static", "noconv", "grp", "keep0", "origrnn"]
    let names = [
      "conv3d", "convnet", "deconv", "embed", "gru", "if", "loop", "lstm", "matmul", "misc", "pads", "resize", "rnn", "sparse",
      "tinytransformer",
    ]
    return names.flatMap { name in
      SharedFixtures.files(in: "mnn/\(name)").filter { $0.hasSuffix(".mnn") }.map { String($0.dropLast(4)) }
        .filter { floats.contains($0) }.map { Model(name: name, mode: $0) }
    }
  }()

  @Test("load and answer as recorded", arguments: models)
  func agree(_ model: Model) throws {
    let folder = "mnn/\(model.name)"
    let module = try Module(contentsOf: "\(SharedFixtures.folder ?? "")/\(folder)/\(model.mode).mnn", runtime: .cpu())
    try check(module, model.name, model.mode)
  }

  @Test("are the same after reading and writing", arguments: models)
  func roundTrip(_ model: Model) throws {
    let path = "\(SharedFixtures.folder ?? "")/mnn/\(model.name)/\(model.mode).mnn"
    let graph = try Graph(mnn: Graph(contentsOfMNN: path).mnnBytes())
    try check(try Module(graph: graph, runtime: .cpu()), model.name, model.mode)
  }

  /// With a last window that lies in the padding the format has a row more than ONNX (pads, y4): what both have.
  private static func comparable(_ got: Tensor, with want: Tensor) throws -> Tensor {
    guard got.rank == want.rank, got.rank == 4, got.shape != want.shape, zip(got.shape, want.shape).allSatisfy({ $0 - $1 <= 1 })
    else { return got }
    let ends = try Tensor(want.shape.map { Int32($0) })
    return try Interpreter().evaluate(
      Slice(), Arguments([got, Tensor.zeros(.int32, [4]), ends, Tensor([Int32(0), 1, 2, 3])]))[0]
  }

  private func check(_ module: Module, _ name: String, _ mode: String) throws {
    let folder = "mnn/\(name)"
    let files = SharedFixtures.files(in: folder)
    var inputs: [String: Tensor] = [:]
    for port in module.inputs {
      let isStatic = mode == "static" && files.contains("in_static_\(port.name).npy")
      inputs[port.name] = try SharedFixtures.tensor("\(folder)/in_\(isStatic ? "static_" : "")\(port.name).npy")
    }
    let results = try module.forward(inputs)
    for port in module.outputs {
      let got = try #require(results[port.name])
      // Where MNN errs, its README says that onnxruntime's answer counts.
      var best = Double.infinity
      for candidate in ["mnn_\(mode)_\(port.name).npy", "ort_\(port.name).npy"] where files.contains(candidate) {
        if candidate.hasPrefix("ort"), mode == "static" { continue }
        let want = try SharedFixtures.tensor("\(folder)/\(candidate)")
        best = min(best, try difference(Self.comparable(got, with: want), want))
      }
      #expect(best <= 1e-3, "\(port.name)")
    }
  }
}
