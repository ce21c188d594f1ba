import MNNGraph

/// What ties a model to the file of its weights, so that one is never used with another's.
///
/// The model has a note with the hash of the weights (in `extraInfo`, where MNN keeps notes too). The weights end with a seal of 64
/// bytes that no offset reaches: a magic number, the number of bytes before it, their hash, the hash of the model's file, and a
/// hash of all that. MNN reads both files as ever; files that it wrote have neither, and are taken as they are.
struct WeightsSeal: Equatable {
  var byteCount: Int
  var content: ContentHash
  var model: ContentHash

  static let magic: UInt64 = 0x4c41_4553_5f4e_4e4d
  static let size = 64

  private var words: [UInt64] {
    let words = [WeightsSeal.magic, UInt64(byteCount), content.high, content.low, model.high, model.low]
    var check = ContentHash()
    for word in words { check.combine(word) }
    return words + [check.high, check.low]
  }

  var bytes: [UInt8] { words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } } }

  init(byteCount: Int, content: ContentHash, model: ContentHash) {
    self.byteCount = byteCount
    self.content = content
    self.model = model
  }

  /// The seal at the end of a file, or nil if there is none.
  init?(at end: UnsafeRawBufferPointer) {
    guard end.count >= WeightsSeal.size else { return nil }
    let start = end.count - WeightsSeal.size
    let words = (0..<8).map { UInt64(littleEndian: end.loadUnaligned(fromByteOffset: start + $0 * 8, as: UInt64.self)) }
    guard words[0] == WeightsSeal.magic, words[1] == UInt64(start) else { return nil }
    self.init(
      byteCount: start, content: ContentHash(high: words[2], low: words[3]), model: ContentHash(high: words[4], low: words[5]))
    guard self.words == words else { return nil }
  }
}

extension Wire.ExtraInfo {
  /// The key of the note among the author's, which do not show it.
  static let weightsKey = "mnn-swift.weights"

  /// What the model says of its weights: the hash, in hexadecimal digits.
  var weightsNote: String? {
    get throws(FormatError) { try notes()[Wire.ExtraInfo.weightsKey] }
  }

  mutating func setWeightsNote(_ note: String?) throws(FormatError) {
    var all = try notes()
    all[Wire.ExtraInfo.weightsKey] = note
    try setNotes(all)
  }
}

extension ContentHash {
  var hexadecimal: String {
    [high, low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension MappedFile {
  /// The hash of what is in the file; its pages are given back as they are read.
  fileprivate func contentHash(_ count: Int) -> ContentHash {
    let storage = TensorStorage.borrowing(bytes, from: self)
    return ContentHash(ofPiecesOf: UnsafeRawBufferPointer(rebasing: bytes[..<count])) { storage.releasePages(of: $0) }
  }
}

extension Wire.Net {
  /// Writes the model, and `external` beside it if there is any: one transaction. Both are whole before the first has its name;
  /// if the process ends between the two names, the files do not fit each other, and reading them says so.
  ///
  /// - Parameter sources: the mapped files that the contents come from.
  func write(to path: String, external: [WireBlock] = [], from sources: [MappedFile] = []) throws(FormatError) {
    guard !external.isEmpty else {
      let image = try encoded()
      do throws(GraphError) {
        var file = try AtomicFile(path)
        try image.forEachPiece { bytes throws(GraphError) in try file.write(bytes) }
        try file.commit(from: sources)
      } catch { throw FormatError(error, error.code == .fileChanged ? .fileUnreadable : .fileUnwritable) }
      return
    }
    var net = self
    do throws(GraphError) {
      var file = try AtomicFile(path)
      var weights = try AtomicFile(path + ".weight")
      guard !file.isDirect, !weights.isDirect else {
        throw GraphError(
          .fileUnwritable, "a model with weights in a second file needs a place for both", found: "a device or a pipe",
          advice: "write to a file", file: path)
      }
      for block in external { try block.withUnsafeBytes { bytes throws(GraphError) in try weights.write(bytes) } }
      let byteCount = external.reduce(0) { $0 + $1.byteCount }
      let content = try weights.contentHash()
      let image = try net.encoded(withWeights: content.hexadecimal)
      try image.forEachPiece { bytes throws(GraphError) in try file.write(bytes) }
      try weights.write(WeightsSeal(byteCount: byteCount, content: content, model: try file.contentHash()).bytes)
      try weights.finish(from: sources)
      try file.finish(from: sources)
      try weights.commit()
      try file.commit()
    } catch { throw FormatError(error, error.code == .fileChanged ? .fileUnreadable : .fileUnwritable) }
  }

  private mutating func encoded(withWeights note: String) throws(GraphError) -> WireImage {
    do throws(FormatError) {
      var info = extraInfo ?? Wire.ExtraInfo()
      try info.setWeightsNote(note)
      extraInfo = info
      return try encoded()
    } catch { throw GraphError(.fileUnwritable, error.description) }
  }

  /// The file of external weights, if any operator refers to one, checked to be the one that was written with the model.
  ///
  /// - Parameters:
  ///   - model: the file that this was read from.
  ///   - isStated: whether the user named the file.
  func externalFile(_ path: String, isStated: Bool, of model: MappedFile) throws(FormatError) -> MappedFile? {
    guard isStated || usesExternalWeights else { return nil }
    let file: MappedFile
    do throws(GraphError) { file = try MappedFile(path) } catch {
      throw FormatError(
        .externalDataInvalid, "the model's weights are in another file, which cannot be read", expected: path,
        found: error.found, advice: "put the weights beside the model, or name their file")
    }
    let note = try extraInfo?.weightsNote
    let seal = WeightsSeal(at: file.bytes)
    guard note != nil || seal != nil else { return file }
    guard let seal, note == seal.content.hexadecimal, model.contentHash(model.byteCount) == seal.model else {
      throw FormatError(
        .externalDataInvalid, "the weights were not written together with the model",
        expected: "weights \(note ?? "without a hash")",
        found: "\(path) with \(seal?.content.hexadecimal ?? "no hash")",
        advice: "fetch or convert the model and its weights again")
    }
    let found = file.contentHash(seal.byteCount)
    guard found == seal.content else {
      throw FormatError(
        .externalDataInvalid, "the file of external weights is damaged", expected: "contents \(seal.content.hexadecimal)",
        found: "\(found.hexadecimal) in \(path)", advice: "fetch or convert the model and its weights again")
    }
    return file
  }

  var usesExternalWeights: Bool {
    let operators = (oplists ?? []) + (subgraphs ?? []).flatMap { $0.nodes ?? [] }
    return operators.contains { op in
      let external =
        op.main(as: Wire.Convolution2D.self)?.external ?? op.main(as: Wire.Blob.self)?.external
        ?? op.main(as: Wire.Scale.self)?.external ?? op.main(as: Wire.LayerNorm.self)?.external
      return external.map { !$0.isEmpty } ?? false
    }
  }
}
