import Foundation
import MNNGraph
import Testing

@testable import MNNConvert

@Suite("TensorFlow graphs that TensorFlow ran")
struct TFCaseTests {
  private static let cases = RecordedCase.all(in: "tf", .tensorFlow, extension: ".pb")

  @Test("mean what TensorFlow computes", arguments: cases)
  func imported(_ one: RecordedCase) throws { #expect(try one.problem(.imported) == nil) }

  @Test("mean the same after the passes", arguments: cases)
  func simplified(_ one: RecordedCase) throws { #expect(try one.problem(.simplified) == nil) }

  @Test("mean the same when they were written and read", arguments: cases)
  func written(_ one: RecordedCase) throws { #expect(try one.problem(.written) == nil) }

  @Test("are found by their contents, as are the other formats", arguments: cases)
  func guessed(_ one: RecordedCase) throws { #expect(try ModelFormat.guess(contentsOf: one.model) == .tensorFlow) }

  @Test("make loops and branches of Switch and Merge")
  func controlFlow() throws {
    let loop = try #require(Self.cases.first { $0.description == "while_loop_v1flow.pb" }).graph(.imported)
    #expect(loop.nodes.count { $0.op is Loop } == 1)
    let branch = try #require(Self.cases.first { $0.description == "if_branch_v1flow.pb" }).graph(.imported)
    #expect(branch.nodes.count { $0.op is If } == 1)
  }

  @Test("damaged files are errors with a code or graphs", arguments: cases)
  func truncated(_ one: RecordedCase) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: one.model))
    let path = NSTemporaryDirectory() + "truncated-\(UUID().uuidString).pb"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for count in [0, 3, 8, 40, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: path))
      do throws(ImportError) { _ = try TFImporter(path: path).graph() } catch { #expect(error.code != .unreadableFile) }
    }
  }
}
