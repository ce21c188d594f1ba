import Foundation
import MNNGraph
import Testing

@testable import MNNSchema

/// Models to test with: three in the repository, and all of a checkout's `../shared/fixtures` where there is one.
enum ModelFiles {
  static let own: [String] = paths(under: own(""), extension: "mnn")

  static func own(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).appendingPathComponent("../../Fixtures/\(name)").standardizedFileURL.path
  }

  /// `shared/` beside the checkout, or named by `MNN_SHARED`.
  static let shared: String? = {
    var folder = URL(fileURLWithPath: #filePath)
    var candidates = [ProcessInfo.processInfo.environment["MNN_SHARED"]].compactMap { $0 }
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      candidates.append(folder.appendingPathComponent("shared").path)
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0 + "/fixtures/mnn") }
  }()

  static let fixtures: [String] = shared.map { paths(under: $0 + "/fixtures/mnn", extension: "mnn") } ?? []

  static var all: [String] { own + fixtures }

  static func contents(_ path: String) throws -> [UInt8] {
    let file = try MappedFile(path)
    return withExtendedLifetime(file) { Array(file.bytes) }
  }

  private static func paths(under folder: String, extension suffix: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix("." + suffix) }.sorted().map { folder + "/" + $0 }
  }
}

extension WireStorage {
  convenience init(mapping path: String) throws {
    let file = try MappedFile(path)
    self.init(borrowing: file.bytes, from: file)
  }
}
