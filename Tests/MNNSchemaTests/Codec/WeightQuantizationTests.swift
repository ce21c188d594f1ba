import Foundation
import MNNGraph
import Testing

@testable import MNNSchema

@Suite("Quantized weights") struct WeightQuantizationTests {
  private func graph(_ weight: Tensor) throws -> Graph {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, Shape([1, weight.shape[1], 4, 4])))
    let y = try graph.append(Convolution(), [x, graph.addConstant(weight)], name: "y")
    graph.setOutputs(y)
    return graph
  }

  @Test("come back within half a step of their group", arguments: [true, false], [2, 3, 4, 5, 6, 7, 8])
  func halfStep(isAsymmetric: Bool, bits: Int) throws {
    var random = SplitMix64(seed: UInt64(bits))
    let (rows, channels, block) = (6, 48, 16)
    var values = (0..<rows * channels).map { _ in Float.random(in: -1...2, using: &random) }
    values.replaceSubrange(0..<block, with: [Float](repeating: 0.25, count: block))
    let weight = try Tensor(shape: [rows, channels, 1, 1], scalars: values)
    for blockSize in [0, block, 20] {
      var options = MNNWritingOptions()
      options.weightQuantization = WeightQuantization(bits: bits, isAsymmetric: isAsymmetric, blockSize: blockSize)
      var back = try Graph(mnn: graph(weight).mnnBytes(options: options))
      #expect(back.nodes.contains { $0.op is DequantizeLinear })
      try PassPipeline([.expandWeights]).run(on: &back)
      let found = try #require(back.constant(back.nodes.first { $0.op is Convolution }?.inputs[1])).scalars(as: Float.self)
      let length = blockSize == block ? block : channels
      for start in stride(from: 0, to: values.count, by: length) {
        let group = values[start..<start + length]
        let low = group.min() ?? 0, high = group.max() ?? 0
        let step = isAsymmetric ? (high - low) / Float((1 << bits) - 1) : max(high, -low) / Float((1 << (bits - 1)) - 1)
        for i in group.indices { #expect(abs(found[i] - values[i]) <= step * 0.5001 + 1e-6) }
      }
    }
  }

  @Test("can be beside the model")
  func external() throws {
    let weight = try Tensor(shape: [8, 32, 3, 3], scalars: (0..<2304).map { Float($0 % 19) - 7 })
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { for suffix in ["", ".weight"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
    var options = MNNWritingOptions()
    options.weightQuantization = WeightQuantization(bits: 8)
    var inside = try Graph(mnn: graph(weight).mnnBytes(options: options))
    options.savesExternalWeights = true
    try graph(weight).writeMNN(to: path, options: options)
    var beside = try Graph(contentsOfMNN: path)
    try PassPipeline([.expandWeights]).run(on: &inside)
    try PassPipeline([.expandWeights]).run(on: &beside)
    for graph in [inside, beside] { #expect(graph.nodes.count == 1) }
    #expect(
      try beside.constant(beside.nodes[0].inputs[1])?.scalars(as: Float.self)
        == inside.constant(inside.nodes[0].inputs[1])?.scalars(as: Float.self))
  }

  @Test("cannot have 1 or 9 bits", arguments: [-1, 0, 1, 9, 64])
  func bits(_ bits: Int) throws {
    var options = MNNWritingOptions()
    options.weightQuantization = WeightQuantization(bits: bits)
    let weight = try Tensor.zeros(.float32, [1, 1, 1, 1])
    let error = #expect(throws: FormatError.self) { try graph(weight).mnnBytes(options: options) }
    #expect(error?.code == .attributeInvalid)
  }

  /// MNN's mode, and what it was told.
  static let modes: [(name: String, WeightQuantization)] = [
    ("w8", WeightQuantization(bits: 8)), ("w3", WeightQuantization(bits: 3)),
    ("w8sym", WeightQuantization(bits: 8, isAsymmetric: false)), ("w8b128", WeightQuantization(bits: 8, blockSize: 128)),
    ("w4b128", WeightQuantization(bits: 4, blockSize: 128)), ("w4b32", WeightQuantization(bits: 4, blockSize: 32)),
  ]

  @Test(
    "have the codes and scales of MNN, bit for bit",
    .enabled(if: ModelFiles.shared != nil, "needs ../shared"), arguments: modes)
  func original(_ mode: (name: String, quantization: WeightQuantization)) throws {
    var compared = 0
    for path in ModelFiles.fixtures where path.hasSuffix("/\(mode.name).mnn") {
      let plain = try Wire.Net(decoding: WireStorage(mapping: path.replacing("/\(mode.name).mnn", with: "/fp32.mnn")))
      let packed = try Wire.Net(decoding: WireStorage(mapping: path))
      for (a, b) in zip(plain.oplists ?? [], packed.oplists ?? []) where a.type == .Convolution || a.type == .ConvolutionDepthwise
      {
        guard let floats = a.main(as: Wire.Convolution2D.self), let weight = floats.weight, let common = floats.common,
          let theirs = b.main(as: Wire.Convolution2D.self)?.quanParameter
        else { continue }
        let rows = Int(common.outputCount), area = Int(common.kernelX * common.kernelY)
        let groups = mode.quantization.groupCount(rows: rows, channels: weight.count / rows / area)
        let ours = try mode.quantization.packed(Array(weight), groups: groups)
        #expect(ours.buffer == theirs.buffer, "\(path) \(a.name ?? "")")
        #expect(ours.alpha == theirs.alpha)
        #expect(ours.readType == theirs.readType && ours.aMin == theirs.aMin && ours.aMaxOrBits == theirs.aMaxOrBits)
        compared += 1
      }
    }
    #expect(compared > 0)
  }
}
