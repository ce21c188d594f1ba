import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct WeightCacheTests {
  /// A convolution, a depthwise one and a product, whose weights `seed` decides.
  static func graph(seed: UInt64) throws -> Graph {
    var random = RandomNumbers(seed: seed)
    var graph = Graph(name: "cached")
    let x = graph.addInput("x", type: TensorType(.float32, [1, 3, 8, 8]))
    func add(_ op: any Operator, _ inputs: Value.ID...) throws -> Value.ID {
      try graph.append(op, inputs, name: "n\(graph.nodeCount)")[0]
    }
    let a = try add(Convolution(), x, graph.addConstant(random.floats([24, 3, 3, 3])))
    let b = try add(Convolution(groups: 24), a, graph.addConstant(random.floats([24, 1, 3, 3])))
    let shape = graph.addConstant(try Tensor([Int64(1), -1]))
    let c = try add(MatMul(), add(Reshape(), b, shape), graph.addConstant(random.floats([24 * 16, 10])))
    graph.setOutputs([c])
    return graph
  }

  static func run(_ seed: UInt64, cache: String?, level: String? = nil) throws -> Tensor {
    var runtime = try RuntimeManager.cpu(instructionSet: level)
    runtime.cachePath = cache
    let module = try Module(graph: graph(seed: seed), runtime: runtime)
    var random = RandomNumbers(seed: 99)
    return try module.forward([random.floats([1, 3, 8, 8])])[0]
  }

  static func withTemporaryPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "weights-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "cache.bin").path)
  }

  @Test("gives the same bits from the file, and never another model's or processor's")
  func reuses() throws {
    try Self.withTemporaryPath { path in
      let wanted = try [1, 2].map { try Self.run($0, cache: nil) }
      #expect(try Self.run(1, cache: path) == wanted[0])
      let first = try #require(FileManager.default.contents(atPath: path))
      #expect(try Self.run(1, cache: path) == wanted[0])
      #expect(FileManager.default.contents(atPath: path) == first, "nothing new was packed")
      #expect(try Self.run(2, cache: path) == wanted[1])
      #expect(try Self.run(1, cache: path) == wanted[0])
      #expect(try Self.run(1, cache: path, level: "scalar") == Self.run(1, cache: nil, level: "scalar"))
      #expect(try #require(FileManager.default.contents(atPath: path)).count > first.count)
    }
  }

  @Test("takes a torn, flipped or foreign file for none")
  func hostile() throws {
    try Self.withTemporaryPath { path in
      let wanted = try Self.run(1, cache: path)
      let good = try #require(FileManager.default.contents(atPath: path))
      var variants: [Data] = [Data(), Data("not a cache".utf8), good + good]
      for part in 1..<16 { variants.append(good.prefix(good.count * part / 16)) }
      var random = RandomNumbers(seed: 5)
      for i in 0..<100 {
        var bytes = good
        // Half of them in the header and the table.
        let end = i % 2 == 0 ? 200 : bytes.count
        bytes[Int.random(in: 0..<end, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        variants.append(bytes)
      }
      for bytes in variants {
        try bytes.write(to: URL(filePath: path))
        #expect(try Self.run(1, cache: path) == wanted)
      }
    }
  }

  @Test("runs without a file where none can be written, and says so only when asked")
  func unwritable() throws {
    let path = "/nonexistent/folder/cache.bin"
    #expect(try Self.run(1, cache: path) == Self.run(1, cache: nil))
    var runtime = try RuntimeManager.cpu()
    runtime.cachePath = path
    let module = try Module(graph: Self.graph(seed: 1), runtime: runtime, shapeMutable: false)
    #expect(module.inputs.count == 1)
    #expect(throws: RunError.self) { try runtime.updateCache() }
  }

  @Test("plans for other shapes share packed weights; the plan says what a request needs")
  func sharing() throws {
    var random = RandomNumbers(seed: 3)
    var graph = Graph(name: "shared")
    let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 64]))
    let w = graph.addConstant(try random.floats([64, 32]))
    graph.setOutputs([try graph.append(MatMul(), [x, w], name: "y")[0]])
    let module = try Module(graph: graph, runtime: .cpu(instructionSet: "scalar"))
    for n in [1, 5] {
      let summary = try module.plan(forInputs: [TensorType(.float32, [Dimension(n), 64])])
      #expect(summary.outputByteCount == n * 32 * 4)
      #expect(summary.packedByteCount >= 64 * 32 * 4)
      #expect(summary.peakBytes == summary.arenaByteCount + summary.packedByteCount + n * 32 * 4)
    }
  }
}
