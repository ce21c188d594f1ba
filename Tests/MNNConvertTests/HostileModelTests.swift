import Foundation
import MNNGraph
import Testing

@testable import MNNConvert

/// Small files that ask for hours or for all memory. `Scripts/tests/hostile` runs them through the programs with limits.
@Suite("Hostile models")
struct HostileModelTests {
  static let files = (try? FileManager.default.contentsOfDirectory(atPath: onnxData("hostile")))?.sorted() ?? []

  @Test("are converted or refused with a code, in little time and from one budget")
  func converts() throws {
    #expect(HostileModelTests.files.count > 10)
    for file in HostileModelTests.files {
      let path = onnxData("hostile/\(file)")
      let budget = WorkBudget()
      let start = ContinuousClock.now
      budget.run {
        do throws(ImportError) {
          let converter = Converter()
          var graph = try converter.graph(contentsOf: path, format: .onnx)
          try converter.simplify(&graph, from: .onnx)
        } catch { #expect(error.description.contains(error.code.rawValue)) }
      }
      #expect(ContinuousClock.now - start < .seconds(20), "\(file)")
      #expect(budget.spent.bytes < 1 << 28, "\(file)")
    }
  }

  @Test("say what spent the budget, and are converted with a larger one")
  func larger() throws {
    let path = onnxData("hostile/func_2p16.onnx")
    let error = #expect(throws: ImportError.self) { try ONNXImporter(path: path).graph() }
    #expect(error?.code == .workExceeded)
    #expect(error?.description.contains("inlining") == true)
    let nodes = try WorkBudget(.conversion.scaled(by: 16)).run { try ONNXImporter(path: path).graph().nodeCount }
    #expect(nodes == 1 << 16)
    let sparse = #expect(throws: ImportError.self) { try ONNXImporter(path: onnxData("hostile/sparse_64x16M.onnx")).graph() }
    #expect(sparse?.code == .workExceeded)
  }
}
