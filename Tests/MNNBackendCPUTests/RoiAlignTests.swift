import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct RoiAlignTests {
  @Test("computes what the reference computes", arguments: [true, false], levels)
  func agrees(isAligned: Bool, level: String) throws {
    var random = RandomNumbers(seed: 21)
    for (samples, scale, width) in [(0, 1, 3), (2, 0.5, 7), (1, 2, 1), (3, 0.25, 2)] as [(Int, Float, Int)] {
      let op = RoiAlign(height: 2, width: width, samplesPerAxis: samples, scale: scale, isAligned: isAligned)
      // Inside, across each border, outside, empty, turned, smaller than a pixel, larger than the image.
      let regions: [Float] = [
        1, 2, 6, 7, -4, -3, 3, 2, 7, 5, 30, 20, 40, 40, 50, 50, 3, 3, 3, 3, 6, 7, 2, 1, 2.2, 2.3, 2.6, 2.5, -20, -20, 60, 60,
      ]
      var sample = Sample()
      let x = sample.input(try random.floats([2, 19, 8, 9]))
      let boxes = sample.input(try Tensor(shape: [8, 4], scalars: regions))
      let batch = sample.input(try Tensor([Int64(0), 1, 1, 0, -1, -2, 0, 1]))
      sample.graph.setOutputs([try sample.add(op, x, boxes, batch)])
      let (error, fallbacks) = try sample.difference(level: level, threads: 2)
      #expect(error < tolerance, "\(op)")
      #expect(fallbacks.isEmpty)
    }
  }

  @Test("refuses images that there are not and regions without bounds")
  func refuses() throws {
    for (image, edge) in [(2, 3), (-3, 3), (0, .infinity), (0, .nan), (0, 1e9)] as [(Int64, Float)] {
      var sample = Sample()
      let x = sample.input(try Tensor.zeros(.float32, [2, 1, 4, 4]))
      let boxes = sample.input(try Tensor(shape: [1, 4], scalars: [Float(0), 0, edge, 3]))
      let batch = sample.input(try Tensor([image]))
      sample.graph.setOutputs([try sample.add(RoiAlign(height: 2, width: 2), x, boxes, batch)])
      let module = try Module(graph: sample.graph, runtime: .cpu())
      #expect(try module.plan(forInputs: sample.inputs.map(\.type)).placement.entries.allSatisfy { $0.backend == "cpu" })
      #expect(throws: RunError.self) { try module.forward(sample.inputs) as [Tensor] }
    }
  }
}
