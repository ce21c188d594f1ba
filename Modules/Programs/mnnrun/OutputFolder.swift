import Foundation
import MNNGraph
import ProgramSupport

/// A folder for outputs, made if it is missing.
struct OutputFolder {
  let path: String

  init(_ path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ProgramError("--output-dir \(path): the folder cannot be made")
    }
  }

  private struct Entry: Encodable {
    var name: String
    var kind = "tensor"
    var file: String
  }

  /// Writes each tensor, and `index.json`: a list of which file holds which output.
  func write(_ tensors: [Tensor], names: [String]) throws {
    let files = OutputFolder.fileNames(names)
    var entries: [Entry] = []
    for (i, tensor) in tensors.enumerated() where i < names.count {
      try tensor.writeNPY(to: "\(path)/\(files[i])")
      entries.append(Entry(name: names[i], file: files[i]))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(encoder.encode(entries)), to: "\(path)/index.json")
  }

  /// Names of files for outputs: what file systems refuse is replaced, what is too long is cut, and what would then be equal, for
  /// some file systems also in upper and lower case, gets a number.
  static func fileNames(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    // Names that need no change come first, so that others do not take them.
    let order = names.indices.sorted { (plain(names[$0]) == names[$0] ? 0 : 1, $0) < (plain(names[$1]) == names[$1] ? 0 : 1, $1) }
    var files = names
    for i in order {
      let base = plain(names[i])
      var (file, number) = (base, 1)
      while !taken.insert(file.lowercased()).inserted {
        number += 1
        file = "\(base)~\(number)"
      }
      files[i] = file + ".npy"
    }
    return files
  }

  /// File systems allow 255 bytes; a suffix and a writer's own mark need some of them.
  private static let longest = 200

  private static func plain(_ name: String) -> String {
    var text = ""
    for character in name {
      let next = "/:\\ \0".contains(character) ? "_" : String(character)
      if text.utf8.count + next.utf8.count > longest { break }
      text += next
    }
    return text
  }
}
