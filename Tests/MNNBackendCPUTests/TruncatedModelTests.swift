import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime
import MNNSchema
import TestSupport
import Testing

/// Models whose files somebody truncates while they are in use: an error, or the right result from what was packed before; never
/// a signal, never a wrong result.
@Suite(.serialized) struct TruncatedModelTests {
  /// A product, whose weights are packed, and a table that rows are gathered from in the file.
  static func graph() throws -> Graph {
    var random = RandomNumbers(seed: 61)
    var graph = Graph(name: "large")
    let rows = graph.addInput("rows", type: TensorType(.int32, [.symbol("n")]))
    let table = graph.addConstant(try random.floats([3000, 256]))
    let gathered = try graph.append(Gather(axis: 0), [table, rows], name: "gathered")[0]
    let product = try graph.append(MatMul(), [gathered, graph.addConstant(random.floats([256, 512]))], name: "y")[0]
    graph.setOutputs([product])
    return graph
  }

  private static func rows(_ values: Int32...) throws -> Tensor { try Tensor(values) }

  @Test("throws after the file of a loaded model is truncated", arguments: [false, true])
  func whileRunning(isExternal: Bool) throws {
    try WeightCacheTests.withTemporaryPath { path in
      var options = MNNWritingOptions()
      options.savesExternalWeights = isExternal
      try Self.graph().writeMNN(to: path, options: options)
      let module = try Module(contentsOf: path, runtime: .cpu())
      let wanted = try module.forward([Self.rows(5, 2999)])
      truncate(isExternal ? path + ".weight" : path, 4096)
      for rows in [try Self.rows(5, 2999), try Self.rows(1, 2, 3), try Self.rows(2998)] {
        do throws(RunError) {
          let found = try module.forward([rows])
          #expect(rows.count == 2 && found == wanted)
        } catch { #expect(error.code == .file, "\(error)") }
      }
    }
  }

  @Test("throws, or gives the right result, when a file is truncated while it is loaded and run")
  func whileLoading() throws {
    try WeightCacheTests.withTemporaryPath { path in
      try Self.graph().writeMNN(to: path)
      let bytes = try Data(contentsOf: URL(filePath: path))
      let rows = try Self.rows(7, 1500, 2999)
      let wanted = try Module(contentsOf: path, runtime: .cpu()).forward([rows])
      var random = RandomNumbers(seed: 62)
      var (right, refused) = (0, 0)
      for round in 0..<40 {
        // A file of its own, as an old one may still be mapped.
        let path = "\(path).\(round)"
        try bytes.write(to: URL(filePath: path))
        let (length, delay) = (Int.random(in: 0..<bytes.count, using: &random), UInt32.random(in: 0..<20_000, using: &random))
        let other = Thread {
          usleep(delay)
          truncate(path, length)
        }
        other.start()
        do {
          let module = try Module(contentsOf: path, runtime: .cpu())
          for _ in 0..<20 { #expect(try module.forward([rows]) == wanted) }
          right += 1
        } catch { refused += 1 }
        while !other.isFinished { usleep(100) }
        try FileManager.default.removeItem(atPath: path)
      }
      #expect(right + refused == 40)
    }
  }

  @Test("throws, or gives the right result, when the cache file is truncated")
  func cacheFile() throws {
    try WeightCacheTests.withTemporaryPath { path in
      var runtime = try RuntimeManager.cpu()
      runtime.cachePath = path
      let rows = try Self.rows(7, 1500, 2999)
      let wanted = try Module(graph: Self.graph(), runtime: runtime).forward([rows])
      var second = try RuntimeManager.cpu()
      second.cachePath = path
      let module = try Module(graph: Self.graph(), runtime: second)
      #expect(try module.forward([rows]) == wanted)
      truncate(path, 100)
      for _ in 0..<2 {
        do throws(RunError) { #expect(try module.forward([rows]) == wanted) } catch { #expect(error.code == .file, "\(error)") }
      }
      // Who comes next packs anew.
      var third = try RuntimeManager.cpu()
      third.cachePath = path
      #expect(try Module(graph: Self.graph(), runtime: third).forward([rows]) == wanted)
    }
  }
}
