import MNNGraph

/// What `saved_model.pb` says beside its graph: the graph is one of several, for one use each, and has named sets of inputs and outputs.
struct TFSavedModel {
  /// What a caller gives and gets: names for callers, and names of the graph.
  struct Signature {
    var inputs: [(key: String, reference: String)] = []
    var outputs: [(key: String, reference: String)] = []
  }

  /// Where the graph for serving lies in the file.
  private(set) var graph: Range<Int> = 0..<0
  private(set) var signatures: [String: Signature] = [:]

  /// Whether a file begins as one: the version of its form, then a graph that begins with what is said of it. (ONNX models may have a text
  /// there.)
  static func matches(_ head: [UInt8]) -> Bool {
    guard head.count > 9, head[0] == 0x08, head[1] < 0x80, head[2] == 0x12 else { return false }
    var start = 3
    while start < 8, head[start] >= 0x80 { start += 1 }
    return head[start + 1] == 0x0a
  }

  /// The tag of the graph that is meant for use; others are for training.
  private static let tag = "serve"

  init(_ bytes: RawSpan) throws(ImportError) {
    var found: [(tags: [String], range: Range<Int>)] = []
    try TFSavedModel.each(0..<bytes.byteCount, of: bytes) { field throws(ImportError) in
      guard field.number == 2 else { return }
      var tags: [String] = []
      try TFSavedModel.each(field.value, of: bytes) { part throws(ImportError) in
        guard part.number == 1 else { return }
        try TFSavedModel.each(part.value, of: bytes) { if $0.number == 4 { tags.append(TFSavedModel.text($0, bytes)) } }
      }
      found.append((tags, field.value))
    }
    guard let chosen = found.first(where: { $0.tags.contains(Self.tag) }) ?? (found.count == 1 ? found[0] : nil) else {
      throw ImportError(
        .malformedFile, "not a saved model for use", expected: "a graph with the tag \"\(Self.tag)\"",
        found: found.isEmpty ? "no graph" : found.map { $0.tags.joined(separator: "+") }.joined(separator: ", "))
    }
    var (graph, signatures): (Range<Int>, [String: Signature]) = (0..<0, [:])
    try TFSavedModel.each(chosen.range, of: bytes) { field throws(ImportError) in
      if field.number == 2 { graph = field.value }
      if field.number == 5 {
        let (key, value) = try TFSavedModel.entry(field, bytes)
        if let value { signatures[key] = try TFSavedModel.signature(value, bytes) }
      }
    }
    (self.graph, self.signatures) = (graph, signatures)
  }

  /// The signature of a name; the one that is served, or the only one, if none is named.
  func signature(_ name: String?) throws(ImportError) -> Signature {
    // What initializes a model is a signature too.
    let known = signatures.filter { !$0.key.hasPrefix("__") }
    if let name, let found = known[name] { return found }
    if name == nil, let found = known["serving_default"] ?? (known.count == 1 ? known.first?.value : nil) { return found }
    let names = known.keys.sorted().joined(separator: ", ")
    throw ImportError(
      .invalidGraph, name.map { "the model has no signature \"\($0)\"" } ?? "the model has several signatures",
      expected: known.isEmpty ? "a signature" : "one of \(names)", found: known.isEmpty ? "none" : nil,
      advice: known.isEmpty ? "save the model with signatures" : "name one: --signature")
  }

  private static func signature(_ range: Range<Int>, _ bytes: RawSpan) throws(ImportError) -> Signature {
    var signature = Signature()
    try each(range, of: bytes) { field throws(ImportError) in
      guard field.number == 1 || field.number == 2 else { return }
      let (key, value) = try entry(field, bytes)
      var reference = ""
      if let value { try each(value, of: bytes) { if $0.number == 1 { reference = text($0, bytes) } } }
      // A place is not part of a name where it is the first.
      if reference.hasSuffix(":0") { reference.removeLast(2) }
      if field.number == 1 { signature.inputs.append((key, reference)) } else { signature.outputs.append((key, reference)) }
    }
    // Maps have no order of their own.
    signature.inputs.sort { $0.key < $1.key }
    signature.outputs.sort { $0.key < $1.key }
    return signature
  }

  /// Key and value of a map.
  private static func entry(_ field: WireCursor.Field, _ bytes: RawSpan) throws(ImportError) -> (String, Range<Int>?) {
    var (key, value): (String, Range<Int>?) = ("", nil)
    try each(field.value, of: bytes) { part throws(ImportError) in
      if part.number == 1 { key = text(part, bytes) }
      if part.number == 2, part.kind == .delimited { value = part.value }
    }
    return (key, value)
  }

  private static func text(_ field: WireCursor.Field, _ bytes: RawSpan) -> String {
    guard field.kind == .delimited else { return "" }
    return bytes.extracting(field.value).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  private static func each(
    _ range: Range<Int>, of bytes: RawSpan, _ body: (WireCursor.Field) throws(ImportError) -> Void
  ) throws(ImportError) {
    var cursor = WireCursor(range)
    while let field = try cursor.next(in: bytes) { try body(field) }
  }
}
