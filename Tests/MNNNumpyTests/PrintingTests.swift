import MNNGraph
import Testing

@Suite("printing")
struct PrintingTests {
  @Test("prints what numpy's repr prints, byte for byte")
  func golden() throws {
    let file = try GoldenFile("repr")
    #expect(file.calls.count >= 200)
    for call in file.calls {
      guard case .array(let number, _) = call.arguments[0], case .text(let expected) = call.outcome else {
        Issue.record("\(call.name): not a case of printing")
        continue
      }
      let text = call.arrays[number].arrayText
      if text != expected { Issue.record("\(call.name): expected\n\(expected)\nfound\n\(text)") }
    }
  }
}
