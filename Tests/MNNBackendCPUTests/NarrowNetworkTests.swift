import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

/// Levels that differ in the kernels for narrow weights.
private let narrowLevels = levels + ["avxvnni", "avx512vnni"].filter { (try? CPUBackend(instructionSet: $0)) != nil }

/// A constant in few bits with a scale, a zero point and an offset for each group.
private struct StoredFactor: CustomTestStringConvertible {
  var dtype: DType
  /// 0 for one scale per column.
  var block: Int
  var isShifted: Bool
  var testDescription: String { "\(dtype), block \(block)\(isShifted ? ", shifted" : "")" }

  /// - Parameters:
  ///   - n: the axis of the columns.
  ///   - k: the axis that blocks cut.
  func add(_ shape: [Int], n: Int, k: Int, to sample: inout Sample, _ random: inout RandomNumbers) throws -> Value.ID {
    let bits = dtype.bitCount
    let low = dtype.isSignedInteger ? -(1 << (bits - 1)) : 0
    let high = dtype.isSignedInteger ? (1 << (bits - 1)) - 1 : (1 << bits) - 1
    let integers = try random.integers(shape, in: Int64(low)...Int64(high))
    let codes =
      dtype == .uint8 || dtype == .uint4
      ? try integers.converted(to: .uint8) : try Tensor(packing: integers.scalars(as: Int8.self), as: dtype, shape: shape)
    var groups = block == 0 ? [shape[n]] : shape.map { _ in 1 }
    if block > 0 {
      groups[n] = shape[n]
      groups[k] = (shape[k] + block - 1) / block
    }
    let step = 0.5 / Float(1 << (bits - 1))
    let scale = sample.constant(try random.floats(groups, in: step * 0.5...step))
    let zero = isShifted ? sample.constant(try random.integers(groups, in: 0...1).converted(to: .int8)) : nil
    let offset = isShifted ? sample.constant(try random.floats(groups, in: -0.1...0.1)) : nil
    let granularity = QuantizationGranularity(axis: block == 0 ? n : k, blockSize: block)
    return try sample.add(
      DequantizeLinear(granularity: granularity), sample.constant(codes), scale,
      dtype == .uint8 || dtype == .uint4 ? nil : zero, offset)
  }
}

private let factors: [StoredFactor] = [
  .init(dtype: .int8, block: 0, isShifted: false), .init(dtype: .int8, block: 0, isShifted: true),
  .init(dtype: .int8, block: 32, isShifted: true), .init(dtype: .uint8, block: 0, isShifted: true),
  .init(dtype: .int6, block: 32, isShifted: false), .init(dtype: .int4, block: 0, isShifted: true),
  .init(dtype: .int4, block: 32, isShifted: true), .init(dtype: .int3, block: 32, isShifted: false),
  .init(dtype: .int2, block: 64, isShifted: true),
]

@Suite("Weights that stay in few bits")
struct NarrowNetworkTests {
  /// The root of the mean squared difference over that of the reference.
  private func error(_ found: Tensor, _ expected: Tensor) throws -> Double {
    let (p, q) = (try found.scalars(as: Double.self), try expected.scalars(as: Double.self))
    guard found.type == expected.type else { return .infinity }
    return (zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / q.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  /// Runs a graph at every level and number of threads, with the same bits, near its meaning; and says how its steps compute.
  private func check(
    _ sample: Sample, precision: ExecutionSettings.Precision = .normal, memory: ExecutionSettings.Memory = .low,
    level: String? = nil, tolerance: Double = 0.015, narrow: Int, location: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try Interpreter().run(sample.graph, sample.inputs)
    var first: [Tensor]?
    for threads in [1, 3] {
      let runtime = try RuntimeManager.cpu(threads: threads, precision: precision, memory: memory, instructionSet: level)
      let module = try Module(graph: sample.graph, runtime: runtime)
      let found = try module.forward(sample.inputs)
      #expect(found == first ?? found, "the number of threads shows", sourceLocation: location)
      first = found
      for (a, b) in zip(found, expected) { #expect(try error(a, b) < tolerance, sourceLocation: location) }
      let plan = try module.plan(forInputs: sample.inputs.map(\.type))
      let algorithms = plan.steps.map(\.algorithm)
      #expect(
        algorithms.count { $0.hasPrefix("ck_narrow") || $0.hasPrefix("ck_bf16") } == narrow, "\(algorithms)",
        sourceLocation: location)
      #expect(plan.placement.entries.allSatisfy { $0.backend == "cpu" }, sourceLocation: location)
    }
  }

  @Test("products with bias, activation and residual", arguments: narrowLevels, factors)
  private func products(level: String, factor: StoredFactor) throws {
    for transposes in [false, true] {
      var random = RandomNumbers(seed: 11)
      var sample = Sample()
      let (k, n) = (100, 70)
      let x = sample.input(try random.floats([2, 5, k], in: -1...3))
      let weight = try factor.add(
        transposes ? [n, k] : [k, n], n: transposes ? 0 : 1, k: transposes ? 1 : 0, to: &sample, &random)
      let product = try sample.add(MatMul(transposesB: transposes), x, weight)
      let sum = try sample.add(Binary(.add), product, sample.constant(try random.floats([n])))
      let active = try sample.add(Unary(.relu), sum)
      let y = try sample.add(Binary(.add), active, sample.input(try random.floats([2, 5, n])))
      sample.graph.setOutputs([y])
      try check(sample, level: level, narrow: 1)
    }
  }

  @Test("convolutions of every window", arguments: narrowLevels, factors)
  private func convolutions(level: String, factor: StoredFactor) throws {
    for (kernel, stride, pad) in [(1, 1, 0), (1, 2, 0), (3, 1, 1), (3, 2, 1)] {
      var random = RandomNumbers(seed: 12)
      var sample = Sample()
      let (channels, results) = (68, 20)
      let x = sample.input(try random.floats([2, channels, 5, 4], in: -1...3))
      let weight = try factor.add([results, channels, kernel, kernel], n: 0, k: 1, to: &sample, &random)
      let op = Convolution(
        strides: [stride, stride], padding: .explicit(before: [pad, pad], after: [pad, pad]), activation: .relu)
      let convolution = try sample.add(op, x, weight, sample.constant(try random.floats([results])))
      let shape = try #require(sample.graph[convolution].type?.shape.sizes)
      let y = try sample.add(Binary(.add), convolution, sample.input(try random.floats(shape)))
      sample.graph.setOutputs([y])
      try check(sample, level: level, narrow: 1)
    }
  }

  @Test("images of one pixel are rows")
  func pixels() throws {
    var random = RandomNumbers(seed: 13)
    var sample = Sample()
    let x = sample.input(try random.floats([9, 64, 1, 1]))
    let weight = try factors[2].add([50, 64, 1, 1], n: 0, k: 1, to: &sample, &random)
    let y = try sample.add(Convolution(), x, weight)
    sample.graph.setOutputs([y])
    try check(sample, narrow: 1)
  }

  @Test("tables give rows without being expanded", arguments: factors, [DType.int32, .int64])
  private func tables(factor: StoredFactor, indexType: DType) throws {
    var random = RandomNumbers(seed: 18)
    var sample = Sample()
    let table = try factor.add([90, 70], n: 0, k: 1, to: &sample, &random)
    let indices = sample.input(try Tensor(shape: [2, 3], scalars: [Int64(0), -1, 89, 45, -90, 7]).converted(to: indexType))
    let y = try sample.add(Gather(axis: 0), table, indices)
    sample.graph.setOutputs([y])
    try check(sample, tolerance: 1e-6, narrow: 0)
    let module = try Module(graph: sample.graph, runtime: .cpu(memory: .low))
    #expect(try module.plan(forInputs: sample.inputs.map(\.type)).steps.map(\.operatorName) == ["StoredGather"])
    let outside = try Tensor(shape: [2, 3], scalars: [Int64(0), 1, 90, 2, 3, 4]).converted(to: indexType)
    #expect(throws: RunError.self) { try module.forward([outside]) }
  }

  @Test("products that MNN writes as convolutions of pixels, with what follows", arguments: [false, true])
  func productsOfPixels(isNarrow: Bool) throws {
    var random = RandomNumbers(seed: 19)
    var sample = Sample()
    let x = sample.input(try random.floats([2, 6, 64]))
    let pixels = try sample.add(Reshape(), x, sample.constant(Tensor([Int64(12), 64, 1, 1])))
    let weight =
      isNarrow
      ? try factors[2].add([40, 64, 1, 1], n: 0, k: 1, to: &sample, &random) : sample.constant(try random.floats([40, 64, 1, 1]))
    let zeros = sample.constant(try Tensor(shape: [40], scalars: [Float](repeating: 0, count: 40)))
    let convolution = try sample.add(Convolution(), pixels, weight, zeros)
    let rows = try sample.add(Reshape(), convolution, sample.constant(Tensor([Int64(2), 6, 40])))
    let sum = try sample.add(Binary(.add), rows, sample.constant(random.floats([40])))
    let y = try sample.add(Unary(.relu), sum)
    sample.graph.setOutputs([y])
    try check(sample, tolerance: isNarrow ? 0.015 : 1e-5, narrow: isNarrow ? 1 : 0)
  }

  @Test("precision high uses no Winograd")
  func highPrecision() throws {
    var random = RandomNumbers(seed: 20)
    var sample = Sample()
    let x = sample.input(try random.floats([1, 64, 28, 28]))
    let padding = SpatialPadding.explicit(before: [1, 1], after: [1, 1])
    let y = try sample.add(Convolution(padding: padding), x, sample.constant(random.floats([64, 64, 3, 3], in: -0.1...0.1)))
    sample.graph.setOutputs([y])
    func algorithms(_ precision: ExecutionSettings.Precision) throws -> [String] {
      try Module(graph: sample.graph, runtime: .cpu(precision: precision)).plan(forInputs: [#require(sample.inputs.first).type])
        .steps.map(\.algorithm)
    }
    #expect(try !algorithms(.high).contains { $0.hasPrefix("winograd") })
    try check(sample, precision: .high, memory: .normal, tolerance: 1e-6, narrow: 0)
  }

  @Test("what no kernel multiplies becomes floats: groups, few weights, scales along the sum")
  func refusals() throws {
    var random = RandomNumbers(seed: 14)
    var sample = Sample()
    let x = sample.input(try random.floats([1, 64, 6, 6]))
    let groups = try sample.add(
      Convolution(groups: 2), x, factors[0].add([64, 32, 1, 1], n: 0, k: 1, to: &sample, &random))
    let flat = try sample.add(Reshape(), groups, sample.constant(try Tensor([Int64(36), 64])))
    let few = try sample.add(MatMul(), flat, factors[0].add([64, 8], n: 1, k: 0, to: &sample, &random))
    let along = try sample.add(MatMul(), flat, factors[0].add([64, 64], n: 0, k: 1, to: &sample, &random))
    sample.graph.setOutputs([few, along])
    try check(sample, tolerance: 1e-5, narrow: 0)
  }

  @Test("weights that are floats stay floats: the same bits as without the setting")
  func floats() throws {
    var random = RandomNumbers(seed: 15)
    var sample = Sample()
    let x = sample.input(try random.floats([7, 96]))
    let y = try sample.add(MatMul(), x, sample.constant(random.floats([96, 64])))
    sample.graph.setOutputs([y])
    let thrifty = try Module(graph: sample.graph, runtime: .cpu(memory: .low)).forward(sample.inputs)
    #expect(try thrifty == Module(graph: sample.graph, runtime: .cpu()).forward(sample.inputs))
  }

  @Test(
    "packed weights take little more than their bits",
    arguments: [(DType.int8, 1.05), (.int4, 0.55), (.int3, 0.43), (.int2, 0.30)])
  func memory(_ dtype: DType, _ bytesPerWeight: Double) throws {
    var random = RandomNumbers(seed: 16)
    var sample = Sample()
    let x = sample.input(try random.floats([3, 512]))
    let factor = StoredFactor(dtype: dtype, block: 0, isShifted: true)
    let y = try sample.add(MatMul(), x, factor.add([512, 256], n: 1, k: 0, to: &sample, &random))
    sample.graph.setOutputs([y])
    let module = try Module(graph: sample.graph, runtime: .cpu(memory: .low))
    let plan = try module.plan(forInputs: sample.inputs.map(\.type))
    #expect(Double(plan.packedByteCount) < 512 * 256 * bytesPerWeight)
  }

  @Test("precision low multiplies bfloat16 where the processor does, else floats")
  func lowPrecision() throws {
    let hasHalves = try CPUBackend().multipliesHalves
    var random = RandomNumbers(seed: 17)
    var sample = Sample()
    let x = sample.input(try random.floats([2, 64, 9, 9]))
    let first = try sample.add(
      Convolution(padding: .explicit(before: [1, 1], after: [1, 1]), activation: .relu), x,
      sample.constant(try random.floats([48, 64, 3, 3], in: -0.1...0.1)), sample.constant(try random.floats([48])))
    let second = try sample.add(
      Convolution(), first, sample.constant(try random.floats([80, 48, 1, 1], in: -0.1...0.1)))
    let flat = try sample.add(Reshape(), second, sample.constant(try Tensor([Int64(2), 80 * 81])))
    let y = try sample.add(MatMul(), flat, sample.constant(random.floats([80 * 81, 33], in: -0.1...0.1)))
    sample.graph.setOutputs([y])
    for precision in [ExecutionSettings.Precision.low, .lowBF16] {
      try check(sample, precision: precision, memory: .normal, tolerance: 0.01, narrow: hasHalves ? 3 : 0)
    }
    try check(sample, precision: .low, memory: .normal, level: "scalar", tolerance: 1e-5, narrow: 0)
    try check(sample, precision: .high, memory: .normal, tolerance: 1e-5, narrow: 0)
  }
}
