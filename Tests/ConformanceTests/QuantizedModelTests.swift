import Foundation
import MNNBackendCPU
import MNNGraph
import MNNQuant
import MNNRuntime
import MNNSchema
import Testing

/// Models with weights in few bits that MNN wrote: what is read is written again bit for bit, whatever else is asked for.
@Suite("Quantized models of MNN", .enabled(if: SharedFixtures.folder != nil, "needs ../shared"))
struct QuantizedModelTests {
  /// Every file with weights that are not plain floats.
  static let models: [String] = SharedFixtures.files(in: "mnn").flatMap { name in
    let files = SharedFixtures.files(in: "mnn/\(name)").filter { $0.hasSuffix(".mnn") }.map { "\(name)/\($0)" }
    return files.filter { (try? weights(path($0)))?.isEmpty == false }
  }

  static func path(_ model: String) -> String { "\(SharedFixtures.folder ?? "")/mnn/\(model)" }

  /// What a convolution's table says of its weights, the bytes included wherever they lie.
  struct Weights: Hashable {
    var type: Int32
    var codes: [UInt8] = []
    var scales: [UInt8] = []
    var lowest: Int32
    var groups: Int32
    var isHalf: Bool
  }

  /// The weights of all convolutions, also those of bodies.
  static func weights(_ path: String) throws -> [Weights] {
    let net = try Wire.Net(decoding: WireStorage(Array(try Data(contentsOf: URL(fileURLWithPath: path)))))
    let beside = FileManager.default.contents(atPath: path + ".weight")
    var operators: [Wire.Op] = Array(net.oplists ?? [])
    for body in net.subgraphs ?? [] { operators += body.nodes ?? [] }
    var all: [Weights] = []
    for op in operators {
      guard let table = op.main(as: Wire.Convolution2D.self), let packed = table.quanParameter else { continue }
      var result = Weights(
        type: packed.type, lowest: packed.aMin, groups: packed.readType, isHalf: packed.scaleStorage == .FP16)
      if let external = table.external, external.count == 5 {
        let bytes = try #require(beside)
        let start = Int(external[0])
        result.codes = Array(bytes[start..<start + Int(external[1])])
        result.scales = Array(bytes[start + Int(external[1])..<start + Int(external[1] + external[2])])
      } else {
        result.codes = packed.buffer?.block.withUnsafeBytes { Array($0) } ?? []
        let scales = packed.alpha?.block ?? packed.alphaFp16?.block
        result.scales = scales?.withUnsafeBytes { Array($0) } ?? []
      }
      all.append(result)
    }
    return all
  }

  /// The constants of all nodes that make weights.
  static func stored(_ graph: Graph) -> Set<[Tensor?]> {
    var result: Set<[Tensor?]> = []
    for node in graph.nodes {
      if let op = node.op as? any ControlFlowOperator { for body in op.subgraphs { result.formUnion(stored(body)) } }
      guard node.op is DequantizeLinear || node.op is Cast, graph.constant(node.inputs[0]) != nil else { continue }
      result.insert(node.inputs.map { graph.constant($0) })
    }
    return result
  }

  enum Option: String, CaseIterable, Sendable {
    case none, external, half, halfExternal, quantized
    var options: MNNWritingOptions {
      var options = MNNWritingOptions()
      options.savesExternalWeights = self == .external || self == .halfExternal
      options.usesHalfWeights = self == .half || self == .halfExternal
      return options
    }
  }

  @Test("keep codes and scales, with every option", arguments: models, Option.allCases)
  func roundTrip(_ model: String, _ option: Option) throws {
    let original = try Self.weights(Self.path(model)).filter { $0.type != 0 }
    let graph = try Graph(contentsOfMNN: Self.path(model))
    let target = SharedFixtures.temporaryPath("q.mnn")
    defer { for suffix in ["", ".weight"] { try? FileManager.default.removeItem(atPath: target + suffix) } }
    let choice = WeightChoice(WeightQuantization(bits: 5, blockSize: 16))
    let chosen = option == .quantized ? try graph.quantizingWeights(choice).graph : graph
    try chosen.writeMNN(to: target, options: option.options)
    let written = try Self.weights(target)
    let back = try Graph(contentsOfMNN: target)
    // Lists of what is not zero become dense tables of the same codes.
    for weights in original where weights.type == 1 { #expect(written.contains(weights)) }
    if option == .none || option == .external {
      #expect(written.count == original.count)
      for weights in original where weights.type == 3 { #expect(written.contains(weights)) }
      #expect(Self.stored(back) == Self.stored(graph))
    }
    let quantized = Self.stored(graph).filter { $0.count > 1 }
    #expect(quantized.isSubset(of: Self.stored(back)))
    #expect(original.allSatisfy { $0.type == 3 } || !quantized.isEmpty)
  }

  @Test("go through JSON", arguments: models)
  func json(_ model: String) throws {
    let (text, target) = (SharedFixtures.temporaryPath("q.json"), SharedFixtures.temporaryPath("q.mnn"))
    let whole = SharedFixtures.temporaryPath("whole.mnn")
    defer { for path in [text, target, whole] { try? FileManager.default.removeItem(atPath: path) } }
    var source = Self.path(model)
    if FileManager.default.fileExists(atPath: source + ".weight") {
      // Text does not carry the file beside the model: it is refused, and the model with its weights inside is what is written.
      #expect(throws: FormatError.self) { try ModelJSON.write(contentsOfMNN: source, to: text) }
      try Data(Graph(contentsOfMNN: source).mnnBytes()).write(to: URL(fileURLWithPath: whole))
      source = whole
    }
    try ModelJSON.write(contentsOfMNN: source, to: text)
    try ModelJSON.writeMNN(contentsOfJSON: text, to: target)
    #expect(try Self.stored(Graph(contentsOfMNN: target)) == Self.stored(Graph(contentsOfMNN: Self.path(model))))
  }

  /// How far weights of so few bits may lead from the floats: half a step, through some layers.
  private static func tolerance(_ mode: String) -> Double {
    mode.hasPrefix("w3") ? 0.35 : mode.hasPrefix("w4") || mode.hasPrefix("hqq4") ? 0.15 : 0.05
  }

  @Test("answer near the float models, and the same after writing", arguments: models)
  func answers(_ model: String) throws {
    let parts = model.split(separator: "/").map(String.init)
    let (folder, mode) = ("mnn/\(parts[0])", String(parts[1].dropLast(4)))
    let files = SharedFixtures.files(in: folder)
    let graph = try Graph(contentsOfMNN: Self.path(model))
    let module = try Module(graph: graph, runtime: .cpu())
    let again = try Module(graph: Graph(mnn: graph.mnnBytes()), runtime: .cpu())
    var inputs: [String: Tensor] = [:]
    for port in module.inputs { inputs[port.name] = try SharedFixtures.tensor("\(folder)/in_\(port.name).npy") }
    let (results, same) = (try module.forward(inputs), try again.forward(inputs))
    for port in module.outputs {
      let got = try #require(results[port.name])
      #expect(same[port.name] == got)
      var best = Double.infinity
      for candidate in ["mnn_\(mode)_\(port.name).npy", "ort_\(port.name).npy"] where files.contains(candidate) {
        best = min(best, try difference(got, SharedFixtures.tensor("\(folder)/\(candidate)")))
      }
      #expect(best <= Self.tolerance(mode), "\(port.name)")
    }
  }
}
