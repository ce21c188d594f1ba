import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct ConvolutionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var x: [Int]
    var weight: [Int]
    var op: Convolution
    var testDescription: String { "\(x) * \(weight) \(op)" }
  }

  static let cases: [Case] = [
    Case(
      x: [1, 3, 11, 13], weight: [20, 3, 3, 3],
      op: Convolution(strides: [2, 2], padding: .explicit(before: [1, 1], after: [1, 1]))),
    Case(x: [2, 3, 9, 9], weight: [8, 3, 3, 3], op: Convolution(activation: .relu)),
    Case(x: [2, 33, 7, 5], weight: [17, 33, 1, 1], op: Convolution()),
    Case(
      x: [1, 16, 8, 8], weight: [32, 16, 3, 3], op: Convolution(padding: .sameUpper, activation: .clip(minimum: 0, maximum: 6))),
    Case(x: [1, 20, 9, 9], weight: [40, 20, 3, 3], op: Convolution(strides: [2, 1], dilations: [1, 2], padding: .sameLower)),
    Case(
      x: [1, 24, 10, 9], weight: [24, 1, 3, 3],
      op: Convolution(groups: 24, padding: .explicit(before: [1, 1], after: [1, 1]), activation: .hardSwish)),
    Case(
      x: [2, 19, 10, 11], weight: [19, 1, 5, 5],
      op: Convolution(strides: [2, 2], groups: 19, padding: .explicit(before: [2, 2], after: [2, 2]))),
    Case(x: [1, 32, 6, 6], weight: [64, 16, 3, 3], op: Convolution(groups: 2)),
    Case(
      x: [1, 20, 13, 15], weight: [24, 20, 3, 3],
      op: Convolution(padding: .explicit(before: [1, 1], after: [1, 1]), activation: .relu)),
    Case(x: [1, 12, 6, 6], weight: [6, 4, 3, 3], op: Convolution(groups: 3, activation: .relu)),
    Case(x: [1, 6, 6, 6], weight: [12, 1, 3, 3], op: Convolution(groups: 6)),
    Case(x: [1, 18, 15], weight: [21, 18, 3], op: Convolution(strides: [2], padding: .explicit(before: [1], after: [1]))),
    Case(x: [3, 40, 1, 1], weight: [10, 40, 1, 1], op: Convolution(activation: .hardSigmoid(alpha: 0.2, beta: 0.5))),
  ]

  @Test("computes what the reference computes", arguments: cases, levels)
  func agrees(_ test: Case, _ level: String) throws {
    var random = RandomNumbers(seed: 7)
    for hasBias in [false, true] {
      var sample = Sample()
      let x = sample.input(try random.floats(test.x))
      let weight = sample.constant(try random.floats(test.weight, in: -0.5...0.5))
      let bias = hasBias ? sample.constant(try random.floats([test.weight[0]])) : nil
      sample.graph.setOutputs([try sample.add(test.op, x, weight, bias)])
      let (error, fallbacks) = try sample.difference(level: level, threads: 2)
      #expect(error < tolerance)
      #expect(fallbacks.isEmpty)
    }
  }

  struct TransposedCase: CustomTestStringConvertible, Sendable {
    var x: [Int]
    var weight: [Int]
    var op: ConvolutionTranspose
    var testDescription: String { "\(x) * \(weight) \(op)" }
  }

  static let transposedCases: [TransposedCase] = [
    TransposedCase(x: [1, 20, 5, 7], weight: [20, 9, 2, 2], op: ConvolutionTranspose(strides: [2, 2], activation: .relu)),
    TransposedCase(
      x: [2, 16, 6, 5], weight: [16, 24, 3, 3],
      op: ConvolutionTranspose(
        strides: [2, 2], padding: .explicit(before: [1, 1], after: [1, 1]), outputPadding: [1, 1], activation: .hardSwish)),
    TransposedCase(
      x: [1, 6, 4, 4], weight: [6, 1, 4, 4],
      op: ConvolutionTranspose(strides: [2, 2], groups: 6, padding: .explicit(before: [1, 1], after: [1, 1]))),
    TransposedCase(x: [1, 32, 4, 3], weight: [32, 16, 3, 3], op: ConvolutionTranspose(dilations: [2, 1], groups: 2)),
    TransposedCase(x: [1, 8, 9], weight: [8, 5, 4], op: ConvolutionTranspose(strides: [3], padding: .sameUpper)),
    TransposedCase(
      x: [1, 4, 3, 3], weight: [4, 3, 3, 3], op: ConvolutionTranspose(strides: [3, 2], outputShape: [10, 8])),
  ]

  @Test("computes what the reference of the transposed convolution computes", arguments: transposedCases, levels)
  func agreesTransposed(_ test: TransposedCase, _ level: String) throws {
    var random = RandomNumbers(seed: 8)
    for hasBias in [false, true] {
      var sample = Sample()
      let x = sample.input(try random.floats(test.x))
      let weight = sample.constant(try random.floats(test.weight, in: -0.5...0.5))
      let bias = hasBias ? sample.constant(try random.floats([test.weight[1] * test.op.groups])) : nil
      sample.graph.setOutputs([try sample.add(test.op, x, weight, bias)])
      let (error, fallbacks) = try sample.difference(level: level, threads: 2)
      #expect(error < tolerance)
      #expect(fallbacks.isEmpty)
    }
  }

  @Test("keeps blocked tensors through a residual block", arguments: levels)
  func residualBlock(level: String) throws {
    var random = RandomNumbers(seed: 3)
    var sample = Sample()
    let x = sample.input(try random.floats([2, 3, 14, 14]))
    func convolution(_ input: Value.ID, _ weight: [Int], _ op: Convolution) throws -> Value.ID {
      let w = sample.constant(try random.floats(weight, in: -0.3...0.3))
      let b = sample.constant(try random.floats([weight[0]]))
      return try sample.add(op, input, w, b)
    }
    let same = SpatialPadding.explicit(before: [1, 1], after: [1, 1])
    let first = try sample.add(Unary(.relu), convolution(x, [18, 3, 3, 3], Convolution(padding: same)))
    let expanded = try convolution(first, [36, 18, 1, 1], Convolution(activation: .clip(minimum: 0, maximum: 6)))
    let middle = try convolution(expanded, [36, 1, 3, 3], Convolution(groups: 36, padding: same, activation: .relu))
    let projected = try convolution(middle, [18, 36, 1, 1], Convolution())
    let sum = try sample.add(Unary(.relu), sample.add(Binary(.add), projected, first))
    let pooled = try sample.add(Pool(.maximum, kernel: [3, 3], strides: [2, 2], padding: same), sum)
    let joined = try sample.add(Concat(axis: 1), pooled, pooled)
    let axes = sample.constant(try Tensor([Int64(2), 3]))
    let squeezed = try sample.add(Reduce(.mean), joined, axes)
    let gate = try sample.add(Unary(.sigmoid), convolution(squeezed, [36, 36, 1, 1], Convolution()))
    let scaled = try sample.add(Binary(.multiply), joined, gate)
    let shifted = try sample.add(Binary(.add), scaled, sample.constant(try random.floats([1, 36, 1, 1])))
    let means = try sample.add(Reduce(.mean, keepsDimensions: false), shifted, axes)
    sample.graph.setOutputs([shifted, means])
    let (error, fallbacks) = try sample.difference(level: level)
    #expect(error < tolerance)
    #expect(fallbacks.isEmpty)
  }

  @Test("adds a convolution's own input to its result", arguments: levels)
  func inputAsResidual(level: String) throws {
    var random = RandomNumbers(seed: 5)
    var sample = Sample()
    var x = sample.input(try random.floats([2, 3, 8, 8]))
    for (outputs, inputs, activation) in [(64, 3, ScalarFunction.relu), (64, 64, .relu), (64, 64, .identity)] {
      let w = sample.constant(try random.floats([outputs, inputs, 1, 1], in: -0.3...0.3))
      let y = try sample.add(Convolution(activation: activation), x, w)
      x = outputs == inputs ? try sample.add(Binary(.add), x, y) : y
    }
    sample.graph.setOutputs([x])
    let (error, fallbacks) = try sample.difference(level: level)
    #expect(error < tolerance)
    #expect(fallbacks.isEmpty)
  }

  @Test("joins the convolutions of inverted residuals, with and without squeeze and excitation", arguments: levels, [1, 2])
  func invertedResidual(level: String, threads: Int) throws {
    var random = RandomNumbers(seed: 9)
    let same = SpatialPadding.explicit(before: [1, 1], after: [1, 1])
    // Sums of 40 products go to the kernel for short ones.
    for (excites, stride, size, channels) in [
      (false, 1, 56, 40), (false, 2, 60, 40), (true, 1, 48, 40), (true, 2, 48, 40), (true, 1, 26, 150),
    ] {
      var sample = Sample()
      let x = sample.input(try random.floats([2, 3, size, size]))
      func convolution(_ input: Value.ID, _ weight: [Int], _ op: Convolution) throws -> Value.ID {
        let w = sample.constant(try random.floats(weight, in: -0.3...0.3))
        let b = sample.constant(try random.floats([weight[0]]))
        return try sample.add(op, input, w, b)
      }
      let relu6 = ScalarFunction.clip(minimum: 0, maximum: 6)
      let first = try convolution(x, [18, 3, 3, 3], Convolution(padding: same))
      let expanded = try convolution(first, [channels, 18, 1, 1], Convolution(activation: relu6))
      var middle = try convolution(
        expanded, [channels, 1, 3, 3],
        Convolution(strides: [stride, stride], groups: channels, padding: same, activation: .hardSwish))
      if excites {
        let means = try sample.add(Reduce(.mean), middle, sample.constant(try Tensor([Int64(2), 3])))
        let squeezed = try convolution(means, [10, channels, 1, 1], Convolution(activation: .relu))
        let gate = try convolution(squeezed, [channels, 10, 1, 1], Convolution(activation: .hardSigmoid(alpha: 0.2, beta: 0.5)))
        middle = try sample.add(Binary(.multiply), middle, gate)
      }
      let projected = try convolution(middle, [18, channels, 1, 1], Convolution())
      let last = stride == 1 ? try sample.add(Binary(.add), first, projected) : projected
      sample.graph.setOutputs([last])
      let (error, fallbacks) = try sample.difference(level: level, threads: threads)
      #expect(error < tolerance)
      #expect(fallbacks.isEmpty)
      let module = try Module(graph: sample.graph, runtime: RuntimeManager.cpu(threads: threads, instructionSet: level))
      let operators = try module.plan(forInputs: sample.inputs.map(\.type)).placement.entries.map(\.operatorName)
      // The first convolution, and the two small ones and the projection where something lies between.
      #expect(operators.contains("Bottleneck"))
      #expect(operators.filter { $0 == "BlockedConvolution" }.count == (excites ? 4 : 1))
      #expect(!operators.contains("BlockedGlobalPool") && !operators.contains("Binary"))
    }
  }

  @Test("shuffles, slices and joins channels in blocked layout", arguments: levels, [1, 2])
  func shuffledChannels(level: String, batch: Int) throws {
    var random = RandomNumbers(seed: 11)
    var sample = Sample()
    func convolution(_ input: Value.ID, _ weight: [Int]) throws -> Value.ID {
      try sample.add(Convolution(activation: .relu), input, sample.constant(random.floats(weight, in: -0.3...0.3)))
    }
    func slice(_ x: Value.ID, _ range: Range<Int>) throws -> Value.ID {
      let start = sample.constant(try Tensor([Int64(range.lowerBound)]))
      let end = sample.constant(try Tensor([Int64(range.upperBound)]))
      return try sample.add(Slice(), x, start, end, sample.constant(Tensor([Int64(1)])))
    }
    let x = try convolution(sample.input(random.floats([batch, 3, 7, 9])), [32, 3, 1, 1])
    // 29 channels fill no whole blocks; 32 do at every level.
    var half = try convolution(x, [29, 32, 1, 1])
    var other = try convolution(x, [29, 32, 1, 1])
    for _ in 0..<3 {
      let joined = try sample.add(Concat(axis: 1), half, other)
      let cut = try sample.add(Reshape(), joined, sample.constant(Tensor([Int64(batch), 2, 29, 7, 9])))
      let turned = try sample.add(Transpose(permutation: [0, 2, 1, 3, 4]), cut)
      let shuffled = try sample.add(Reshape(), turned, sample.constant(Tensor([Int64(batch), 58, 7, 9])))
      half = try slice(shuffled, 0..<29)
      other = try convolution(slice(shuffled, 29..<58), [29, 29, 1, 1])
    }
    let wide = try sample.add(Concat(axis: 1), convolution(half, [32, 29, 1, 1]), convolution(other, [32, 29, 1, 1]))
    let all = try sample.add(Concat(axis: 1), x, wide, wide)
    sample.graph.setOutputs([try convolution(all, [21, 160, 1, 1]), try convolution(wide, [5, 64, 1, 1])])
    let (error, fallbacks) = try sample.difference(level: level, threads: 2)
    #expect(error < tolerance)
    #expect(fallbacks.isEmpty)
    let module = try Module(graph: sample.graph, runtime: RuntimeManager.cpu(instructionSet: level))
    let operators = try module.plan(forInputs: sample.inputs.map(\.type)).placement.entries.map(\.operatorName)
    #expect(operators.contains("BlockedGather"))
    #expect(!operators.contains("Transpose") && !operators.contains("Slice") && !operators.contains("Reshape"))
    #expect(operators.filter { $0 == "FromBlocked" }.count == 2)
  }
}
