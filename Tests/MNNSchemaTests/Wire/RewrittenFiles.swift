import Foundation
import Testing

@testable import MNNSchema

private let folder = ProcessInfo.processInfo.environment["MNN_REWRITE_TO"]

/// Hands what this module writes to `Scripts/tests/mnn`.
@Suite(.enabled(if: folder != nil, "Scripts/tests/mnn names a folder in MNN_REWRITE_TO"))
struct RewrittenFiles {
  @Test("writes every model again, as .mnn and as JSON")
  func rewrite() throws {
    let target = try #require(folder)
    var index = ""
    for (number, path) in ModelFiles.all.enumerated() {
      let net = try Wire.Net(decoding: WireStorage(mapping: path))
      try Data(net.encoded().bytes).write(to: URL(fileURLWithPath: "\(target)/\(number).mnn"))
      try Data(net.json).write(to: URL(fileURLWithPath: "\(target)/\(number).json"))
      index += path + "\n"
    }
    try Data(index.utf8).write(to: URL(fileURLWithPath: target + "/index.txt"))
  }
}
