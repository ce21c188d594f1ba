import MNNExpr
import MNNGraph
import MNNNumpy
import Testing

/// Replays what numpy was asked and compares what it gave.
@Suite("golden")
struct GoldenTests {
  /// A function of this package as a call of the golden files names it.
  typealias Function = @Sendable (GoldenCall) throws -> [Variable]

  static let functions: [String: Function] = GoldenFunctions.all

  @Test(
    "agrees with numpy",
    arguments: [
      "binary", "creation", "indexing", "joining", "linalg", "ordering", "products", "reductions", "searching", "shapes", "unary",
    ])
  func agrees(family: String) throws {
    let file = try GoldenFile(family)
    var failures = 0
    for call in file.calls {
      let function = try #require(Self.functions[call.function], "\(call.name): no such function in the table")
      if let problem = Self.problem(call, function) {
        failures += 1
        if failures <= 40 { Issue.record("\(call.name)(\(call.shown)): \(problem)") }
      }
    }
    #expect(failures == 0, "\(failures) of \(file.calls.count) calls")
  }

  /// What is wrong with the outcome of a call; nil if nothing is.
  private static func problem(_ call: GoldenCall, _ function: Function) -> String? {
    do {
      let found = try function(call).map { try $0.tensor() }
      switch call.outcome {
      case .failure: return "expected an error, found \(found.map(\.arrayText))"
      case .text(let text): return found.first?.arrayText == text ? nil : "expected \(text)"
      case .arrays(let expected):
        guard found.count == expected.count else { return "expected \(expected.count) arrays, found \(found.count)" }
        for (a, b) in zip(found, expected) {
          if let text = difference(a, b, byNorm: call.isMeasuredByNorm) { return text }
        }
        return nil
      }
    } catch let error as ExprError {
      if case .failure = call.outcome { return error.description.isEmpty ? "an error without words" : nil }
      return "\(error)"
    } catch { return "\(error)" }
  }

  @Test("there are enough cases")
  func count() throws {
    let names = [
      "binary", "creation", "indexing", "joining", "linalg", "ordering", "products", "reductions", "searching", "shapes", "unary",
    ]
    let total = try names.reduce(0) { try $0 + GoldenFile($1).calls.count }
    #expect(total >= 3000)
  }
}
