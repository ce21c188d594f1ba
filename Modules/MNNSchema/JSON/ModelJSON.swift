import MNNGraph

/// `.mnn` models as JSON and back, with nothing lost either way: weights as packed, unknown operators, absent fields.
public enum ModelJSON {
  /// Writes the model at `path` as JSON in the original's shape, floats with all their digits.
  ///
  /// - Throws: ``FormatError``. Nothing is left behind if writing fails.
  public static func write(contentsOfMNN path: String, to target: String) throws(FormatError) {
    let net = try net(contentsOfMNN: path)
    do throws(GraphError) {
      var file = try AtomicFile(target)
      try net.writeJSON { bytes throws(GraphError) in try file.write(bytes) }
      try file.commit()
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
      withExtendedLifetime(file) {}
      try net.validate()
    } catch { throw error.inFile(path) }
    try net.write(to: target)
  }

  /// Writes the model at `path` again, table by table: verified, validated, and otherwise the same. Weights in a file beside
  /// it are copied beside the new one.
  public static func copy(contentsOfMNN path: String, to target: String) throws(FormatError) {
    let net = try net(contentsOfMNN: path)
    do throws(FormatError) {
      guard let weights = try net.externalFile(path + ".weight", isStated: false) else { return try net.write(to: target) }
      try net.validate(externalByteCount: weights.byteCount)
      try net.write(to: target, external: [WireVector<UInt8>(borrowing: weights.bytes, from: weights).block])
    } catch { throw error.inFile(path) }
  }

  private static func mapped(_ path: String) throws(FormatError) -> MappedFile {
    do throws(GraphError) { return try MappedFile(path) } catch { throw FormatError(error, .fileUnreadable) }
  }

  private static func net(contentsOfMNN path: String) throws(FormatError) -> Wire.Net {
    do throws(FormatError) {
      let file = try mapped(path)
      let net = try Wire.Net(decoding: WireStorage(borrowing: file.bytes, from: file))
      try net.validate()
      return net
    } catch { throw error.inFile(path) }
  }
}
