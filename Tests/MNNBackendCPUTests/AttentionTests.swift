import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct AttentionTests {
  /// The names of the operators that a plan runs.
  private func operators(_ sample: Sample) throws -> [String] {
    let module = try Module(graph: sample.graph, runtime: RuntimeManager.cpu())
    return try module.plan(forInputs: sample.inputs.map(\.type)).placement.entries.map(\.operatorName)
  }

  @Test("reads separate projections and a mask in place", arguments: levels)
  func separate(level: String) throws {
    var random = RandomNumbers(seed: 31)
    for (batch, length, heads, size, maskShape) in [
      (1, 7, 2, 32, [1, 1, 1, 7]), (3, 5, 3, 9, [3, 1, 5, 5]), (2, 1, 4, 64, [1]), (1, 20, 1, 8, nil),
    ] as [(Int, Int, Int, Int, [Int]?)] {
      var sample = Sample()
      func headed(_ axes: [Int]) throws -> Value.ID {
        let x = sample.input(try random.floats([batch, length, heads * size]))
        let shape = sample.constant(try Tensor([Int64(batch), Int64(length), Int64(heads), Int64(size)]))
        return try sample.add(Transpose(permutation: axes), sample.add(Reshape(), x, shape))
      }
      let (q, k, v) = (try headed([0, 2, 1, 3]), try headed([0, 2, 3, 1]), try headed([0, 2, 1, 3]))
      let factor = sample.constant(try Tensor(Float(size).squareRoot()))
      var scores = try sample.add(Binary(.divide), sample.add(MatMul(), q, k), factor)
      if let maskShape { scores = try sample.add(Binary(.add), sample.input(random.floats(maskShape)), scores) }
      let y = try sample.add(MatMul(), sample.add(Softmax(), scores), v)
      let moved = try sample.add(Transpose(permutation: [0, 2, 1, 3]), y)
      let shape = sample.constant(try Tensor([Int64(batch), Int64(length), Int64(heads * size)]))
      sample.graph.setOutputs([try sample.add(Reshape(), moved, shape)])
      let (error, fallbacks) = try sample.difference(level: level, threads: 2)
      #expect(error < tolerance)
      #expect(fallbacks.isEmpty)
      // A mask of one number for all keys is not the kernel's.
      if maskShape != [1] || length == 1 {
        #expect(try operators(sample).filter { !["Reshape"].contains($0) } == ["FusedAttention"])
      }
    }
  }

  @Test("reads queries, keys and values from one packed projection", arguments: levels)
  func packed(level: String) throws {
    var random = RandomNumbers(seed: 32)
    let (length, heads, size) = (11, 3, 16)
    for usesSplit in [false, true] {
      var sample = Sample()
      let x = sample.input(try random.floats([length, 1, 3 * heads * size]))
      func shape(_ sizes: Int...) throws -> Value.ID { sample.constant(try Tensor(sizes.map { Int64($0) })) }
      var parts: [Value.ID] = []
      if usesSplit {
        parts = try sample.graph.append(Split(axis: 2, count: 3), [x], name: "split")
      } else {
        let apart = try sample.add(Reshape(), x, shape(length, 1, 3, heads * size))
        let first = try sample.add(Transpose(permutation: [2, 0, 1, 3]), apart)
        for i in 0..<3 { parts.append(try sample.add(Gather(axis: 0), first, sample.constant(try Tensor(Int64(i - 3))))) }
      }
      let own = try parts.map {
        try sample.add(
          Reshape(),
          sample.add(
            Transpose(permutation: [1, 0, 2]), sample.add(Reshape(), $0, shape(length, heads, size))),
          shape(1, heads, length, size))
      }
      let half = sample.constant(try Tensor(Float(0.5)))
      let q = try sample.add(Binary(.multiply), own[0], half)
      let k = try sample.add(Binary(.multiply), sample.add(Transpose(permutation: [0, 1, 3, 2]), own[1]), half)
      let y = try sample.add(MatMul(), sample.add(Softmax(axis: 3), sample.add(MatMul(), q, k)), own[2])
      sample.graph.setOutputs([try sample.add(Transpose(permutation: [2, 0, 1, 3]), y)])
      let (error, fallbacks) = try sample.difference(level: level)
      #expect(error < tolerance)
      #expect(fallbacks.isEmpty)
      #expect(try operators(sample) == ["FusedAttention"])
    }
  }

  @Test("leaves alone what is no attention")
  func others() throws {
    var random = RandomNumbers(seed: 33)
    var sample = Sample()
    let (q, k) = (sample.input(try random.floats([2, 3, 8])), sample.input(try random.floats([2, 8, 5])))
    let v = sample.input(try random.floats([2, 5, 4]))
    let weights = try sample.add(Softmax(axis: 1), sample.add(MatMul(), q, k))
    sample.graph.setOutputs([try sample.add(MatMul(), weights, v)])
    #expect(try !operators(sample).contains("FusedAttention"))
    #expect(try sample.difference(level: levels[0]).error < tolerance)
  }
}
