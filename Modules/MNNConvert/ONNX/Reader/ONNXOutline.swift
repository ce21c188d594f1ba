/// The outline of an ONNX file: the same model without the weights.
///
/// protobuf-c copies every byte that it unpacks and recurses as deep as the file nests, so a file is not handed to it as
/// it is. The outline is a smaller message, written in one walk over the file, in which
/// - the data of a tensor is replaced by `Payload` entries that say where it lies in the file,
/// - documentation, training graphs and unknown fields are left out,
/// - the nesting, the number of parts and the size are known to be bounded.
struct ONNXOutline {
  /// No exporter nests graphs this deep; each level costs the unpacker some stack.
  static let deepest = 64
  /// An outline with more fields than this is refused: each costs up to 200 bytes when it is unpacked.
  static let mostFields = 4_000_000
  /// A real outline has a few megabytes.
  static let mostBytes = 1 << 28

  private(set) var bytes: [UInt8] = []
  private var fields = 0

  /// - Parameter kind: what the file is.
  init(of file: RawSpan, as kind: ONNXMessage = .model) throws(ImportError) {
    try copy(kind, 0..<file.byteCount, of: file, depth: 0)
  }

  private mutating func copy(
    _ kind: ONNXMessage, _ range: Range<Int>, of file: RawSpan, depth: Int
  ) throws(ImportError) {
    guard depth < Self.deepest else {
      throw ImportError(
        .tooComplex, "nested too deeply", expected: "at most \(Self.deepest) levels", found: "more",
        advice: "the file is damaged or made to do harm")
    }
    var cursor = WireCursor(range)
    while let field = try cursor.next(in: file) {
      fields += 1
      guard fields <= Self.mostFields, bytes.count <= Self.mostBytes else {
        throw ImportError(
          .tooComplex, "too many parts",
          expected: "at most \(Self.mostFields) fields and \(Self.mostBytes) bytes without weights", found: "more",
          advice: "the file is damaged or made to do harm")
      }
      switch kind.role(of: field.number) {
      case .dropped: continue
      case .kept: append(field.whole, of: file)
      case .message(let inner):
        guard field.kind == .delimited else {
          throw ImportError(
            .malformedFile, "damaged at byte \(field.whole.lowerBound)", expected: "a message",
            found: "a field of wire type \(field.kind.rawValue)",
            advice: "the file is truncated or not an ONNX model; fetch or export it again")
        }
        append(tag: field.number)
        let start = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0, 0])
        try copy(inner, field.value, of: file, depth: depth + 1)
        setLength(bytes.count - start - 5, at: start)
      case .payload:
        if field.kind == .delimited {
          appendPayload(field)
        } else {
          append(field.whole, of: file)
        }
      }
    }
  }

  private mutating func append(_ range: Range<Int>, of file: RawSpan) {
    bytes.reserveCapacity(bytes.count + range.count)
    file.extracting(range).withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  private mutating func append(tag field: Int) {
    append(varint: UInt64(field) << 3 | WireCursor.Kind.delimited.rawValue)
  }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The length of a message is known after its content: it takes the five bytes kept free for it, zero padded.
  private mutating func setLength(_ length: Int, at start: Int) {
    for index in 0..<5 {
      let low = UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7f
      bytes[start + index] = index < 4 ? low | 0x80 : low
    }
  }

  private mutating func appendPayload(_ field: WireCursor.Field) {
    append(tag: ONNXMessage.payloadField)
    let start = bytes.count
    bytes.append(0)
    append(varint: 1 << 3)
    append(varint: UInt64(field.number))
    append(varint: 2 << 3)
    append(varint: UInt64(field.value.lowerBound))
    append(varint: 3 << 3)
    append(varint: UInt64(field.value.count))
    bytes[start] = UInt8(truncatingIfNeeded: bytes.count - start - 1)
  }
}

/// The messages of the format, as far as the outline must know them: which fields hold messages, which are kept.
enum ONNXMessage {
  case model, graph, function, node, attribute, tensor, sparseTensor, valueInfo
  case type, tensorType, tensorShape, elementType, mapType, pair

  enum Role {
    case dropped, kept, payload
    case message(ONNXMessage)
  }

  /// `Tensor.payload` of onnx.proto.
  static let payloadField = 1000

  func role(of field: Int) -> Role {
    switch (self, field) {
    case (.model, 7): .message(.graph)
    case (.model, 25): .message(.function)
    case (.model, 8), (.model, 14): .message(.pair)
    case (.model, 1...5): .kept

    case (.graph, 1): .message(.node)
    case (.graph, 2): .kept
    case (.graph, 5): .message(.tensor)
    case (.graph, 11...13): .message(.valueInfo)
    case (.graph, 15): .message(.sparseTensor)

    case (.function, 1), (.function, 4...6), (.function, 10), (.function, 13): .kept
    case (.function, 7): .message(.node)
    case (.function, 9): .message(.pair)
    case (.function, 11): .message(.attribute)

    case (.node, 1...4), (.node, 7), (.node, 8): .kept
    case (.node, 5): .message(.attribute)

    case (.attribute, 1...4), (.attribute, 7...9), (.attribute, 20), (.attribute, 21): .kept
    case (.attribute, 5), (.attribute, 10): .message(.tensor)
    case (.attribute, 6), (.attribute, 11): .message(.graph)
    case (.attribute, 14), (.attribute, 15): .message(.type)
    case (.attribute, 22), (.attribute, 23): .message(.sparseTensor)

    case (.tensor, 1), (.tensor, 2), (.tensor, 6), (.tensor, 8), (.tensor, 14): .kept
    case (.tensor, 4), (.tensor, 5), (.tensor, 7), (.tensor, 9...11): .payload
    case (.tensor, 13): .message(.pair)

    case (.sparseTensor, 1), (.sparseTensor, 2): .message(.tensor)
    case (.sparseTensor, 3): .kept

    case (.valueInfo, 1): .kept
    case (.valueInfo, 2): .message(.type)

    case (.type, 1), (.type, 8): .message(.tensorType)
    case (.type, 4), (.type, 9): .message(.elementType)
    case (.type, 5): .message(.mapType)
    case (.elementType, 1): .message(.type)
    case (.mapType, 1): .kept
    case (.mapType, 2): .message(.type)

    case (.tensorType, 1): .kept
    case (.tensorType, 2): .message(.tensorShape)
    case (.tensorShape, 1): .message(.pair)

    case (.pair, 1), (.pair, 2): .kept
    default: .dropped
    }
  }
}
