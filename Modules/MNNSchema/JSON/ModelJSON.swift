import MNNGraph

/// `.mnn` models as JSON and back, with nothing lost either way: weights as packed, unknown operators, absent fields.
public enum ModelJSON {
  /// Writes the model at `path` as JSON in MNN's shape, floats with all their digits.
  ///
  /// - Throws: ``FormatError``, also for a model whose weights are in a second file. Nothing is left behind if writing fails.
  public static func write(contentsOfMNN path: String, to target: String) throws(FormatError) {
    let (net, source) = try net(contentsOfMNN: path)
    guard !net.usesExternalWeights else {
      throw FormatError(
        .externalDataInvalid, "the model's weights are in another file, which JSON would leave behind",
        expected: "a model with its weights inside", found: "offsets into \(path).weight",
        advice: "convert the model again without --saveExternalData"
      ).inFile(path)
    }
    do throws(GraphError) {
      var file = try AtomicFile(target)
      try net.writeJSON { bytes throws(GraphError) in try file.write(bytes) }
      try file.commit(from: [source])
    } catch { throw FormatError(error, .fileUnwritable) }
  }

  /// Writes the model that JSON text describes.
  ///
  /// - Throws: ``FormatError`` with line, column and path if the text is not such a model.
  public static func writeMNN(contentsOfJSON path: String, to target: String) throws(FormatError) {
    let net: Wire.Net
    do throws(FormatError) {
      let file = try mapped(path)
      net = try Wire.Net(json: file.bytes)
      try file.checked()
      try net.validate()
    } catch { throw error.inFile(path) }
    try net.write(to: target)
  }

  /// Writes the model at `path` again, table by table: verified, validated, and otherwise the same. Weights in a file beside
  /// it are copied beside the new one.
  public static func copy(contentsOfMNN path: String, to target: String) throws(FormatError) {
    let (net, file) = try net(contentsOfMNN: path)
    do throws(FormatError) {
      guard let weights = try net.externalFile(path + ".weight", isStated: false, of: file) else {
        return try net.write(to: target, from: [file])
      }
      let byteCount = WeightsSeal(at: weights.bytes)?.byteCount ?? weights.byteCount
      try net.validate(externalByteCount: byteCount)
      let contents = UnsafeRawBufferPointer(rebasing: weights.bytes[..<byteCount])
      try net.write(to: target, external: [WireVector<UInt8>(borrowing: contents, from: weights).block], from: [file, weights])
    } catch { throw error.inFile(path) }
  }

  private static func mapped(_ path: String) throws(FormatError) -> MappedFile {
    do throws(GraphError) { return try MappedFile(path) } catch { throw FormatError(error, .fileUnreadable) }
  }

  private static func net(contentsOfMNN path: String) throws(FormatError) -> (net: Wire.Net, file: MappedFile) {
    do throws(FormatError) {
      let file = try mapped(path)
      let net = try Wire.Net(decoding: WireStorage(borrowing: file.bytes, from: file))
      try net.validate()
      try file.checked()
      return (net, file)
    } catch { throw error.inFile(path) }
  }
}
