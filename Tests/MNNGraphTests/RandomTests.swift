import Testing

@testable import MNNGraph

@Suite("random numbers")
struct RandomTests {
  private func draw(_ op: any Operator, _ input: Tensor) throws -> [Double] {
    try Interpreter().evaluate(op, Arguments([input]))[0].scalars(as: Double.self)
  }

  @Test("uniform numbers fill their range evenly")
  func uniform() throws {
    let numbers = try draw(RandomUniform(low: -2, high: 6), Tensor([Int64(100), 200]))
    #expect(numbers.allSatisfy { $0 >= -2 && $0 < 6 })
    // 20 000 numbers: the mean's deviation is 8/√12/√20000 = 0.016.
    #expect(abs(numbers.reduce(0, +) / 20000 - 2) < 0.1)
    for quarter in 0..<4 {
      let count = numbers.count { $0 >= -2 + 2 * Double(quarter) && $0 < 2 * Double(quarter) }
      #expect(abs(count - 5000) < 400)
    }
  }

  @Test("normal numbers have the mean and the deviation that are asked for")
  func normal() throws {
    let numbers = try draw(RandomNormal(mean: 3, scale: 2), Tensor([Int64(20000)]))
    let mean = numbers.reduce(0, +) / 20000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20000
    #expect(abs(mean - 3) < 0.1)
    #expect(abs(variance - 4) < 0.3)
    #expect(abs(numbers.count { abs($0 - 3) < 2 } - 13654) < 400)
  }

  @Test("classes are drawn by their probabilities")
  func multinomial() throws {
    let x = try Tensor(shape: [2, 3], scalars: [Float(0), 0.6931472, -.infinity, 5, 5, 5])
    let classes = try draw(Multinomial(count: 6000), x)
    #expect(abs(classes[..<6000].count { $0 == 1 } - 4000) < 250)
    #expect(!classes[..<6000].contains(2))
    for kind in 0..<3 { #expect(abs(classes[6000...].count { $0 == Double(kind) } - 2000) < 250) }
  }

  @Test("a seed makes runs alike, no seed makes them differ")
  func seeds() throws {
    let shape = try Tensor([Int64(32)])
    #expect(try draw(RandomUniform(seed: 7), shape) == draw(RandomUniform(seed: 7), shape))
    #expect(try draw(RandomUniform(seed: 7), shape) != draw(RandomUniform(seed: 8), shape))
    #expect(try draw(RandomNormal(), shape) != draw(RandomNormal(), shape))
  }

  @Test("random numbers are neither folded nor merged")
  func passes() throws {
    var graph = Graph()
    let shape = graph.addConstant(try Tensor([Int64(4)]))
    let a = try graph.append(RandomUniform(seed: 1), [shape])[0]
    let b = try graph.append(RandomUniform(seed: 1), [shape])[0]
    graph.setOutputs([a, b])
    try PassPipeline.simplify.run(on: &graph)
    #expect(graph.nodeCount == 2)
  }
}
