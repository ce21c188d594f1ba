import MNNGraph

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How each layer of a model is kept, in a file that people read and change and that MNN's converter takes too
/// (`--compressionParamsFile`).
///
/// It names layers by their results, products with the ending that MNN's converter gives them. 0 bits stand for a layer that stays
/// floats. Tables and recurrent layers, which MNN does not quantize, are listed as well; it passes over them.
public struct CompressionFile: Sendable, Hashable {
  /// What is said of a layer.
  public struct Entry: Sendable, Hashable {
    public var body: String?
    public var name: String
    /// 2 to 8, or 0 for floats.
    public var bits: Int
    public var isAsymmetric: Bool
    public var blockSize: Int
    var inputs = 0
    var outputs = 0
    var kernel: [Int] = []

    /// As ``WeightLayer/path``.
    public var path: String { body.map { "\($0)/\(name)" } ?? name }
  }

  public var entries: [Entry]

  /// What became of the layers of a model.
  public init(_ layers: [QuantizedLayer]) {
    entries = layers.map { result in
      let layer = result.layer
      var entry = Entry(
        body: layer.body, name: layer.sumName ?? layer.name, bits: 0, isAsymmetric: true, blockSize: 0,
        inputs: layer.channels ?? layer.shape[0],
        outputs: layer.rows, kernel: layer.kind == .convolution ? Array(layer.shape.dropFirst(2)) : [1, 1])
      if layer.kind == .product { entry.name += Self.ending }
      guard case .codes(let quantization) = result.form else { return entry }
      entry.bits = quantization.bits
      entry.isAsymmetric = quantization.isAsymmetric
      entry.blockSize = quantization.blockSize
      return entry
    }
  }

  /// What MNN's converter adds to the names of products that become convolutions.
  private static let ending = "__matmul_converted"

  /// The choice that the file makes. What it does not say, the method and the bits of scales, is that of `standard`.
  public func choice(standard: WeightChoice, completing complete: (WeightQuantization) -> WeightQuantization) -> WeightChoice {
    var choice = standard
    for entry in entries {
      let form: WeightChoice.Form =
        entry.bits == 0
        ? .floats
        : .codes(
          complete(WeightQuantization(bits: entry.bits, isAsymmetric: entry.isAsymmetric, blockSize: entry.blockSize)))
      choice.layers[entry.path] = form
      if entry.name.hasSuffix(Self.ending) {
        var plain = entry
        plain.name = String(entry.name.dropLast(Self.ending.count))
        choice.layers[plain.path] = form
      }
    }
    return choice
  }

  // MARK: JSON

  private struct Document: Codable {
    struct Algorithm: Codable {
      var type: String?
      var quantParams: Parameters?
    }
    struct Parameters: Codable { var layer: [Layer]? }
    struct Layer: Codable {
      var weight: [Weight]?
      var opName: String?
      var subgraphName: String?
      var conv: Sizes?
    }
    struct Weight: Codable {
      var name: String?
      var bits: Int?
      var asymmetric: Bool?
      var blockSize: Int?
    }
    struct Sizes: Codable {
      var inputChannel: Int
      var outputChannel: Int
      var kernelSize: [Int]
    }
    var version: String?
    var algo: [Algorithm]?
    var forGuide: Bool?
  }

  /// Reads a file.
  ///
  /// - Throws: ``QuantizationError/Code/choiceInvalid``, or what the file system says.
  public init(contentsOf path: String) throws(QuantizationError) {
    let document: Document
    do {
      let file = try MappedFile(path)
      document = try JSONDecoder().decode(Document.self, from: Data(file.bytes))
    } catch let error as GraphError {
      throw QuantizationError(.choiceInvalid, error.what, expected: error.expected, found: error.found, file: path)
    } catch {
      throw QuantizationError(
        .choiceInvalid, "the file does not say how layers are to be kept", expected: "JSON with algo, quantParams and layer",
        found: "\(error)", file: path)
    }
    entries = []
    for algorithm in document.algo ?? [] {
      for layer in algorithm.quantParams?.layer ?? [] {
        guard let name = layer.opName, let weight = layer.weight?.first else {
          throw QuantizationError(.choiceInvalid, "a layer has no name or no weight", expected: "opName and weight", file: path)
        }
        let bits = weight.bits ?? 8
        guard bits == 0 || WeightQuantization.bitRange.contains(bits), (weight.blockSize ?? 0) >= 0 else {
          throw QuantizationError(
            .choiceInvalid, "weights cannot be kept so", expected: "0 or 2 to 8 bits and blocks of at least 0",
            found: "\(bits) bits, blocks of \(weight.blockSize ?? 0)", layer: name, file: path)
        }
        entries.append(
          Entry(
            body: layer.subgraphName.flatMap { $0.isEmpty ? nil : $0 }, name: name, bits: bits,
            isAsymmetric: weight.asymmetric ?? true, blockSize: weight.blockSize ?? 0))
      }
    }
  }

  /// Writes the file, whole or not at all.
  public func write(to path: String) throws {
    let layers = entries.map { entry in
      Document.Layer(
        weight: [
          Document.Weight(name: entry.name, bits: entry.bits, asymmetric: entry.isAsymmetric, blockSize: entry.blockSize)
        ],
        opName: entry.name, subgraphName: entry.body,
        conv: Document.Sizes(inputChannel: entry.inputs, outputChannel: entry.outputs, kernelSize: entry.kernel))
    }
    let document = Document(
      version: "3.6.1",
      algo: [Document.Algorithm(type: "QUANTIZE", quantParams: Document.Parameters(layer: layers))], forGuide: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(document)), to: path)
  }
}
