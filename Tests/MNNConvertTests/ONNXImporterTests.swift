import Foundation
import MNNGraph
import MNNSchema
import Testing

@testable import MNNConvert

@Suite("ONNX importer")
struct ONNXImporterTests {
  private func graph(_ name: String) throws -> Graph { try ONNXImporter(path: onnxData(name)).graph() }

  @Test("reports all unsupported operators at once, also within branches")
  func unsupported() {
    #expect {
      try graph("unsupported.onnx")
    } throws: { error in
      guard let error = error as? ImportError else { return false }
      return error.code == .unsupportedOperators
        && error.unsupported == [
          UnsupportedOperator(name: "Frobnicate", domain: "", opset: 17, nodes: ["frob0", "frob1", "frob2"], count: 7),
          UnsupportedOperator(name: "Fancy", domain: "com.example", opset: 3, nodes: ["fancy"], count: 1),
        ]
    }
  }

  @Test("refuses attributes that would be ignored")
  func extraAttribute() {
    #expect {
      try graph("extra-attribute.onnx")
    } throws: { error in
      guard let error = error as? ImportError else { return false }
      return error.code == .unsupportedAttribute && error.node == "relu" && error.problem.contains("slope")
    }
  }

  @Test("inlines functions that call functions, with attributes given and by default")
  func functions() throws {
    let graph = try graph("functions.onnx")
    let result = try Interpreter().run(graph, [Tensor([Float(1), -2])])
    #expect(try result[0].scalars(as: Float.self) == [9, -18])  // s = 3x; y = 2s + s
  }

  @Test("refuses functions that call themselves")
  func recursive() {
    #expect { try graph("recursive.onnx") } throws: { ($0 as? ImportError)?.code == .tooComplex }
  }

  @Test("imports a convolution, shape arithmetic and a branch over outer values, for any batch")
  func small() throws {
    let graph = try graph("small.onnx")
    #expect(graph[graph.inputs[0]].type == TensorType(.float32, [.symbol("n"), 2, 6, 6]))
    #expect(graph.outputs.map { graph[$0].name } == ["y"])
    for batch in [1, 3] {
      let x = try Tensor(shape: [batch, 2, 6, 6], scalars: (0..<batch * 72).map { Float($0 % 7) })
      let result = try Interpreter().run(graph, [x])[0]
      #expect(result.shape == [batch, 36])
      // The sum is positive, so the branch negates what relu left.
      #expect(try result.scalars(as: Float.self).allSatisfy { $0 <= 0 })
    }
  }

  @Test("keeps the names of inputs and outputs, and leaves out what no tensor holds if nothing uses it")
  func names() throws {
    let imported = try graph("names.onnx")
    let names = ["m/out", "m_out", "M_OUT", String(repeating: "n", count: 300) + "1", String(repeating: "n", count: 300) + "2"]
    let outputs = names + ["x", "a", "b", "index"]
    for graph in [imported, try Graph(mnn: imported.mnnBytes())] {
      #expect(graph.inputs.map { graph[$0].name } == ["x"])
      #expect(graph.outputs.map { graph[$0].name } == outputs)
      let results = try Interpreter().run(graph, [Tensor([Float(1), -1])])
      #expect(try results.map { try $0.scalars(as: Float.self)[0] } == [2, 3, 4, 5, 6, 1, 1, 1, 2])
    }
  }

  @Test("resizes images of any batch, though the model states one")
  func statedBatch() throws {
    let graph = try graph("stated-batch.onnx")
    let image = (0..<18).map { Float($0 * $0 % 11) }
    let one = try Interpreter().run(graph, [Tensor(shape: [1, 2, 3, 3], scalars: image)])[0]
    let three = try Interpreter().run(graph, [Tensor(shape: [3, 2, 3, 3], scalars: image + image + image)])[0]
    #expect(one.shape == [1, 2, 5, 7] && three.shape == [3, 2, 5, 7])
    let values = try one.scalars(as: Float.self)
    #expect(try three.scalars(as: Float.self) == values + values + values)
  }

  @Test("10,000 damaged files give an error or a graph, never a crash")
  func mutations() throws {
    let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: onnxData("small.onnx"))))
    var random = SplitMix64(seed: 2024)
    var refused = 0
    for _ in 0..<10_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.remove(at: index)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        }
      }
      if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count / 4, using: &random)) }
      let isRefused = try withFile(bytes) { path in
        do throws(ImportError) {
          _ = try ONNXImporter(path: path).graph()
          return false
        } catch { return true }
      }
      refused += isRefused ? 1 : 0
    }
    #expect(refused > 5_000, "seed 2024")
  }
}
