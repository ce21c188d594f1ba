import Foundation
import MNNGraph
import Testing

@testable import MNNConvert

@Suite("Saved models that TensorFlow ran")
struct TFSavedModelTests {
  private static func folder(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data/saved/\(name)").path
  }

  private static let cases = [("keras", nil), ("signatures", "look_up"), ("signatures", "repeat"), ("version1", nil)].map {
    RecordedCase(model: folder($0.0), format: .tensorFlow, signature: $0.1)
  }

  @Test("mean what TensorFlow computes", arguments: cases)
  func imported(_ one: RecordedCase) throws { #expect(try one.problem(.imported) == nil) }

  @Test("mean the same when they were written and read", arguments: cases)
  func written(_ one: RecordedCase) throws { #expect(try one.problem(.written) == nil) }

  @Test("are known by their folder and by their file", arguments: cases)
  func guessed(_ one: RecordedCase) throws {
    #expect(try ModelFormat.guess(contentsOf: one.model) == .tensorFlow)
    #expect(try ModelFormat.guess(contentsOf: one.model + "/saved_model.pb") == .tensorFlow)
    #expect(try TFImporter(path: one.model + "/saved_model.pb", signature: one.signature).graph().outputs.count > 0)
  }

  @Test("have the names of their signatures")
  func names() throws {
    let graph = try TFImporter(path: Self.folder("version1")).graph()
    #expect(graph.inputs.map { graph[$0].name } == ["features"])
    #expect(graph.outputs.map { graph[$0].name } == ["scores"])
  }

  @Test("a signature that is not there, or must be named, is an error that lists them")
  func signatures() throws {
    for (folder, name) in [("signatures", nil), ("signatures", "frob"), ("keras", "frob")] as [(String, String?)] {
      #expect { try TFImporter(path: Self.folder(folder), signature: name) } throws: {
        ($0 as? ImportError)?.expected?.hasPrefix("one of ") ?? false
      }
    }
    #expect(throws: ImportError.self) {
      var converter = Converter()
      converter.signature = "x"
      return try converter.graph(contentsOf: onnxData("small.onnx"), format: .onnx)
    }
  }

  /// Calls `body` with a copy of a saved model, some of whose files are changed.
  private static func changed(_ name: String, _ change: (URL) throws -> Void, _ body: (String) throws -> Void) throws {
    let copy = URL(fileURLWithPath: NSTemporaryDirectory() + "saved-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: copy) }
    try FileManager.default.copyItem(atPath: folder(name), toPath: copy.path)
    try change(copy)
    try body(copy.path)
  }

  @Test("without variables, or with some cut off, are errors that name the file")
  func missing() throws {
    for file in ["variables.index", "variables.data-00000-of-00001"] {
      let path = "variables/\(file)"
      try Self.changed("keras", { try FileManager.default.removeItem(at: $0.appendingPathComponent(path)) }) { folder in
        #expect { try TFImporter(path: folder).graph() } throws: {
          ($0 as? ImportError)?.code == .externalData && ($0 as? ImportError)?.file?.hasSuffix(file) ?? false
        }
      }
      try Self.changed("keras", { try Self.cut($0.appendingPathComponent(path), to: 30) }) { folder in
        #expect(throws: ImportError.self) { try TFImporter(path: folder).graph() }
      }
    }
  }

  private static func cut(_ file: URL, to count: Int) throws { try Data(contentsOf: file).prefix(count).write(to: file) }

  @Test("damaged anywhere are errors or graphs, never a crash", arguments: ["keras", "signatures", "version1"])
  func damaged(name: String) throws {
    var generator = SplitMix64(seed: 11)
    for file in ["variables/variables.index", "saved_model.pb"] {
      let good = try Data(contentsOf: URL(fileURLWithPath: Self.folder(name) + "/" + file))
      try Self.changed(name, { _ in }) { folder in
        let signature = name == "signatures" ? "look_up" : nil
        for round in 0..<150 {
          var bytes = good
          if round % 3 == 0 { bytes = bytes.prefix(Int.random(in: 0..<good.count, using: &generator)) }
          for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0...7, using: &generator)
          }
          try bytes.write(to: URL(fileURLWithPath: folder + "/" + file))
          do throws(ImportError) { _ = try TFImporter(path: folder, signature: signature).graph() } catch {
            #expect(!error.description.isEmpty)
          }
        }
      }
    }
  }
}
