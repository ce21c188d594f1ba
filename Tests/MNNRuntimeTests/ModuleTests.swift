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
