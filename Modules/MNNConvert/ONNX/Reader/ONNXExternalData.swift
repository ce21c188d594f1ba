import MNNGraph

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Weights in files beside the model. A name in a model file is not trusted: only files below the model's folder open, and where
/// the model is reached through a link, those below the folder that it leads to. (Hub clients keep a cache of files and lay out
/// folders of links into it.)
final class ONNXExternalData {
  /// The folder of the model's path, and that of the file that it leads to.
  private let folders: [String]
  private var files: [String: MappedFile] = [:]

  init(modelPath: String) {
    let paths = [modelPath] + (Self.resolved(modelPath).map { [$0] } ?? [])
    folders = paths.map { path in path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./" }
  }

  var openFiles: [MappedFile] { Array(files.values) }

  /// The file and the bytes that the entries `location`, `offset` and `length` name.
  func locate(
    _ entries: [(key: String, value: String)], byteCount: Int, _ what: String
  ) throws(ImportError) -> (MappedFile, Range<Int>) {
    func entry(_ key: String) -> String? { entries.last { $0.key == key }?.value }
    guard let name = entry("location") else {
      throw ImportError(.externalData, "\(what) is stored outside the model, but no file is named")
    }
    let file = try open(name, what)
    let offset = try number(entry("offset") ?? "0", "offset", what)
    let length = try entry("length").map { (text) throws(ImportError) in try number(text, "length", what) } ?? byteCount
    guard offset <= file.byteCount, length <= file.byteCount - offset else {
      throw ImportError(
        .externalData, "external data file \"\(name)\" is too short for \(what)",
        expected: "\(length) bytes at offset \(offset)", found: "\(file.byteCount) bytes",
        advice: "fetch the file again")
    }
    return (file, offset..<offset + length)
  }

  private func number(_ text: String, _ key: String, _ what: String) throws(ImportError) -> Int {
    guard let value = Int(text), value >= 0 else {
      throw ImportError(
        .externalData, "\(key) of the external data of \(what) is not valid", expected: "a number of at least 0",
        found: "\"\(text)\"")
    }
    return value
  }

  private func open(_ name: String, _ what: String) throws(ImportError) -> MappedFile {
    if let file = files[name] { return file }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\\"), !parts.contains("..") else {
      throw ImportError(
        .externalData, "external data of \(what) is refused", expected: "a file below the model's folder",
        found: "\"\(name)\"", advice: "place the file beside the model")
    }
    let roots = folders.compactMap { Self.resolved($0) }
    guard let target = folders.lazy.compactMap({ Self.resolved($0 + name) }).first else {
      throw ImportError(
        .externalData, "external data file \"\(name)\" of \(what) is missing", advice: "place it beside the model")
    }
    guard roots.contains(where: { target.hasPrefix($0 == "/" ? "/" : $0 + "/") }) else {
      throw ImportError(
        .externalData, "external data of \(what) is refused",
        expected: "a file below the model's folder, or below the one that the model itself is linked from",
        found: "a link that leads out of it: \"\(name)\"", advice: "place the file beside the model")
    }
    do {
      let file = try MappedFile(target)
      files[name] = file
      // What lies beside the model is as real as what lies in it.
      WorkBudget.current?.grow(bytes: file.byteCount)
      return file
    } catch {
      throw ImportError(
        .externalData, "external data file \"\(name)\" of \(what) cannot be read", expected: error.expected,
        found: error.found ?? error.what)
    }
  }

  private static func resolved(_ path: String) -> String? {
    guard let buffer = realpath(path, nil) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }
}
