import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct ElementwiseTests {
  private func operators(_ sample: Sample) throws -> [String] {
    let module = try Module(graph: sample.graph, runtime: RuntimeManager.cpu())
    return try module.plan(forInputs: sample.inputs.map(\.type)).placement.entries.map(\.operatorName)
  }

  @Test("a chain of operators over operands that broadcast is one pass", arguments: levels)
  func chain(level: String) throws {
    var random = RandomNumbers(seed: 51)
    var sample = Sample()
    let x = sample.input(try random.floats([3, 7, 50]))
    let row = sample.input(try random.floats([50]))
    let column = sample.input(try random.floats([7, 1]))
    let sum = try sample.add(Binary(.add, activation: .relu), x, row)
    let bent = try sample.add(Unary(.tanh), sum)
    let scaled = try sample.add(Binary(.multiply), bent, column)
    let holds = try sample.add(Comparison(.greater), scaled, sample.constant(try Tensor(Float(0.25))))
    let chosen = try sample.add(Select(), holds, scaled, x)
    let clipped = try sample.add(Unary(.clip(minimum: -1, maximum: 1)), chosen)
    sample.graph.setOutputs([try sample.add(Cast(to: .float64), clipped)])
    let (error, fallbacks) = try sample.difference(level: level, threads: 2)
    #expect(error < tolerance)
    #expect(fallbacks.isEmpty)
    #expect(try operators(sample) == ["FusedElementwise"])
  }

  @Test("integers choose as truth values do", arguments: levels)
  func integerCondition(level: String) throws {
    var random = RandomNumbers(seed: 57)
    var sample = Sample()
    let condition = sample.input(try Tensor(shape: [7, 1, 19], scalars: (0..<133).map { Int32($0 % 3 - 1) << Int32($0 % 31) }))
    let x = sample.input(try random.floats([3, 1])), y = sample.input(try random.floats([7, 3, 19]))
    sample.graph.setOutputs([try sample.add(Select(), condition, x, y)])
    let (error, fallbacks) = try sample.difference(level: level, threads: 2)
    #expect(error == 0)
    #expect(fallbacks.isEmpty)
  }

  @Test("what is used elsewhere, or is smaller than the result, stays a node of its own")
  func shared() throws {
    var random = RandomNumbers(seed: 52)
    var sample = Sample()
    let x = sample.input(try random.floats([4, 6]))
    let small = try sample.add(Unary(.exp), sample.input(try random.floats([6])))
    let y = try sample.add(Binary(.add), x, small)
    let z = try sample.add(Unary(.sqrt), sample.add(Unary(.absolute), y))
    sample.graph.setOutputs([y, try sample.add(Binary(.multiply), z, y)])
    #expect(try operators(sample).sorted() == ["Binary", "FusedElementwise", "Unary"])
    #expect(try sample.difference(level: levels[0]).error < tolerance)
  }

  @Test("long chains become several, none longer than the kernel's", arguments: levels)
  func long(level: String) throws {
    var random = RandomNumbers(seed: 53)
    var sample = Sample()
    var y = sample.input(try random.floats([5, 33], in: 0.5...1))
    for i in 0..<40 {
      y =
        try i % 4 == 0
        ? sample.add(Binary(.add), y, sample.input(random.floats([33], in: 0...0.1)))
        : sample.add(Unary([.sqrt, .sigmoid, .square][i % 3]), y)
    }
    sample.graph.setOutputs([y])
    let (error, fallbacks) = try sample.difference(level: level)
    #expect(error < tolerance)
    #expect(fallbacks.isEmpty)
    #expect(try operators(sample).count < 8)
  }

  @Test("double precision and integers have kernels", arguments: levels)
  func types(level: String) throws {
    var random = RandomNumbers(seed: 54)
    for dtype in [DType.float64, .int32, .int64] {
      var sample = Sample()
      let a = sample.input(try random.floats([9, 31], in: -50...50).converted(to: dtype))
      let b = sample.input(try random.floats([31], in: 1...9).converted(to: dtype))
      let y = try sample.add(Binary(.subtract), sample.add(Binary(.floorDivide), a, b), sample.add(Unary(.absolute), a))
      sample.graph.setOutputs([
        y, try sample.add(Comparison(.lessOrEqual), y, b), try sample.add(Unary(.clip(minimum: -3, maximum: 3.5)), y),
      ])
      let (error, fallbacks) = try sample.difference(level: level)
      #expect(error == 0)
      #expect(fallbacks.isEmpty)
    }
  }
}
