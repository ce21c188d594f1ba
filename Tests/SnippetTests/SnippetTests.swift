import Foundation
import Testing

@Suite("README")
struct SnippetTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let root = folder.deletingLastPathComponent().deletingLastPathComponent()

  @Test("shows the example that is compiled here")
  func example() throws {
    let source = try String(contentsOf: Self.folder.appendingPathComponent("ClassifyPicture.swift"), encoding: .utf8)
    let readme = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    let example = try #require(
      source.components(separatedBy: "// begin of the example\n").last?.components(separatedBy: "// end of the example").first)
    #expect(example.contains("func classify"))
    #expect(readme.contains("```swift\n\(example)```\n"), "copy the example of ClassifyPicture.swift into README.md")
  }

  @Test(
    "recognizes the shipped pictures",
    arguments: ["sample_0_label7", "sample_1_label6", "sample_2_label3", "sample_3_label7", "sample_4_label7", "sample_5_label3"])
  func classifies(name: String) throws {
    let digits = Self.root.appendingPathComponent("Tests/Data/digits").path
    let result = try classify(picture: "\(digits)/\(name).png", model: "\(digits)/digits_mobilenet.onnx")
    #expect(name.hasSuffix("label\(result.digit)"))
    #expect(result.probability > 0.5 && result.probability <= 1.00001)
  }
}
