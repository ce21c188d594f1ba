import Foundation
import MNNBackendCPU
import MNNConvert
import MNNGraph
import MNNQuant
import MNNRuntime
import Testing

/// Networks trained on handwritten digits, with weights in few bits.
@Suite("Accuracy of quantized networks", .enabled(if: SharedFixtures.folder != nil, "needs ../shared"))
struct QuantizedAccuracyTests {
  private static let fourBits = WeightQuantization(bits: 4, blockSize: 32, method: .halfQuadratic, scaleBits: 16)

  private func graph(_ name: String) throws -> Graph {
    let converter = Converter()
    var graph = try converter.graph(contentsOf: (SharedFixtures.folder ?? "") + "/digits/\(name).onnx", format: .onnx)
    try converter.simplify(&graph, from: .onnx)
    return graph
  }

  private func images(_ range: Range<Int>) throws -> Tensor {
    let all = try SharedFixtures.tensor("digits/test_images.npy")
    let size = all.count / all.shape[0]
    let pixels = try all.scalars(as: Float.self)[range.lowerBound * size..<range.upperBound * size]
    return try Tensor(shape: [range.count] + all.shape.dropFirst(), scalars: Array(pixels))
  }

  private func samples(_ graph: Graph) throws -> Samples {
    Samples([[graph[graph.inputs[0]].name: try images(0..<40)]])
  }

  /// The share of digits that are read as they are labeled.
  private func accuracy(_ graph: Graph) throws -> Double {
    let labels = try SharedFixtures.tensor("digits/test_labels.npy").scalars(as: Int64.self)
    let found = try Module(graph: graph, runtime: .cpu()).forward([images(0..<360)])[0].scalars(as: Float.self)
    let right = labels.indices.count { image in
      let row = found[image * 10..<image * 10 + 10]
      return row.firstIndex(of: row.max() ?? 0).map { $0 - image * 10 } == Int(labels[image])
    }
    return Double(right) / Double(labels.count)
  }

  @Test(
    "lose no more than a few digits", arguments: [("digits_mobilenet", 0.005), ("digits_vit", 0.01)],
    [WeightQuantization(bits: 8), WeightQuantization(bits: 8, blockSize: 32), fourBits])
  func digits(_ network: (name: String, loss: Double), _ quantization: WeightQuantization) throws {
    let graph = try graph(network.name)
    let small = try graph.quantizingWeights(.protecting(quantization)).graph
    let (found, whole) = (try accuracy(small), try accuracy(graph))
    #expect(found >= whole - network.loss)
  }

  @Test("a floor holds, at less than the size of eight bits")
  func floor() throws {
    let graph = try graph("digits_vit")
    let twoBits = WeightQuantization(bits: 2, blockSize: 32, method: .halfQuadratic, scaleBits: 16)
    var quantizer = try Quantizer(WeightChoice(twoBits), samples: samples(graph), runtime: .cpu())
    let loose = try quantizer.quantize(graph)
    let first = try #require(loose.accuracy)
    quantizer.floor = 0.995
    let held = try quantizer.quantize(graph)
    #expect(first < 0.995)
    #expect(try #require(held.accuracy) >= 0.995)
    #expect(held.byteCount > loose.byteCount && held.byteCount < held.byteCountBefore)
    #expect(held.trials.count > 2 && held.trials.first?.raisedCount == 0)
    // What is said of the choice is so of the model.
    var meter = quantizer
    meter.floor = nil
    meter.choice = held.choice
    #expect(try meter.quantize(graph).accuracy == held.accuracy)
    #expect(loose.layers.allSatisfy { ($0.outputSignalToNoise ?? 0) > 0 && ($0.signalToNoise ?? 0) > 0 })
  }

  @Test("a choice that was found is made again from its file")
  func file() throws {
    let graph = try graph("digits_mobilenet")
    let choice = WeightChoice(WeightQuantization(bits: 3, blockSize: 16))
    let found = try Quantizer(choice, samples: samples(graph), metric: .topOne, floor: 1, runtime: .cpu()).quantize(graph)
    #expect(found.accuracy == 1)
    let path = SharedFixtures.temporaryPath("choice.json")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try CompressionFile(found.layers).write(to: path)
    let again = try CompressionFile(contentsOf: path).choice(standard: WeightChoice(standard: .floats)) { $0 }
    #expect(try graph.quantizingWeights(again).graph == found.graph)
  }

  @Test("a floor that nothing holds is refused, and says how near it came")
  func unreachable() throws {
    let graph = try graph("digits_mobilenet")
    let choice = WeightChoice(Self.fourBits)
    let error = #expect(throws: QuantizationError.self) {
      try Quantizer(choice, samples: samples(graph), floor: 1.01, runtime: .cpu()).quantize(graph)
    }
    #expect(error?.code == .floorUnreachable && error?.found?.hasPrefix("1.0") == true)
    let none = #expect(throws: QuantizationError.self) { try Quantizer(choice, floor: 0.9, runtime: .cpu()).quantize(graph) }
    #expect(none?.code == .samplesInvalid)
  }

  @Test("a metric may be one's own")
  func custom() throws {
    let graph = try graph("digits_mobilenet")
    let metric = AccuracyMetric.custom(name: "digits read") { try accuracy($0) }
    let choice = WeightChoice(WeightQuantization(bits: 2))
    let found = try Quantizer(choice, metric: metric, floor: 0.98, runtime: .cpu()).quantize(graph)
    #expect(try accuracy(found.graph) >= 0.98)
    let failing = AccuracyMetric.custom(name: "nothing") { _ in .nan }
    let error = #expect(throws: QuantizationError.self) {
      try Quantizer(choice, metric: failing, runtime: .cpu()).quantize(graph)
    }
    #expect(error?.code == .measuringFailed)
  }

  @Test("inputs are drawn for any model, rows of tables within them")
  func drawn() throws {
    var graph = Graph(name: "g")
    let ids = graph.addInput("ids", type: TensorType(.int32, Shape([.symbol("b"), .symbol("s")])))
    let table = graph.addConstant(try Tensor.zeros(.float32, [7, 4]))
    graph.setOutputs(try graph.append(Gather(), [table, ids]))
    let samples = try Samples.drawn(3, for: graph)
    #expect(samples.areDrawn && samples.inputs.count == 3)
    let values = try samples.inputs.flatMap { try $0["ids"]?.scalars(as: Int64.self) ?? [] }
    #expect(values.count == 48 && values.allSatisfy { (0..<7).contains($0) } && Set(values).count > 3)
  }
}
