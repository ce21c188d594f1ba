import Foundation
import OperatorSuite
import Testing

@testable import MNNConvert

@Suite("ONNX operator cases")
struct ONNXCaseTests {
  private static var folder: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data/cases").path
  }

  @Test("imported operators mean what the ONNX package computes", arguments: ONNXCase.all(in: folder))
  func committed(_ one: ONNXCase) {
    let outcome = one.run()
    #expect(outcome == .passed)
  }

  @Test("backends compute what the ONNX package computes", arguments: ONNXCase.all(in: folder), Runner.cpu)
  func computed(_ one: ONNXCase, runner: Runner) { #expect(one.run(on: runner) == .passed) }

  @Test("imported operators mean the same when they were written and read", arguments: ONNXCase.all(in: folder))
  func written(_ one: ONNXCase) {
    #expect(one.run(written: true) == .passed)
  }

  /// `MNN_ONNX_CASES=FOLDER swift test --filter ONNXCaseTests` runs a whole suite and prints what does not pass.
  @Test("a whole suite, on request", .enabled(if: ProcessInfo.processInfo.environment["MNN_ONNX_CASES"] != nil))
  func suite() {
    let environment = ProcessInfo.processInfo.environment
    let cases = ONNXCase.all(in: environment["MNN_ONNX_CASES"] ?? "").filter { one in
      environment["MNN_ONNX_FILTER"].map { one.name.contains($0) } ?? true
    }
    var passed = 0
    for one in cases {
      FileHandle.standardError.write(Data("\(one.name)\n".utf8))
      switch one.run(written: environment["MNN_ONNX_WRITTEN"] != nil) {
      case .passed: passed += 1
      case let outcome: print("CASE \(one.name) \(outcome)")
      }
    }
    print("CASES \(passed) of \(cases.count) pass")
  }
}
