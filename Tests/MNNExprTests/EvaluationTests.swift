import MNNBackendCPU
import MNNGraph
import MNNRuntime
import Testing

@testable import MNNExpr

@Suite struct EvaluationTests {
  /// More elements than are computed at once.
  private static let large = directLimit * 2

  private static func ramp(_ count: Int = large) -> Variable { Variable((0..<count).map { Float($0 % 97) / 8 }) }

  @Test("plans equal structures once, whatever the data")
  func plansOnce() throws {
    let executor = try Executor()
    try executor.run {
      for i in 0..<5 {
        let x = Self.ramp() + Variable(scalar: Float(i))
        let y = expr.sqrt(x * x + 1) - x
        #expect(try y.count == Self.large)
        _ = try y.tensor()
      }
      #expect(executor.plans.count == 1)
      _ = try (Self.ramp() * 2).tensor()
      #expect(executor.plans.count == 2)
    }
  }

  @Test("keeps no more plans than it may")
  func boundedPlans() throws {
    let executor = Executor(try RuntimeManager.cpu(), planCapacity: 3)
    try executor.run {
      for i in 0..<6 { _ = try (Self.ramp(Self.large + i) * 2).tensor() }
    }
    #expect(executor.plans.count == 3)
  }

  @Test("gives the same numbers lazily and at once, for any number of threads")
  func sameEverywhere() throws {
    func compute() throws -> [Float] {
      let x = Self.ramp()
      let y = expr.exp(-x) * 3 + expr.tanh(x) / (x + 2)
      return try (y - y.mean(axes: [0], keepingDims: true)).scalars(as: Float.self)
    }
    let eager = try Executor(mode: .eager).run { try compute() }
    for threads in [1, 2] {
      let lazy = try Executor(threads: threads).run { try compute() }
      #expect(lazy == eager)
    }
    #expect(try Executor(threads: 1).run { try compute() } == Executor(threads: 2).run { try compute() })
  }

  @Test("computes an expression once and lets its operands go")
  func computesOnce() throws {
    let x = Self.ramp()
    let y = expr.softmax(x)
    let z = y + 1
    _ = try z.tensor()
    guard case .result(let handle) = y.source, case .computed = handle.node.current else {
      Issue.record("a held result was not kept")
      return
    }
    #expect(try y.tensor().isIdentical(to: y.tensor()))
    guard case .result(let sum) = z.source else { return }
    #expect(!sum.node.isWaiting)
  }

  @Test("gives another shape without moving elements")
  func views() throws {
    var x = Self.ramp()
    let y = x.reshaped([2, -1])
    #expect(try y.tensor().storage === x.tensor().storage)
    try Self.setFirst(of: &x, to: 5)
    #expect(try y.item(0) == Float(0))
    #expect(try x.item(0) == Float(5))
  }

  @Test("survives chains of any length")
  func longChains() throws {
    var x = Self.ramp()
    for _ in 0..<5_000 { x = x + 1 }
    #expect(try x.item(0) == Float(5_000))
    var unread = Variable.placeholder(shape: [4])
    for _ in 0..<100_000 { unread = unread + 1 }
    #expect(try unread.shape == [4])
  }

  @Test("is read by many tasks at once")
  func manyTasks() async throws {
    let x = Self.ramp()
    let shared = expr.sqrt(x + 1) * 2
    let expected = try (expr.sqrt(x + 1) * 2).scalars(as: Float.self)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for i in 0..<16 {
        group.addTask {
          let executor = try Executor(threads: i % 2 + 1, mode: i % 3 == 0 ? .eager : .lazy)
          return try executor.run {
            let own = try (shared + Variable(scalar: Float(i))).scalars(as: Float.self)
            return try shared.scalars(as: Float.self) == expected && own == expected.map { $0 + Float(i) }
          }
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test("carries its executor with the task")
  func executorOfTask() async throws {
    let executor = try Executor(mode: .eager)
    await executor.run {
      #expect(Executor.current === executor)
      async let child = Executor.current === executor
      #expect(await child)
    }
    #expect(Executor.current === Executor.standard)
  }

  private static func setFirst(of x: inout Variable, to value: Float) throws {
    try x.modifyTensor { (tensor: inout Tensor) throws(GraphError) in
      try tensor.modifyBytes { (bytes: UnsafeMutableRawBufferPointer) throws(GraphError) in
        bytes.storeBytes(of: value, as: Float.self)
      }
    }
  }

  @Test("writes in place only what nothing else holds")
  func writesInPlace() throws {
    var x = Self.ramp()
    try Self.setFirst(of: &x, to: 7)
    let address = try x.tensor().withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    try Self.setFirst(of: &x, to: 8)
    #expect(try x.tensor().withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } == address)
    let y = x
    try Self.setFirst(of: &x, to: 9)
    #expect(try y.item(0) == Float(8))
    #expect(try x.item(0) == Float(9))
  }

  @Test("draws random numbers once")
  func random() throws {
    let x = expr.randomUniform([Self.large], seed0: 0, seed1: 0)
    let y = x + 0
    #expect(try x.scalars(as: Float.self) == y.scalars(as: Float.self))
    #expect(try x.scalars(as: Float.self).allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(try expr.randomUniform([9]).scalars(as: Float.self) == expr.randomUniform([9]).scalars(as: Float.self))
  }

  @Test("computes shapes that depend on contents")
  func dataDependent() throws {
    let x = Variable([Float(0), 3, 0, 4])
    let places = expr.where(x)
    #expect(try places.shape == [2, 1])
    #expect(try (expr.gatherND(x, places) * 2).scalars(as: Float.self) == [6, 8])
    #expect(try expr.reshape(x, Variable([Int32(2), 2])).shape == [2, 2])
  }
}
