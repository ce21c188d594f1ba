import Foundation
import Testing

@testable import MNNConvert

@Suite("Docs/operators.md")
struct OperatorTableTests {
  static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Docs/operators.md")

  /// The page that the importers' tables make.
  static var text: String {
    let operators = ONNXOperators.all.values.sorted { ($0.domain, $0.name) < ($1.domain, $1.name) }
    var lines = [
      "# Operators that can be converted", "",
      "Printed by `Scripts/checks/docs --fix` from the importers' tables. What runs is the same for every source: an operator",
      "that no fast kernel knows is made of simpler ones or runs by its reference meaning.", "",
      "## ONNX: \(operators.count), up to operator set \(ONNXOperators.newestOpset)", "",
      "| Operator | Meaning changed in operator set |", "|---|---|",
    ]
    for entry in operators {
      let changes = entry.versions.keys.sorted().dropFirst().map(String.init).joined(separator: ", ")
      lines.append("| \(entry.domain.isEmpty ? "" : entry.domain + ".")\(entry.name) | \(changes) |")
    }
    for (title, format) in [("TensorFlow", ModelFormat.tensorFlow), ("TFLite", .tflite)] {
      let names = format.operatorNames()
      lines += ["", "## \(title): \(names.count)", "", names.joined(separator: ", ")]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test("no operator stands in two tables")
  func tables() { #expect(ONNXOperators.tables.joined().count == ONNXOperators.all.count) }

  @Test("lists what the tables list")
  func isCurrent() throws {
    if ProcessInfo.processInfo.environment["MNN_WRITE_DOCS"] != nil {
      try Self.text.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.page, encoding: .utf8) == Self.text, "run Scripts/checks/docs --fix")
  }
}
