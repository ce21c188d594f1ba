import MNNGraph
import MNNSchema

/// A format that models come in: all that the rest of the library knows of it.
public struct ModelFormat: Sendable {
  /// As `-f` spells it.
  public let name: String
  /// The operators of the format that can be read, sorted.
  public let operatorNames: @Sendable () -> [String]
  /// Whether the first bytes of a file look like this format.
  let matches: @Sendable (_ head: [UInt8]) -> Bool
  /// The sizes that a file states for its inputs are an example, from which nothing may be computed.
  let statesExampleSizes: Bool
  /// The model as it is in the file, before any pass; of several sets of inputs and outputs the one of a name.
  let read: @Sendable (_ path: String, _ signature: String?) throws(ImportError) -> Graph

  init(
    _ name: String, operatorNames: @escaping @Sendable () -> [String], statesExampleSizes: Bool = false,
    matches: @escaping @Sendable ([UInt8]) -> Bool, read: @escaping @Sendable (String, String?) throws(ImportError) -> Graph
  ) {
    self.name = name
    self.operatorNames = operatorNames
    self.statesExampleSizes = statesExampleSizes
    self.matches = matches
    self.read = read
  }

  public static let mnn = ModelFormat(
    "MNN", operatorNames: { [] }, statesExampleSizes: true,
    matches: { head in head.count > 8 && head[1...3].allSatisfy { $0 == 0 } && !head[4...7].elementsEqual("TFL3".utf8) },
    read: { path, signature throws(ImportError) in
      try requireNone(signature, "MNN")
      do throws(FormatError) { return try Graph(contentsOfMNN: path) } catch { throw ImportError(error) }
    })

  static func requireNone(_ signature: String?, _ format: String) throws(ImportError) {
    guard let signature else { return }
    throw ImportError(
      .invalidGraph, "\(format) models have no signatures", found: signature, advice: "name outputs when the model is loaded")
  }

  /// All formats, the ones whose files are told apart best first.
  public static let all: [ModelFormat] = [.onnx, .tflite, .tensorFlow, .mnn]

  /// The format that `-f NAME` means.
  public init?(named name: String) {
    guard let format = Self.all.first(where: { $0.name == name }) else { return nil }
    self = format
  }

  /// The format that a file seems to have, by its first bytes; nil if it can be read and looks like none.
  public static func guess(contentsOf path: String) throws(ImportError) -> ModelFormat? {
    let file: MappedFile
    do throws(GraphError) { file = try MappedFile(path) } catch {
      if TFImporter.isFolder(path) { return .tensorFlow }
      throw ImportError(.unreadableFile, error.what, file: path, expected: error.expected, found: error.found)
    }
    var head: [UInt8] = []
    for i in 0..<min(64, file.byteCount) { head.append(file.bytes[i]) }
    return all.first { $0.matches(head) }
  }
}

extension ModelFormat: Hashable {
  public static func == (a: ModelFormat, b: ModelFormat) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ImportError {
  /// An error of the `.mnn` format, seen from a conversion.
  init(_ error: FormatError) {
    let codes: [FormatError.Code: Code] = [.fileUnreadable: .unreadableFile, .workExceeded: .workExceeded]
    self.init(codes[error.code] ?? .conversionFailed, error.description)
  }
}
