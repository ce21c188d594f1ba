import Foundation
import MNNGraph
import MNNQuant
import MNNSchema
import Testing

@Suite("Quantized weights", .enabled(if: SharedFixtures.folder != nil, "needs ../shared"))
struct QuantizedWeightTests {
  private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// MNN's mode, and what it was told.
  static let modes: [(name: String, WeightQuantization)] = [
    ("w8", WeightQuantization(bits: 8)), ("w3", WeightQuantization(bits: 3)),
    ("w8sym", WeightQuantization(bits: 8, isAsymmetric: false)), ("w8b128", WeightQuantization(bits: 8, blockSize: 128)),
    ("w4b128", WeightQuantization(bits: 4, blockSize: 128)), ("w4b32", WeightQuantization(bits: 4, blockSize: 32)),
  ]

  @Test(
    "have the codes and scales of MNN, bit for bit",
    arguments: modes)
  func codes(_ mode: (name: String, quantization: WeightQuantization)) throws {
    var compared = 0
    for path in QuantizedModelTests.models.map(QuantizedModelTests.path) where path.hasSuffix("/\(mode.name).mnn") {
      let plain = try Wire.Net(decoding: WireStorage(bytes(path.replacing("/\(mode.name).mnn", with: "/fp32.mnn"))))
      let packed = try Wire.Net(decoding: WireStorage(bytes(path)))
      for (a, b) in zip(plain.oplists ?? [], packed.oplists ?? []) where a.type == .Convolution || a.type == .ConvolutionDepthwise
      {
        guard let floats = a.main(as: Wire.Convolution2D.self), let weight = floats.weight, let common = floats.common,
          let theirs = b.main(as: Wire.Convolution2D.self)?.quanParameter
        else { continue }
        let (rows, kernel) = (Int(common.outputCount), [Int(common.kernelY), Int(common.kernelX)])
        let shape = [rows, weight.count / rows / kernel[0] / kernel[1]] + kernel
        var graph = Graph(name: "g")
        let x = graph.addInput("x", type: TensorType(.float32, Shape([1, shape[1], 16, 16])))
        let w = graph.addConstant(try Tensor(shape: shape, scalars: Array(weight)))
        graph.setOutputs(try graph.append(Convolution(), [x, w], name: "y"))
        let bytes = try graph.quantizingWeights(WeightChoice(mode.quantization)).graph.mnnBytes()
        let convolution = try Wire.Net(decoding: WireStorage(bytes)).oplists?.first { $0.type == .Convolution }
        let ours = try #require(convolution?.main(as: Wire.Convolution2D.self)?.quanParameter)
        #expect(ours.buffer == theirs.buffer, "\(path) \(a.name ?? "")")
        #expect(ours.alpha == theirs.alpha)
        #expect(ours.readType == theirs.readType && ours.aMin == theirs.aMin && ours.aMaxOrBits == theirs.aMaxOrBits)
        compared += 1
      }
    }
    #expect(compared > 0)
  }
}
