extension WireVector {
  /// The bytes of the vector as a file of their own: some hold a complete FlatBuffer.
  package var storage: WireStorage {
    withUnsafeBytes { WireStorage(borrowing: $0, from: block.storage.keeper) }
  }
}

extension Wire.ExtraInfo {
  /// The notes of the model's author (`metadata_props` of ONNX), which `buffer` holds as a FlatBuffer with the root
  /// `Extra` of type `Meta`. Empty if there are none.
  ///
  /// - Throws: ``FormatError`` if `buffer` is not a FlatBuffer.
  package func metadata() throws(FormatError) -> [String: String] {
    try notes().filter { $0.key != Wire.ExtraInfo.weightsKey }
  }

  /// Replaces the notes; an empty dictionary removes them.
  package mutating func setMetadata(_ metadata: [String: String]) throws(FormatError) {
    try setNotes(metadata.filter { $0.key != Wire.ExtraInfo.weightsKey })
  }

  /// The author's notes, and this project's among them.
  func notes() throws(FormatError) -> [String: String] {
    guard let buffer, !buffer.isEmpty else { return [:] }
    let extra = try Wire.Extra(decoding: buffer.storage)
    guard extra.type == "Meta" else { return [:] }
    let pairs = (extra.attr ?? []).compactMap { attribute in attribute.key.map { ($0, attribute.s ?? "") } }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  mutating func setNotes(_ notes: [String: String]) throws(FormatError) {
    guard !notes.isEmpty else {
      buffer = nil
      return
    }
    var extra = Wire.Extra(WireTable(Wire.Extra.kind))
    extra.type = "Meta"
    extra.engine = "MNN"
    extra.attr = notes.sorted { $0.key < $1.key }.map { key, text in
      var attribute = Wire.Attribute(WireTable(Wire.Attribute.kind))
      attribute.key = key
      attribute.s = text
      return attribute
    }
    buffer = WireVector(try extra.encoded().bytes.map { Int8(bitPattern: $0) })
  }
}
