extension Tensor {
  /// The tensor as numpy 2 prints an array's `repr`: `array([[1., 2.],\n       [3., 4.]], dtype=float32)`.
  ///
  /// Floating-point elements have the fewest digits that tell them apart and at most eight behind the point; lines are at
  /// most 75 characters long; of more than 1000 elements the first and last three along each axis are shown.
  public var arrayText: String { ArrayText(self).text }
}

/// Lays the elements of a tensor out as nested lists.
struct ArrayText {
  private static let edge = 3
  private static let elementLimit = 1000
  private static let lineWidth = 75
  private static let prefix = "array("

  private let tensor: Tensor
  private let isSummary: Bool
  private let words: [String]
  /// The number of words per entry of each axis.
  private let strides: [Int]

  init(_ tensor: Tensor) {
    self.tensor = tensor
    let summary = tensor.count > ArrayText.elementLimit
    isSummary = summary
    // Indices of an axis that are shown.
    let shown = tensor.shape.map { size in
      summary && size > 2 * ArrayText.edge
        ? Array(0..<ArrayText.edge) + Array(size - ArrayText.edge..<size) : Array(0..<size)
    }
    strides = rowMajorStrides(shown.map(\.count))
    words = tensor.count == 0 ? [] : ArrayText.words(tensor, shown)
  }

  var text: String {
    var list = "[]"
    if tensor.count > 0 {
      let indent = ElementText.blanks(ArrayText.prefix.utf8.count + 1)
      list = nested(axis: 0, first: 0, indent: indent, width: ArrayText.lineWidth - 1)
    }
    var extras: [String] = []
    if tensor.count == 0 && tensor.shape != [0] || tensor.count > ArrayText.elementLimit {
      extras.append("shape=(" + tensor.shape.map(String.init).joined(separator: ", ") + (tensor.rank == 1 ? ",)" : ")"))
    }
    let isImplied = tensor.dtype == .bool || tensor.dtype == .int64 || tensor.dtype == .float64
    if !isImplied || tensor.count == 0 { extras.append("dtype=\(tensor.dtype)") }
    if extras.isEmpty { return ArrayText.prefix + list + ")" }
    let body = ArrayText.prefix + list + ","
    let tail = extras.joined(separator: ", ") + ")"
    let lastLine = body.utf8.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
    let fits = lastLine + tail.utf8.count + 1 <= ArrayText.lineWidth
    return body + (fits ? " " : "\n" + ElementText.blanks(ArrayText.prefix.utf8.count)) + tail
  }

  /// The text of the entries of `axis` that start at word `first`.
  private func nested(axis: Int, first: Int, indent: String, width: Int) -> String {
    if axis == tensor.rank { return words[first] }
    let size = tensor.shape[axis]
    let isCut = isSummary && size > 2 * ArrayText.edge
    let count = isCut ? 2 * ArrayText.edge : size
    var text = ""
    if axis == tensor.rank - 1 {
      var line = indent
      func append(_ word: String) {
        if line.utf8.count + word.utf8.count > width - 1, line.utf8.count > indent.utf8.count {
          while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
          text += line + "\n"
          line = indent
        }
        line += word
      }
      for i in 0..<count {
        if isCut, i == ArrayText.edge {
          append("...")
          line += ", "
        }
        append(words[first + i])
        if i < count - 1 { line += ", " }
      }
      text += line
    } else {
      let separator = "," + String(repeating: "\n", count: tensor.rank - 1 - axis)
      for i in 0..<count {
        if isCut, i == ArrayText.edge { text += indent + "..." + separator }
        text +=
          indent
          + nested(axis: axis + 1, first: first + i * strides[axis], indent: indent + " ", width: width - 1)
        if i < count - 1 { text += separator }
      }
    }
    return "[" + text.dropFirst(indent.utf8.count) + "]"
  }

  /// The texts of the elements at all combinations of the `shown` indices of each axis.
  private static func words(_ tensor: Tensor, _ shown: [[Int]]) -> [String] {
    let strides = rowMajorStrides(tensor.shape)
    let positions = IndexSequence(shown.map(\.count)).map { index in
      index.indices.reduce(0) { $0 + shown[$1][index[$1]] * strides[$1] }
    }
    return tensor.withUnsafeBytes { bytes in
      func load<T: BitwiseCopyable>(_: T.Type) -> [T] {
        positions.map { bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.stride, as: T.self) }
      }
      func integers<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> [String] { integers(load(T.self).map { String($0) }) }
      func integers(_ texts: [String]) -> [String] {
        let format = ElementText.integer(width: texts.map(\.utf8.count).max() ?? 0)
        return texts.map(format.text)
      }
      func floats(_ values: [Double]) -> [String] {
        let format = ElementText.floating(values, tensor.dtype)
        return values.map { format.text($0, tensor.dtype) }
      }
      switch tensor.dtype {
      case .bool:
        let format = ElementText.boolean(isScalar: tensor.rank == 0)
        return load(UInt8.self).map { format.text($0 == 0 ? "False" : "True") }
      case .int8: return integers(Int8.self)
      case .uint8: return integers(UInt8.self)
      case .int16: return integers(Int16.self)
      case .uint16: return integers(UInt16.self)
      case .int32: return integers(Int32.self)
      case .uint32: return integers(UInt32.self)
      case .int64: return integers(Int64.self)
      case .uint64: return integers(UInt64.self)
      case .int2, .int3, .int4, .int5, .int6, .int7, .uint2, .uint4:
        let codes = tensor.unpackedScalars()
        return integers(positions.map { String(codes[$0]) })
      case .float16: return floats(load(Half.self).map { Double(Float($0)) })
      case .bfloat16: return floats(load(BFloat16.self).map { Double(Float($0)) })
      case .float32: return floats(load(Float.self).map(Double.init))
      case .float64: return floats(load(Double.self))
      }
    }
  }
}
