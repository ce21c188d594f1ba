import MNNExpr
import MNNGraph
import Testing

@Suite struct BadInputTests {
  /// Numbers that every run of the tests draws alike.
  private static let shapes: [[Int]] = [
    [], [0], [1], [5], [2, 3], [3, 2], [0, 4], [1, 1, 1], [2, 3, 4], [1, 2, 3, 4], [2, 4, 0, 3], [1, 4, 5, 5], [2, 1, 2, 1, 2],
  ]

  private static func variable(_ random: inout SplitMix64) throws -> Variable {
    let shape = shapes.randomElement(using: &random) ?? []
    let dtype = DType.allCases.randomElement(using: &random) ?? .float32
    let values = (0..<shape.reduce(1, *)).map { _ in Double(Int.random(in: -9...9, using: &random)) }
    var result = Variable(try Tensor(shape: shape, scalars: values).converted(to: dtype))
    result.setOrder(DataFormat.allCases.randomElement(using: &random) ?? .NCHW)
    return result
  }

  @Test("gives a result or an ExprError for any operands", arguments: [Executor.Mode.lazy, .eager])
  func anyOperands(mode: Executor.Mode) throws {
    var random = SplitMix64(seed: 11)
    var functions: [GoldenTests.Function] = Array(GoldenFunctions.table.values)
    for f in GoldenFunctions.unary.values { functions.append { x in [f(x[0])] } }
    for f in GoldenFunctions.binary.values { functions.append { x in [f(x[0], x[1])] } }
    for f in GoldenFunctions.reduction.values { functions.append { x in [f(x[0], [1], true)] } }
    functions.append { x in [x[0].product(axes: [-1]), x[0].standardDeviation(axes: [0]), x[0].swappingAxes(0, -1)] }
    var (results, errors) = (0, 0)
    try Executor(mode: mode).run {
      for function in functions {
        for _ in 0..<12 {
          let operands = try (0..<3).map { _ in try Self.variable(&random) }
          for result in function(operands) {
            do throws(ExprError) {
              _ = try result.tensor()
              results += 1
            } catch {
              #expect(!error.description.isEmpty)
              errors += 1
            }
          }
        }
      }
    }
    #expect(results > 300)
    #expect(errors > 300)
  }

  @Test("refuses arguments that make no sense")
  func badArguments() {
    let x = Variable([Float](repeating: 1, count: 24), shape: [2, 3, 4])
    let huge = Int.max / 2
    let bad: [Variable] = [
      expr.reshape(x, [5, -1]), expr.reshape(x, [-1, -1]), expr.reshape(x, [huge, huge]), expr.reduceSum(x, axes: [3]),
      expr.reduceSum(x, axes: [0, 0]), expr.transpose(x, perm: [0, 1]), expr.transpose(x, perm: [0, 0, 1]),
      expr.slice(x, starts: [0], sizes: [1]), expr.slice(x, starts: [0, 0, huge], sizes: [1, 1, huge]),
      expr.pad(x, [[huge, huge], [0, 0], [0, 0]]), expr.pad(x, [[0, 0]]), expr.fill([huge, huge], 1), expr.fill([-1], 1),
      expr.fill([2], x), expr.tile(x, [huge, huge, huge]), expr.tile(x, [1]), expr.broadcastTo(x, [2, 3, 5]),
      expr.broadcastTo(x, [-1, 3, 4]), expr.oneHot(Variable([Int32(1)]), depth: -1),
      expr.unravelIndex(Variable([Int32(1)]), shape: [0]),
      expr.histogram(x, binNum: 0, minVal: 0, maxVal: 1), expr.range(0, 1, 0), expr.range(0.0, 1e30, 1e-30),
      expr.conv2d(x, weight: x), expr.maxPool(x, kernel: [0, 0], stride: [1, 1]),
      expr.maxPool(x, kernel: [2, 2], stride: [0, 1]),
      expr.channelShuffle(x, group: 0), expr.depthToSpace(x, blockSize: 0),
      expr.spaceToBatchND(x, blockShape: [0], paddings: [[0, 0]]),
      expr.raster([x], regions: [Region(size: [100], source: View(strides: [1]), target: View(strides: [1]))], shape: [100]),
      expr.raster([], regions: [], shape: [2]), expr.concat([], axis: 0), expr.concat([x, x], axis: 7),
      expr.stridedSlice(x, begin: [0], end: [1], strides: [0]),
      expr.stridedSlice(x, begin: [9], end: [1], strides: [1], shrinkAxisMask: 1),
      expr.resize(x, xScale: -1, yScale: 1), expr.quant(x, scale: [1.0], min: -1000), expr.squeeze(x, axes: [0]),
      expr.randomUniform([-2]), expr.randomUniform([huge, 4]), expr.randomUniform([2], low: 3, high: 1), expr.matmul(x, x),
      expr.placeholder([-7]), Variable([Float(1)], shape: [3]), expr.biasAdd(x, x), expr.eltwiseSum(x, x, coeff: [1]),
      expr.crop(x, size: x, axis: 9, offset: [0]), x - Variable([true]) - true + Variable([Float](repeating: 0, count: 7)),
      [[1.0, 2.0], [3.0]],
    ]
    for (i, variable) in bad.enumerated() {
      #expect(throws: ExprError.self, "\(i)") { _ = try variable.tensor() }
    }
    #expect(throws: ExprError.self) { _ = try x.item(as: Float.self) }
    #expect(throws: ExprError.self) { _ = try x.item(99, as: Float.self) }
    #expect(throws: ExprError.self) { _ = try Executor(threads: 0) }
  }
}
