import Foundation
import MNNGraph
import Testing

@Suite("Work budget")
struct WorkBudgetTests {
  @Test("refuses what is not left, says what spent it, and takes nothing then")
  func refuses() throws {
    let budget = WorkBudget(WorkBudget.Limits(operations: 100, bytes: 50, nodes: 2))
    try budget.spend(Work(operations: 60, bytes: 10), nodes: 1, on: .folding)
    let error = #expect(throws: GraphError.self) { try budget.spend(Work(operations: 41), on: .unpacking) }
    #expect(error?.code == .workExceeded)
    #expect(error?.what.contains("unpacking") == true)
    #expect(error?.expected == "at most 40 operations (left of 100)")
    #expect(error?.found == "41")
    #expect(throws: GraphError.self) { try budget.spend(Work(bytes: 41), on: .writing) }
    #expect(throws: GraphError.self) { try budget.spend(Work(), nodes: 2, on: .inlining) }
    #expect(budget.spent.operations == 60 && budget.spent.bytes == 10 && budget.spent.nodes == 1)
    budget.grow(bytes: 1)  // nothing per byte here
    #expect(throws: GraphError.self) { try budget.spend(Work(operations: .max, bytes: .max), on: .folding) }
  }

  @Test("gives shares of what is left, so that small work always finds room")
  func shares() {
    let budget = WorkBudget(WorkBudget.Limits(operations: 1 << 20, bytes: 1 << 20, nodes: 0))
    for _ in 0..<8 { #expect(budget.spendShare(Work(operations: ((1 << 20) - budget.spent.operations) / 2))) }
    for _ in 0..<100 { #expect(budget.spendShare(Work(operations: 16, bytes: 16))) }
    #expect(!budget.spendShare(Work(operations: 1 << 20)))
  }

  @Test("grows with real data, and scales; nothing overflows")
  func limits() {
    let limits = WorkBudget.Limits.conversion
    #expect(limits.adding(bytes: 100).bytes == limits.bytes + 3200)
    #expect(limits.adding(bytes: .max).operations == .max)
    #expect(limits.scaled(by: .infinity).bytes == .max)
    #expect(limits.scaled(by: 0.5).operations == limits.operations / 2)
    #expect(Work(operations: .max) + Work(operations: .max) == Work(operations: .max))
  }

  /// A graph of one node whose inputs are all constant.
  private func graph(_ op: any Operator, _ inputs: [Tensor?]) throws -> (graph: Graph, output: Value.ID) {
    var graph = Graph()
    let ids = inputs.map { $0.map { graph.addConstant($0) } }
    let results = try graph.append(op, ids, name: "node")
    graph.setOutputs(results)
    return (graph, results[0])
  }

  private func zeros(_ shape: Int...) throws -> Tensor { try Tensor.zeros(.float32, shape) }

  @Test("says before computing what takes more than its sizes tell, and does not fold it")
  func costs() throws {
    let cases: [(op: any Operator, inputs: [Tensor?])] = [
      (
        Convolution(padding: .explicit(before: [256, 256], after: [255, 255])),
        [try zeros(1, 1, 512, 512), try zeros(1, 1, 512, 512)]
      ),
      (
        ConvolutionTranspose(padding: .explicit(before: [256, 256], after: [255, 255])),
        [try zeros(1, 1, 512, 512), try zeros(1, 1, 512, 512)]
      ),
      (MatMul(), [try zeros(1, 4096, 4096), try zeros(4096, 64)]),
      (Einsum("ij,kj,lj->ikl"), [try zeros(128, 4096), try zeros(128, 4096), try zeros(128, 4096)]),
      (Attention(), [try zeros(1, 1, 8192, 4), try zeros(1, 1, 8192, 4), try zeros(1, 1, 8192, 4)]),
      (Determinant(), [try zeros(2048, 2048)]),
      (LRN(size: 1 << 20), [try zeros(1, 1 << 15, 1, 1)]),
      (LSTM(), [try zeros(1024, 1, 512), try zeros(1, 1024, 512), try zeros(1, 1024, 256)]),
      (STFT(), [try zeros(1, 1 << 16, 1), try Tensor(Int64(1)), nil, try Tensor(Int64(1 << 15))]),
      (
        NonMaxSuppression(),
        [try zeros(1, 1 << 17, 4), try zeros(1, 1, 1 << 17), try Tensor([Int64.max]), try Tensor([Float(1)])]
      ),
      (
        RoiAlign(height: 1, width: 1, samplesPerAxis: 1 << 15),
        [try zeros(1, 1, 2, 2), try Tensor(shape: [1, 4], scalars: [Float(0), 0, 1, 1]), try Tensor([Int64(0)])]
      ),
    ]
    for (op, inputs) in cases {
      let start = ContinuousClock.now
      var (graph, output) = try graph(op, inputs)
      // Only the budget is in question: without data that explain it there is little.
      try WorkBudget(WorkBudget.Limits(operations: 1 << 24, bytes: 1 << 28, nodes: 1 << 10)).run {
        _ = try PassPipeline.simplify.run(on: &graph)
      }
      #expect(graph.constant(output) == nil && graph.nodeCount == 1, "\(op.name) was folded")
      #expect(ContinuousClock.now - start < .seconds(20), "\(op.name)")
    }
  }

  @Test("folds small work with the same result as running it")
  func folds() throws {
    let x = try Tensor(shape: [1, 1, 3, 3], scalars: (0..<9).map { Float($0) })
    var (graph, _) = try graph(Pool(.average, kernel: [2, 2]), [x])
    try PassPipeline.simplify.run(on: &graph)
    #expect(graph.nodeCount == 0)
    #expect(try graph.constant(graph.outputs[0])?.scalars(as: Float.self) == [2, 3, 5, 6])
  }

  @Test("a constant that is joined to itself again and again does not grow without bound")
  func doubling() throws {
    var graph = Graph()
    var value = graph.addConstant(try Tensor.zeros(.float32, [1024]))
    for i in 0..<40 { value = try graph.append(Concat(axis: 0), [value, value], name: "\(i)")[0] }
    graph.setOutputs([value])
    try PassPipeline.simplify.run(on: &graph)
    #expect(graph.constantByteCount <= 1 << 17)
  }

  @Test("a loop without an end, with an empty body, is an error that says so")
  func endless() throws {
    var body = Graph()
    _ = body.addInput("i", type: TensorType(.int64, []))
    let condition = body.addInput("c", type: TensorType(.bool, []))
    body.setOutputs([condition])
    let loop = Loop(body: body, carriedCount: 0)
    let error = #expect(throws: GraphError.self) {
      try WorkBudget(.reference.scaled(by: 1.0 / 1024)).run {
        try Interpreter().evaluate(loop, Arguments([try Tensor(Int64.max), try Tensor(true)]))
      }
    }
    #expect(error?.code == .workExceeded)
  }
}

@Suite("Windows and paddings of any size")
struct LargeAttributeTests {
  @Test("a kernel of 2^30 over padding takes what the image takes, whatever the function")
  func pool() throws {
    let x = try Tensor(shape: [1, 1, 2, 2], scalars: [Float(1), 2, 3, 4])
    let pad = SpatialPadding.explicit(before: [1 << 29, 1 << 29], after: [1 << 29, 1 << 29])
    func result(_ function: Pool.Function, countsPadding: Bool = false) throws -> [Float] {
      try Pool(function, kernel: [1 << 30, 1 << 30], padding: pad, countsPadding: countsPadding)
        .evaluate(Arguments([x]))[0].scalars(as: Float.self)
    }
    // The window holds the whole image at each of its nine positions.
    #expect(try result(.maximum) == [4, 4, 4, 4, 4, 4, 4, 4, 4])
    #expect(try result(.average)[4] == 2.5)
    #expect(try result(.average, countsPadding: true)[4] == Float(10 * 0x1p-60))
    #expect(try result(.norm(p: 1))[4] == 10)
  }

  @Test("spans of a window are those of its taps")
  func spans() throws {
    for stride in 1...3 {
      for dilation in 1...3 {
        for before in -2...5 {
          let window = try SlidingWindow(
            kernel: [4], strides: [stride], dilations: [dilation], padding: .explicit(before: [before], after: [3]))
          for position in 0..<8 {
            let span = window.span(at: position, axis: 0, size: 5, before: before)
            let taps = (0..<4).filter { tap in
              let at = position * stride - before + tap * dilation
              return at >= 0 && at < 5
            }
            #expect(Array(span) == taps, "stride \(stride), dilation \(dilation), before \(before), position \(position)")
          }
        }
      }
    }
  }

  @Test("padding of every mode is what its definition says", arguments: Pad.Mode.allCases)
  func pads(_ mode: Pad.Mode) throws {
    for size in 1...4 {
      let x = try Tensor((1...size).map { Float($0) })
      for before in -1...9 {
        for after in 0...9 where size + before + after >= 0 {
          let pads = try Tensor([Int64(before), Int64(after)])
          let y = try Interpreter().evaluate(Pad(mode: mode), Arguments([x, pads]))[0].scalars(as: Float.self)
          let want = (0..<size + before + after).map { i -> Float in
            let p = i - before
            func modulo(_ n: Int) -> Int { ((p % n) + n) % n }
            switch mode {
            case .constant: return p >= 0 && p < size ? Float(p + 1) : 0
            case .edge: return Float(min(max(p, 0), size - 1) + 1)
            case .wrap: return Float(modulo(size) + 1)
            case .symmetric: return Float(modulo(2 * size) < size ? modulo(2 * size) + 1 : 2 * size - modulo(2 * size))
            case .reflect:
              if size == 1 { return 1 }
              let q = modulo(2 * size - 2)
              return Float(q < size ? q + 1 : 2 * size - 1 - q)
            }
          }
          #expect(y == want, "\(mode) of \(size) by \(before), \(after)")
        }
      }
    }
  }

  @Test("a Fourier transform of any length is right to double precision, forwards and backwards")
  func fourier() throws {
    for length in Array(1...33) + [97, 100, 127, 128, 243, 1000, 1009] {
      let x = (0..<2 * length).map { Double(($0 * 7919) % 101) / 50 - 1 }
      let tensor = try Tensor(shape: [1, length, 2], scalars: x)
      let axis = try Tensor(Int64(1))
      let y = try DFT().evaluate(Arguments([tensor, nil, axis]))[0]
      let got = try y.scalars(as: Double.self)
      var worst = 0.0
      for k in 0..<length {
        var (re, im) = (0.0, 0.0)
        for n in 0..<length {
          let angle = -2 * Double.pi * Double(n * k % length) / Double(length)
          re += x[2 * n] * cos(angle) - x[2 * n + 1] * sin(angle)
          im += x[2 * n] * sin(angle) + x[2 * n + 1] * cos(angle)
        }
        worst = max(worst, abs(got[2 * k] - re), abs(got[2 * k + 1] - im))
      }
      #expect(worst < 1e-14 * Double(length), "length \(length): \(worst)")
      let back = try DFT(isInverse: true).evaluate(Arguments([y, nil, axis]))[0].scalars(as: Double.self)
      #expect(zip(back, x).allSatisfy { abs($0 - $1) < 1e-13 }, "length \(length)")
    }
  }

  @Test("a transform of a long odd length takes n log n")
  func longFourier() throws {
    let x = try Tensor.zeros(.float32, [1, 30011, 1])
    let start = ContinuousClock.now
    _ = try DFT().evaluate(Arguments([x, nil, try Tensor(Int64(1))]))
    #expect(ContinuousClock.now - start < .seconds(20))  // by sums: minutes in a debug build
  }

  @Test("references whose arrays memory cannot hold throw, also without a budget")
  func arraysWithoutBudget() throws {
    let column = try Tensor.zeros(.float32, [1 << 22, 1])
    let row = try Tensor.zeros(.float32, [1, 1 << 22])
    let operators: [any Operator] = [Binary(.add), MatMul()]
    for op in operators {
      let error = #expect(throws: GraphError.self) { try Interpreter().evaluate(op, Arguments([column, row])) }
      #expect(error?.code == .outOfMemory, "\(op.name)")
    }
  }
}
