import Foundation
import MNNGraph
import OperatorSuite
import Testing

@Suite("Operator suite")
struct OperatorSuiteTests {
  private static let plan: [(dtype: DType?, isWide: Bool, count: Int)] =
    [(nil, false, 8), (nil, true, 8)] + OperatorCase.elementTypes.flatMap { [($0, false, 2), ($0, true, 1)] }

  @Test("every runner gives what the reference gives", arguments: OperatorCase.all.map(\.name))
  func agrees(_ name: String) throws {
    let operatorCase = try #require(OperatorCase.all.first { $0.name == name })
    var failures: [String: [String]] = [:]
    var tried = 0
    for (dtype, isWide, count) in Self.plan {
      var random = operatorCase.random(isWide: isWide)
      for _ in 0..<count {
        guard let sample = try operatorCase.sample(&random, dtype: dtype) else { continue }
        tried += sample.expected == nil ? 0 : 1
        for runner in Runner.all {
          guard let failure = Self.failure(of: runner, on: sample) else { continue }
          failures["\(runner) \(dtype ?? .float32)", default: []].append(failure)
        }
      }
    }
    #expect(tried >= 8, "the case hardly ever fits")
    for runner in Runner.all {
      for dtype in [.float32] + OperatorCase.elementTypes {
        let found = failures["\(runner) \(dtype)"] ?? []
        if let reason = runner.gaps["\(name) \(dtype)"] {
          #expect(!found.isEmpty, "\(runner) passes: strike the gap \"\(reason)\"")
        } else {
          #expect(found.isEmpty, "\(runner), \(dtype): \(found.count) fail; \(found.first ?? "")")
        }
      }
    }
  }

  private static func failure(of runner: Runner, on sample: OperatorSample) -> String? {
    let what = "\(sample.op) of \(sample.inputs.map(\.type))"
    do {
      let difference = try runner.difference(sample.graph, sample.inputs, from: sample.expected ?? [])
      guard sample.expected != nil else { return "\(what) is refused by the reference alone" }
      if !sample.op.isDeterministic { return nil }
      return difference <= sample.tolerance ? nil : "\(what) is off by \(difference)"
    } catch { return sample.expected == nil ? nil : "\(what): \(error)" }
  }

  @Test("no operator is left out")
  func complete() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Modules/MNNGraph/Operators").standardized
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    let declaration = try Regex(#"struct (\w+): (?:Primitive|Layout|Composite)Operator"#)
    var operators: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: declaration) {
        if let name = match.output[1].substring { operators.insert(String(name)) }
      }
    }
    let covered = Set(
      try OperatorCase.all.map { operatorCase in
        var random = operatorCase.random()
        return String(describing: type(of: try operatorCase.make(&random).op))
      })
    #expect(operators.count > 100)
    #expect(
      operators.subtracting(covered).sorted() == ["PackedList"], "PackedList has no graph of one operator: ConvertTests run it")
  }
}
