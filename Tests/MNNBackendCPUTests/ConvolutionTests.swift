import MNNGraph
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
    for (outputs, inputs, activation) in [(64, 3, ActivationFunction.relu), (64, 64, .relu), (64, 64, .none)] {
      let w = sample.constant(try random.floats([outputs, inputs, 1, 1], in: -0.3...0.3))
      let y = try sample.add(Convolution(activation: activation), x, w)
      x = outputs == inputs ? try sample.add(Binary(.add), x, y) : y
    }
    sample.graph.setOutputs([x])
    let (error, fallbacks) = try sample.difference(level: level)
    #expect(error < tolerance)
    #expect(fallbacks.isEmpty)
  }
}
