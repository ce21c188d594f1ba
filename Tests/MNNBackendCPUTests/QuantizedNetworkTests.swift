import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

/// Levels that differ in the kernels for bytes.
private let byteLevels = levels + ["avxvnni", "avx512vnni"].filter { (try? CPUBackend(instructionSet: $0)) != nil }

/// A graph of quantized tensors under construction.
private struct QuantizedSample {
  var sample = Sample()
  var random: RandomNumbers

  init(seed: UInt64) { random = RandomNumbers(seed: seed) }

  mutating func scalar(_ value: Float) throws -> Value.ID { sample.constant(try Tensor(value)) }

  mutating func zero(_ value: Int, _ dtype: DType) throws -> Value.ID {
    sample.constant(try Tensor(shape: [], scalars: [Int32(value)]).converted(to: dtype))
  }

  mutating func quantized(_ x: Value.ID, scale: Float, zero point: Int, _ dtype: DType) throws -> Value.ID {
    try sample.add(QuantizeLinear(), x, scalar(scale), zero(point, dtype))
  }

  mutating func dequantized(_ q: Value.ID, scale: Float, zero point: Int, _ dtype: DType) throws -> Value.ID {
    try sample.add(DequantizeLinear(), q, scalar(scale), zero(point, dtype))
  }

  mutating func pair(_ x: Value.ID, scale: Float, zero point: Int, _ dtype: DType = .int8) throws -> Value.ID {
    try dequantized(quantized(x, scale: scale, zero: point, dtype), scale: scale, zero: point, dtype)
  }

  mutating func weight(_ shape: [Int], axis: Int = 0, dtype: DType = .int8, perChannel: Bool = true) throws -> Value.ID {
    let isSigned = dtype == .int8
    let bytes = try random.integers(shape, in: isSigned ? -128...127 : 100...180).converted(to: dtype)
    let count = perChannel ? [shape[axis]] : []
    let scale = sample.constant(try random.floats(count, in: 0.001...0.003))
    let zeros = try random.integers(count, in: isSigned ? 0...0 : 120...140).converted(to: dtype)
    let zero = sample.constant(zeros)
    return try sample.add(
      DequantizeLinear(granularity: QuantizationGranularity(axis: axis)), sample.constant(bytes), scale, zero)
  }

  /// Checks the kernels against the graph's meaning and, if they compute with bytes, bit by bit against that of what the backend
  /// makes of the graph.
  ///
  /// - Parameters:
  ///   - wanted: operators that must be there; empty if no bytes are expected.
  ///   - step: of the results.
  func check(level: String, uses wanted: [String], step: Double, location: SourceLocation = #_sourceLocation) throws {
    let expected = try Interpreter().run(sample.graph, sample.inputs)
    var outputs: [[Tensor]] = []
    for threads in [1, 2, 3] {
      let module = try Module(graph: sample.graph, runtime: .cpu(threads: threads, instructionSet: level))
      outputs.append(try module.forward(sample.inputs))
      let entries = try module.plan(forInputs: sample.inputs.map(\.type)).placement.entries
      let names = entries.map(\.operatorName)
      for name in wanted { #expect(names.contains(name), "\(name) in \(names)", sourceLocation: location) }
      #expect(wanted.isEmpty || entries.allSatisfy { $0.backend == "cpu" }, sourceLocation: location)
      #expect(!wanted.isEmpty || !names.contains("ByteConvolution"), sourceLocation: location)
    }
    #expect(outputs.allSatisfy { $0 == outputs[0] }, "the number of threads shows", sourceLocation: location)
    if !wanted.isEmpty { try checkMeaning(level: level, outputs[0], location: location) }
    for (a, b) in zip(expected, outputs[0]) {
      let (p, q) = (try a.scalars(as: Double.self), try b.scalars(as: Double.self))
      let differences = zip(p, q).map { abs($0 - $1) / step }
      // A number between two steps may fall to either side.
      #expect(differences.allSatisfy { $0 < 1.01 }, sourceLocation: location)
      #expect(differences.count { $0 > 0.01 } <= p.count / 200 + 1, sourceLocation: location)
    }
  }

  private func checkMeaning(level: String, _ found: [Tensor], location: SourceLocation) throws {
    var rewritten = try sample.graph.specialized(for: sample.inputs.map(\.type))
    for pipeline in try CPUBackend(instructionSet: level).pipelines(settings: ExecutionSettings()) {
      try pipeline.run(on: &rewritten)
    }
    #expect(try Interpreter().run(rewritten, sample.inputs) == found, "kernels and meaning differ", sourceLocation: location)
  }
}

@Suite struct QuantizedNetworkTests {
  @Test("convolves bytes: windows, strides, groups, zero points and clamps", arguments: byteLevels)
  func convolutions(level: String) throws {
    struct Case {
      var x: [Int]
      var weight: [Int]
      var op = Convolution()
      var dtype = DType.int8
      var weightType = DType.int8
    }
    let cases = [
      Case(
        x: [2, 3, 9, 7], weight: [20, 3, 3, 3],
        op: Convolution(strides: [2, 2], padding: .explicit(before: [1, 1], after: [1, 1]))),
      Case(x: [1, 20, 5, 6], weight: [33, 20, 1, 1], op: Convolution(activation: .relu), dtype: .uint8),
      Case(
        x: [1, 33, 4, 5], weight: [16, 33, 1, 1], op: Convolution(activation: .clip(minimum: -1, maximum: 1.5)),
        weightType: .uint8),
      Case(
        x: [2, 5, 8, 8], weight: [7, 5, 3, 2],
        op: Convolution(dilations: [2, 1], padding: .explicit(before: [1, 0], after: [0, 1]))),
      Case(
        x: [1, 24, 7, 9], weight: [24, 1, 3, 3], op: Convolution(groups: 24, padding: .explicit(before: [1, 1], after: [1, 1]))),
      Case(
        x: [2, 70, 8, 9], weight: [70, 1, 3, 3],
        op: Convolution(strides: [2, 2], groups: 70, padding: .explicit(before: [1, 1], after: [1, 1])), dtype: .uint8),
      Case(
        x: [1, 16, 9, 9], weight: [16, 1, 5, 5], op: Convolution(groups: 16, padding: .explicit(before: [2, 2], after: [2, 2]))),
      Case(x: [2, 8, 11], weight: [9, 8, 3], op: Convolution(padding: .explicit(before: [1], after: [1]))),
    ]
    for (i, item) in cases.enumerated() {
      for bias in 0..<3 {
        var network = QuantizedSample(seed: UInt64(40 + i))
        let input = network.sample.input(try network.random.floats(item.x, in: -3...3))
        let x = try network.pair(input, scale: 0.025, zero: item.dtype == .int8 ? 9 : 131, item.dtype)
        let weight = try network.weight(item.weight, dtype: item.weightType, perChannel: i % 2 == 0)
        let channels = [item.weight[0]]
        var addend: Value.ID?
        if bias == 1 { addend = network.sample.constant(try network.random.floats(channels, in: -1...1)) }
        if bias == 2 {
          let whole = network.sample.constant(try network.random.integers(channels, in: -900...900).converted(to: .int32))
          addend = try network.sample.add(DequantizeLinear(), whole, network.scalar(0.0004), nil)
        }
        let y = try network.sample.add(item.op, x, weight, addend)
        network.sample.graph.setOutputs([try network.pair(y, scale: 0.04, zero: 20, item.dtype)])
        try network.check(level: level, uses: ["ByteConvolution", "QuantizeImage", "DequantizeImage"], step: 0.04)
      }
    }
  }

  @Test("keeps a network in bytes from input to output", arguments: byteLevels)
  func network(level: String) throws {
    var network = QuantizedSample(seed: 50)
    let input = network.sample.input(try network.random.floats([2, 3, 10, 12], in: -2...2))
    let x = try network.pair(input, scale: 0.02, zero: 3)
    let padding = SpatialPadding.explicit(before: [1, 1], after: [1, 1])
    let first = try network.pair(
      network.sample.add(Convolution(strides: [2, 2], padding: padding), x, network.weight([24, 3, 3, 3])), scale: 0.0491, zero: 7
    )
    let depthwise = try network.pair(
      network.sample.add(Convolution(groups: 24, padding: padding), first, network.weight([24, 1, 3, 3])), scale: 0.04, zero: -128
    )
    let last = try network.pair(
      network.sample.add(Convolution(), depthwise, network.weight([24, 24, 1, 1])), scale: 0.0513, zero: 0)
    let sum = try network.pair(network.sample.add(Binary(.add), first, last), scale: 0.0617, zero: 11)
    let axes = network.sample.constant(try Tensor([Int64(2), 3]))
    let mean = try network.pair(network.sample.add(Reduce(.mean), sum, axes), scale: 0.0213, zero: -4)
    let flat = try network.pair(network.sample.add(Flatten(), mean), scale: 0.0213, zero: -4)
    let bias = network.sample.constant(try network.random.floats([10], in: -1...1))
    let product = try network.sample.add(
      MatMul(transposesB: true), flat, network.weight([10, 24]), bias)
    network.sample.graph.setOutputs([try network.pair(product, scale: 0.0617, zero: 1), sum])
    let expected = ["ByteAdd", "ByteConvolution", "ByteMean", "QuantizeImage", "DequantizeImage"]
    let module = try Module(graph: network.sample.graph, runtime: .cpu(threads: 1, instructionSet: level))
    let names = try module.plan(forInputs: network.sample.inputs.map(\.type)).placement.entries.map(\.operatorName)
    #expect(Set(names) == Set(expected), "\(names)")
    try network.check(level: level, uses: expected, step: 0.0617)
  }

  @Test("reads no weights past the last column", arguments: byteLevels)
  func columns(level: String) throws {
    // 1000 results are 125 panels of eight, their pixels 1008 bytes; weights so large end with the pages that hold them.
    var network = QuantizedSample(seed: 56)
    let input = network.sample.input(try network.random.floats([3, 1280], in: -2...2))
    let x = try network.pair(input, scale: 0.02, zero: 3)
    let y = try network.sample.add(MatMul(transposesB: true), x, network.weight([1000, 1280]))
    network.sample.graph.setOutputs([try network.pair(y, scale: 0.2, zero: 4)])
    try network.check(level: level, uses: ["ByteConvolution"], step: 0.2)
  }

  @Test("gives floats where nothing quantizes them again", arguments: byteLevels)
  func floatResults(level: String) throws {
    var network = QuantizedSample(seed: 55)
    let input = network.sample.input(try network.random.floats([2, 7, 6, 5], in: -2...2))
    let x = try network.pair(input, scale: 0.02, zero: 3)
    let bias = network.sample.constant(try network.random.floats([18], in: -1...1))
    let y = try network.sample.add(Convolution(activation: .relu), x, network.weight([18, 7, 3, 2]), bias)
    let rows = network.sample.input(try network.random.floats([5, 21], in: -2...2))
    let a = try network.pair(rows, scale: 0.02, zero: 130, .uint8)
    let z = try network.sample.add(MatMul(), a, network.weight([21, 9], axis: 1))
    network.sample.graph.setOutputs([y, z])
    try network.check(level: level, uses: ["ByteConvolution", "QuantizeImage"], step: 1e-3)
  }

  @Test("computes in floats what bytes cannot hold: other scales, groups and weights", arguments: byteLevels)
  func fallbacks(level: String) throws {
    enum Obstacle: CaseIterable {
      case variableScale, channelScales, groups, largeWeights, variableWeights, nonClamp, blocks
    }
    for obstacle in Obstacle.allCases {
      var network = QuantizedSample(seed: 60)
      let input = network.sample.input(try network.random.floats([1, 8, 5, 5], in: -2...2))
      var x = try network.pair(input, scale: 0.02, zero: 3)
      var weight = try network.weight([8, obstacle == .groups ? 4 : 8, 1, 1])
      switch obstacle {
      case .variableScale:
        let scale = network.sample.input(try Tensor(Float(0.02)))
        let q = try network.sample.add(QuantizeLinear(dtype: .int8), input, scale)
        x = try network.sample.add(DequantizeLinear(), q, scale)
      case .channelScales:
        let scale = network.sample.constant(try network.random.floats([8], in: 0.01...0.03))
        let q = try network.sample.add(QuantizeLinear(dtype: .int8), input, scale)
        x = try network.sample.add(DequantizeLinear(), q, scale)
      case .largeWeights:
        let bytes = network.sample.constant(try network.random.integers([8, 8, 1, 1], in: 0...255).converted(to: .uint8))
        weight = try network.sample.add(DequantizeLinear(), bytes, network.scalar(0.002), network.zero(40, .uint8))
      case .variableWeights: weight = network.sample.input(try network.random.floats([8, 8, 1, 1]))
      case .blocks:
        let bytes = network.sample.constant(try network.random.integers([8, 8, 1, 1], in: -128...127).converted(to: .int8))
        let scale = network.sample.constant(try network.random.floats([8, 2, 1, 1], in: 0.001...0.002))
        weight = try network.sample.add(
          DequantizeLinear(granularity: QuantizationGranularity(axis: 1, blockSize: 4)), bytes, scale)
      default: break
      }
      let op = Convolution(groups: obstacle == .groups ? 2 : 1, activation: obstacle == .nonClamp ? .tanh : .identity)
      let y = try network.sample.add(op, x, weight)
      network.sample.graph.setOutputs([try network.pair(y, scale: 0.02, zero: 0)])
      try network.check(level: level, uses: [], step: 0.02)
    }
  }

  @Test("keeps weights in bytes when constants are folded")
  func folding() throws {
    var network = QuantizedSample(seed: 70)
    let x = network.sample.input(try network.random.floats([1, 4, 2, 2]))
    let y = try network.sample.add(Convolution(), x, network.weight([4, 4, 1, 1]))
    network.sample.graph.setOutputs([y])
    var graph = network.sample.graph
    try PassPipeline.simplify.run(on: &graph)
    #expect(graph.nodes.contains { $0.op is DequantizeLinear })
  }
}
