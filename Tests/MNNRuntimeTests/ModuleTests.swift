import MNNGraph
import MNNRuntime
import Testing

@Suite("Module")
struct ModuleTests {
  /// `y = transpose(exp(x) + x)`, `z = exp(x)`, batch symbolic.
  static func graph() throws -> Graph {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 3]))
    let e = try graph.append(Unary(.exp), [x], name: "e")[0]
    let s = try graph.append(Binary(.add), [e, x], name: "s")[0]
    let y = try graph.append(Transpose(permutation: [1, 0]), [s], name: "y")[0]
    graph.setOutputs([y, e])
    return graph
  }

  static let input = Result { try Tensor(shape: [2, 3], scalars: [Float(0), 1, 2, 3, 4, 5]) }

  @Test("gives what the interpreter gives, for changing shapes", arguments: [true, false])
  func matchesInterpreter(shapeMutable: Bool) throws {
    let graph = try Self.graph()
    let module = try Module(graph: graph, runtime: RuntimeManager(backends: []), shapeMutable: shapeMutable)
    for n in [2, 1, 5, 2] {
      let x = try Tensor(shape: [n, 3], scalars: (0..<n * 3).map { Float($0) })
      let expected = try Interpreter().run(graph.specialized(for: [x.type]), [x])
      #expect(try module.forward([x]) == expected)
    }
  }

  @Test(
    "takes a stated size for an example, also beside sizes that are open", arguments: [[nil, 1], [1, nil], [1, 1]] as [[Int?]])
  func examples(_ stated: [Int?]) throws {
    var graph = Graph(name: "g")
    let open = ["n", "h"].map { MNNGraph.Dimension.symbol($0) }
    let first = zip(stated, open).map { size, symbol in size.map { MNNGraph.Dimension($0) } ?? symbol }
    let sizes: [MNNGraph.Dimension] = [first[0], 3, first[1], 2]
    let x = graph.addInput("x", type: TensorType(.float32, Shape(sizes)))
    let axes = graph.addConstant(try Tensor([Int64(2), 3])), tail = graph.addConstant(try Tensor([Int64(3)]))
    let mean = try graph.append(Reduce(.mean), [x, axes], name: "mean")[0]
    let batch = try graph.append(ShapeOf(end: 1), [mean], name: "batch")[0]
    let shape = try graph.append(Concat(axis: 0), [batch, tail], name: "shape")[0]
    graph.setOutputs(try graph.append(Reshape(), [mean, shape], name: "y"))
    let module = try Module(graph: graph, runtime: RuntimeManager(backends: []))
    for (n, h) in [(1, 1), (2, 4), (5, 1)] {
      let x = try Tensor.zeros(.float32, [n, 3, h, 2])
      #expect(try module.forward([x])[0].shape == [n, 3])
    }
  }

  @Test("inputs explain work if they are data, not if they are drawn as large as a model asks for")
  func drawnInputs() throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [4096, 4096]))
    graph.setOutputs(try graph.append(MatMul(), [x, x], name: "product"))
    var runtime = try RuntimeManager(backends: [])
    let type = TensorType(.float32, [4096, 4096])
    #expect(throws: Never.self) {
      try Module(graph: graph, runtime: runtime).plan(forInputs: [type])
    }
    runtime.inputsExplainWork = false
    let error = #expect(throws: RunError.self) { try Module(graph: graph, runtime: runtime).plan(forInputs: [type]) }
    #expect(error?.underlying?.code == .workExceeded)
    #expect(error?.description.contains("product") == true)
    runtime.workFactor = 64
    #expect(throws: Never.self) { try Module(graph: graph, runtime: runtime).plan(forInputs: [type]) }
  }

  @Test("runs what follows data one part after the other, however many there are", arguments: [3, 400])
  func chain(_ count: Int) throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 2]))
    var y = x
    for i in 0..<count {
      let places = try graph.append(NonZero(), [y], name: "z\(i)")[0]
      let moved = try graph.append(Transpose(permutation: [1, 0]), [places], name: "t\(i)")[0]
      let numbers = try graph.append(Cast(to: .float32), [moved], name: "c\(i)")[0]
      // Also what was known from the start is used late.
      let size = try graph.append(Reduce(.maximum, keepsDimensions: true), [x], name: "m\(i)")[0]
      y = try graph.append(Binary(.add), [numbers, size], name: "a\(i)")[0]
    }
    let last = try graph.append(Reduce(.sum), [y, graph.addConstant(try Tensor([Int64(1)]))], name: "y")[0]
    graph.setOutputs([last, x])
    let module = try Module(graph: graph, runtime: RuntimeManager(backends: []))
    for values in [[Float(1), 0, 2, 3], [0, 0], [5, 1]] {
      let x = try Tensor(shape: [values.count / 2, 2], scalars: values)
      guard count == 3 else {
        // The number of rows grows with every link where nothing is 0.
        if values == [0, 0] { #expect(try module.forward([x])[0].count == 0) }
        continue
      }
      #expect(try module.forward([x]) == Interpreter().run(graph, [x]))
    }
  }

  @Test("splits a graph over two backends and copies between their memories")
  func splits() throws {
    let backend = CountingBackend { ($0 as? Binary)?.function == .add }
    let graph = try Self.graph()
    let module = try Module(graph: graph, runtime: RuntimeManager(backends: [backend]))
    let x = try Self.input.get()
    #expect(try module.forward([x]) == Interpreter().run(graph.specialized(for: [x.type]), [x]))
    // exp on the device (its result comes down once for both the sum and the user), the sum on the host, the transpose back up.
    #expect(backend.counts == CountingBackend.Counts(launches: 2, uploads: 2, downloads: 2))
    let placement = try module.plan(forInputs: [x.type]).placement
    #expect(placement.entries.map(\.backend) == ["counting", "reference", "counting"])
    #expect(placement.entries[1].refusals["counting"] == "Binary is refused by the test")
  }

  @Test("gives out and takes in any value by name")
  func cuts() throws {
    let module = try Module(
      graph: Self.graph(), inputs: ["e", "x"], outputs: ["s"], runtime: RuntimeManager(backends: []))
    let x = try Tensor(shape: [1, 3], scalars: [Float(1), 2, 3])
    #expect(try module.forward([x, x])[0].scalars(as: Float.self) == [2, 4, 6])
    #expect(throws: RunError.self) {
      try Module(graph: Self.graph(), inputs: ["e"], outputs: ["s"], runtime: RuntimeManager(backends: []))
    }
  }

  @Test("refuses wrong inputs with words")
  func refuses() throws {
    let module = try Module(graph: Self.graph(), runtime: RuntimeManager(backends: []))
    let x = try Self.input.get()
    #expect(throws: RunError.self) { try module.forward([]) as [Tensor] }
    #expect(throws: RunError.self) { try module.forward([x.reshaped([6])]) as [Tensor] }
    #expect(throws: RunError.self) { try module.forward([x.converted(to: .int32)]) as [Tensor] }
    #expect(throws: RunError.self) { try module.forward(["y": x]) }
    for threads in [0, -1, 1000] {
      #expect(throws: RunError.self) { try RuntimeManager(backends: [], threads: threads) }
    }
  }

  @Test("may be called from many tasks at once")
  func concurrent() async throws {
    let module = try Module(graph: Self.graph(), runtime: RuntimeManager(backends: []))
    let x = try Self.input.get()
    let expected = try await module.forward([x])
    try await withThrowingTaskGroup(of: [Tensor].self) { group in
      for _ in 0..<32 { group.addTask { try await module.forward([x]) } }
      for try await result in group { #expect(result == expected) }
    }
  }
}

@Suite("MemoryPlan")
struct MemoryPlanTests {
  @Test("never lets two live pieces overlap, and needs no more than the sum")
  func property() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      let lifetimes = (0..<40).map { _ in
        let first = Int.random(in: 0..<30, using: &generator)
        return Lifetime(
          byteCount: Int.random(in: 0..<5000, using: &generator), first: first,
          last: first + Int.random(in: 0..<10, using: &generator))
      }
      let plan = MemoryPlan(lifetimes)
      for i in lifetimes.indices {
        #expect(plan.offsets[i] % MemoryPlan.alignment == 0)
        #expect(plan.offsets[i] + lifetimes[i].byteCount <= plan.byteCount)
        for j in 0..<i where lifetimes[i].first <= lifetimes[j].last && lifetimes[j].first <= lifetimes[i].last {
          let apart =
            plan.offsets[i] + lifetimes[i].byteCount <= plan.offsets[j]
            || plan.offsets[j] + lifetimes[j].byteCount <= plan.offsets[i]
          #expect(apart)
        }
      }
      #expect(plan.byteCount <= lifetimes.reduce(0) { $0 + $1.byteCount + 64 })
    }
  }

  @Test(
    "looks at each piece a few times, in chains and where everything is in use at once", arguments: ["chain", "skips", "all"])
  func cost(_ kind: String) {
    func plan(_ count: Int) -> MemoryPlan {
      let lifetimes = (0..<count).map { i in
        Lifetime(byteCount: 64 + i * 37 % 512, first: i, last: kind == "chain" ? i + 1 : kind == "skips" ? i + i % 9 * 4 : count)
      }
      let plan = MemoryPlan(lifetimes)
      for (i, lifetime) in lifetimes.enumerated() {
        for (j, other) in lifetimes[..<i].enumerated().suffix(40) where lifetime.first <= other.last {
          let apart =
            plan.offsets[i] + lifetime.byteCount <= plan.offsets[j] || plan.offsets[j] + other.byteCount <= plan.offsets[i]
          #expect(apart)
        }
      }
      return plan
    }
    let (one, two) = (plan(3000), plan(6000))
    #expect(Double(two.steps) < 2.3 * Double(one.steps))
    // A chain of pieces, each in use with the next, needs the room of a few.
    if kind == "chain" { #expect(two.byteCount <= 4 * 640) }
  }
}
