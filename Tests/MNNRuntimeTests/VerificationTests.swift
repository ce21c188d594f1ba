import MNNGraph
import MNNRuntime
import Testing

@Suite("Comparison of results")
struct VerificationTests {
  private static let runtime = try? RuntimeManager(backends: [])

  private static func graph(factor: Float, name: String = "y") throws -> Graph {
    var graph = Graph()
    let x = graph.addInput("x", type: TensorType(.float32, [2, 3]))
    let c = graph.addConstant(try Tensor(shape: [], scalars: [factor]))
    let y = try graph.append(Binary(.multiply), [x, c])[0]
    graph.setName(name, of: y)
    graph.setOutputs([y])
    return graph
  }

  @Test func equalTensorsDifferByNothing() throws {
    let a = try Tensor(shape: [2, 2], scalars: [1, .nan, -.infinity, 0] as [Float])
    let found = try OutputComparison(name: "a", expected: a, found: a)
    #expect(found.largestDifference == 0 && found.relativeDifference == 0 && found.cosine == 1 && found.sameMaximum == 1)
  }

  @Test func differencesAreMeasured() throws {
    let a = try Tensor(shape: [2, 2], scalars: [3, 4, 2, 1] as [Float])
    let b = try Tensor(shape: [2, 2], scalars: [4, 3, 2, 1] as [Float])
    let found = try OutputComparison(name: "a", expected: a, found: b)
    #expect(found.largestDifference == 1 && found.largestMagnitude == 4 && found.relativeDifference == 0.25)
    #expect(found.sameMaximum == 0.5)
    #expect(abs(found.cosine - 29 / 30) < 1e-12)
  }

  @Test("what is finite in one of two alone, or of another shape, is infinitely far")
  func infinite() throws {
    let a = try Tensor(shape: [2], scalars: [1, 2] as [Float])
    for other in [
      try Tensor(shape: [2], scalars: [1, .nan] as [Float]), try Tensor(shape: [2], scalars: [.infinity, 2] as [Float]),
      try Tensor(shape: [1, 2], scalars: [1, 2] as [Float]),
    ] {
      #expect(try OutputComparison(name: "a", expected: a, found: other).relativeDifference == .infinity)
      #expect(try OutputComparison(name: "a", expected: other, found: a).relativeDifference == .infinity)
    }
  }

  @Test func elementTypesAreOnlyReported() throws {
    let found = try OutputComparison(
      name: "n", expected: Tensor(shape: [2], scalars: [1, 2] as [Int64]), found: Tensor(shape: [2], scalars: [1, 2] as [Int32]))
    #expect(found.largestDifference == 0 && found.expectedType.dtype == .int64 && found.foundType.dtype == .int32)
  }

  @Test func aGraphIsComparedWithAnother() throws {
    let runtime = try #require(Self.runtime)
    let x = try Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6] as [Float])
    let verification = try Verification(of: Self.graph(factor: 2), inputs: [x], runtime: runtime)
    #expect(verification.source == .reference)
    #expect(try verification.compare(Self.graph(factor: 2), runtime: runtime).map(\.relativeDifference) == [0])
    let worse = try verification.compare(Self.graph(factor: 2.5), runtime: runtime)
    #expect(worse.map(\.relativeDifference) == [0.25])
    #expect(worse.map(\.name) == ["y"])
    let noise = try verification.roundingNoise(of: Self.graph(factor: 2), runtime: runtime)
    #expect(noise > 0 && noise < 1e-6)
  }

  @Test func anOutputThatIsMissingIsAnError() throws {
    let runtime = try #require(Self.runtime)
    let verification = try Verification(of: Self.graph(factor: 2), inputs: [Tensor.zeros(.float32, [2, 3])], runtime: runtime)
    #expect { try verification.compare(Self.graph(factor: 2, name: "z"), runtime: runtime) } throws: {
      ($0 as? RunError)?.code == .outputName
    }
  }

  @Test("what takes longer than a second by reference is computed by kernels")
  func largeGraphs() throws {
    let runtime = try #require(Self.runtime)
    var graph = Graph()
    let a = graph.addInput("a", type: TensorType(.float32, [640, 640]))
    let b = try graph.append(MatMul(), [a, a])[0]
    graph.setName("b", of: b)
    graph.setOutputs([b])
    // The reference backend is the only one here: the time is over before it ends.
    #expect {
      try Verification(of: graph, inputs: [Tensor.zeros(.float32, [640, 640])], runtime: runtime, seconds: 0)
    } throws: {
      ($0 as? RunError)?.code == .cancelled
    }
  }

  @Test func randomOperatorsAreSeenInBodies() throws {
    var body = Graph()
    body.setOutputs([try body.append(RandomUniform(), [body.addConstant(try Tensor(shape: [1], scalars: [2] as [Int64]))])[0]])
    var graph = Graph()
    let condition = graph.addInput("c", type: TensorType(.bool, []))
    graph.setOutputs(try graph.append(If(thenBranch: body, elseBranch: body), [condition]))
    #expect(graph.drawsRandomNumbers)
    #expect(try !Self.graph(factor: 1).drawsRandomNumbers)
  }
}
