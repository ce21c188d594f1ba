import Foundation
import MNNGraph
import MNNSchema
import TestSupport
import Testing

@testable import MNNQuant

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
    var random = RandomNumbers(seed: UInt64(bits))
    let (rows, channels, block) = (6, 48, 16)
    var values = (0..<rows * channels).map { _ in Float.random(in: -1...2, using: &random) }
    values.replaceSubrange(0..<block, with: [Float](repeating: 0.25, count: block))
    let weight = try Tensor(shape: [rows, channels, 1, 1], scalars: values)
    for blockSize in [0, block, 20] {
      let quantization = WeightQuantization(bits: bits, isAsymmetric: isAsymmetric, blockSize: blockSize)
      var back = try Graph(mnn: graph(weight).quantizingWeights(WeightChoice(quantization)).graph.mnnBytes())
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
    let quantized = try graph(weight).quantizingWeights(WeightChoice(WeightQuantization(bits: 8))).graph
    var inside = try Graph(mnn: quantized.mnnBytes(options: options))
    options.savesExternalWeights = true
    try quantized.writeMNN(to: path, options: options)
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
    let weight = try Tensor.zeros(.float32, [1, 1, 1, 1])
    let error = #expect(throws: QuantizationError.self) {
      try graph(weight).quantizingWeights(WeightChoice(WeightQuantization(bits: bits)))
    }
    #expect(error?.code == .settingInvalid)
  }

  @Test("cannot have blocks, scales or a method that do not exist")
  func settings() throws {
    let weight = try Tensor.zeros(.float32, [1, 1, 1, 1])
    for wrong in [
      WeightQuantization(bits: 4, blockSize: -32), WeightQuantization(bits: 4, scaleBits: 8),
      WeightQuantization(bits: 4, isAsymmetric: false, method: .halfQuadratic),
    ] {
      let error = #expect(throws: QuantizationError.self) { try graph(weight).quantizingWeights(WeightChoice(wrong)) }
      #expect(error?.code == .settingInvalid)
    }
  }

  @Test("that are not finite stay floats", arguments: [Float.nan, .infinity])
  func notFinite(_ value: Float) throws {
    let weight = try Tensor(shape: [1, 2, 1, 1], scalars: [1, value])
    let (graph, layers) = try graph(weight).quantizingWeights(WeightChoice(WeightQuantization(bits: 8)))
    #expect(layers.map(\.form) == [.floats])
    #expect(graph.nodeCount == 1)
  }

  @Test("with few bits come nearer by the half-quadratic method", arguments: [2, 3, 4])
  func halfQuadratic(bits: Int) throws {
    var random = RandomNumbers(seed: 7)
    // A few weights lie far from the others, as in trained networks.
    let values = (0..<64 * 128).map { i in Float.random(in: -0.1...0.1, using: &random) * (i % 61 == 0 ? 8 : 1) }
    let weight = try Tensor(shape: [64, 128, 1, 1], scalars: values)
    func signal(_ method: WeightQuantization.Method) throws -> Double {
      let choice = WeightChoice(WeightQuantization(bits: bits, blockSize: 32, method: method))
      return try #require(try graph(weight).quantizingWeights(choice).layers.first?.signalToNoise)
    }
    #expect(try signal(.halfQuadratic) > signal(.range) + 0.5)
  }

  @Test("keep scales in half precision and lose little")
  func halfScales() throws {
    var random = RandomNumbers(seed: 3)
    let weight = try Tensor(shape: [16, 64, 1, 1], scalars: (0..<1024).map { _ in Float.random(in: -1...1, using: &random) })
    func layer(_ bits: Int) throws -> QuantizedLayer {
      let choice = WeightChoice(WeightQuantization(bits: 4, blockSize: 32, scaleBits: bits))
      return try #require(try graph(weight).quantizingWeights(choice).layers.first)
    }
    let (wide, narrow) = (try layer(32), try layer(16))
    #expect(wide.byteCount == 512 + 32 * 8 && narrow.byteCount == 512 + 32 * 4)
    #expect(try #require(narrow.signalToNoise) > #require(wide.signalToNoise) - 0.1)
  }
}
