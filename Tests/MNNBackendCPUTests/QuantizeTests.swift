import MNNGraph
import TestSupport
import Testing

@Suite struct QuantizeTests {
  @Test("quantizes per tensor and per axis as the reference does", arguments: levels)
  func agrees(level: String) throws {
    var random = RandomNumbers(seed: 21)
    for (axis, dtype) in [(nil, DType.int8), (1, .int8), (0, .uint8), (-1, .uint8)] as [(Int?, DType)] {
      let shape = [3, 5, 7]
      let count = axis.map { shape[$0 < 0 ? $0 + 3 : $0] }
      var sample = Sample()
      let x = sample.input(try random.floats(shape, in: -20...20))
      let scaleShape = count.map { [$0] } ?? []
      let scale = sample.constant(try random.floats(scaleShape, in: 0.1...0.3))
      let zero = sample.constant(try random.integers(scaleShape, in: 0...9).converted(to: dtype))
      let granularity = QuantizationGranularity(axis: axis ?? 1)
      let q = try sample.add(QuantizeLinear(granularity: granularity), x, scale, zero)
      let y = try sample.add(DequantizeLinear(granularity: granularity), q, scale, zero)
      sample.graph.setOutputs([q, y])
      let (error, fallbacks) = try sample.difference(level: level, threads: 2)
      #expect(error < tolerance)
      #expect(fallbacks.isEmpty)
    }
  }

  @Test("keeps a quantized network of floats blocked, its weights packed", arguments: levels)
  func network(level: String) throws {
    var random = RandomNumbers(seed: 22)
    var sample = Sample()
    func pair(_ value: Value.ID) throws -> Value.ID {
      let scale = sample.constant(try Tensor(Float(0.05)))
      let zero = sample.constant(try Tensor(shape: [], scalars: [UInt8(110)]))
      return try sample.add(DequantizeLinear(), sample.add(QuantizeLinear(), value, scale, zero), scale, zero)
    }
    func weight(_ shape: [Int]) throws -> Value.ID {
      let bytes = sample.constant(try random.integers(shape, in: -128...127).converted(to: .int8))
      let scale = sample.constant(try random.floats([shape[0]], in: 0.001...0.002))
      return try sample.add(DequantizeLinear(granularity: QuantizationGranularity(axis: 0)), bytes, scale, nil)
    }
    let x = try pair(sample.input(try random.floats([1, 3, 9, 8])))
    let first = try pair(sample.add(Convolution(activation: .relu), x, weight([20, 3, 3, 3])))
    let second = try pair(sample.add(Convolution(), first, weight([20, 20, 1, 1])))
    sample.graph.setOutputs([try pair(sample.add(Binary(.add), first, second))])
    let (error, fallbacks) = try sample.difference(level: level)
    // One step of the quantization, where a sum rounds to the other side.
    #expect(error < 0.051)
    #expect(fallbacks.isEmpty)
  }
}
