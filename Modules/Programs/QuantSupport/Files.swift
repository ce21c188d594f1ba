import Foundation
import MNNGraph
import ProgramSupport

/// A model is mapped while it is read: what is written must be another file.
public func requireApart(_ source: String, _ target: String) throws {
  let (a, b) = (
    URL(fileURLWithPath: source).resolvingSymlinksInPath(), URL(fileURLWithPath: target).resolvingSymlinksInPath()
  )
  if a == b { throw ProgramError("\(target): the model cannot be written over itself") }
}

/// The size of a file, and of weights beside it, in words.
public func fileSizeText(_ path: String) -> String {
  func bytes(_ path: String) -> Int { (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0 }
  let count = bytes(path) + bytes(path + ".weight")
  return count < 1_000_000 ? "\(fixed(Double(count) / 1e3, 1)) kB" : "\(fixed(Double(count) / 1e6, 1)) MB"
}

/// Prints what was done: on standard error if the model itself goes to standard output.
public func report(_ text: String, about target: String) {
  if AtomicFile.isStandardOutput(target) { writeError(text) } else { print(text) }
}
