import MNNGraph

/// Decoding of weights that are not plain floats: `IDSTQuan`. See `format/weights.md`, 2 to 6.
struct QuantizedWeights {
  let parameters: Wire.IDSTQuan
  let source: WeightSource
  /// `Convolution2D.external`, if the vectors are in another file.
  let external: WireVector<Int64>?

  /// The weights as float32 of a shape.
  func floats(_ shape: [Int], rows: Int) throws(FormatError) -> Tensor {
    let count: Int
    do throws(GraphError) { count = try checkedElementCount(shape) } catch { throw FormatError(error, .lengthMismatch) }
    switch parameters.type {
    case 0: return try sparseFloats(count, shape)
    case 1, 2: return try packed(count, shape)
    case 3: return try halves(count, shape)
    case 4: return try plainBytes(count, shape, rows: rows)
    default:
      throw FormatError(.weightEncodingInvalid, "the encoding of the weights is not known", found: "type \(parameters.type)")
    }
  }

  private func bytes<R>(
    _ vector: WireBlock?, slot: Int, _ body: (UnsafeRawBufferPointer) throws(FormatError) -> R
  ) throws(FormatError) -> R {
    if let external, !external.isEmpty {
      let offsets = try offset(of: slot, external)
      let (bytes, file) = try source.externalBytes(offset: offsets.offset, byteCount: offsets.count)
      defer { withExtendedLifetime(file) {} }
      return try body(bytes)
    }
    guard let vector else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    return try vector.withUnsafeBytes(body)
  }

  /// External vectors follow one another: buffer, alpha, bias, index.
  private func offset(of slot: Int, _ external: WireVector<Int64>) throws(FormatError) -> (offset: Int64, count: Int64) {
    guard external.count == 5 else {
      throw FormatError(.externalDataInvalid, "wrong number of offsets", expected: "5", found: "\(external.count)")
    }
    var position = external[0]
    for i in 1..<slot {
      let (next, overflow) = position.addingReportingOverflow(external[i])
      guard !overflow, external[i] >= 0 else {
        throw FormatError(.externalDataInvalid, "an external length is not valid", found: "\(external[i])")
      }
      position = next
    }
    return (position, external[slot])
  }

  /// The scales: floats, or halves if so stored.
  private func alpha() throws(FormatError) -> [Float] {
    if parameters.scaleStorage == .FP16 {
      return try bytes(parameters.alphaFp16?.block, slot: 2) { raw in
        (0..<raw.count / 2).map { Float(halfBits: UInt16.load(raw, at: 2 * $0)) }
      }
    }
    return try bytes(parameters.alpha?.block, slot: 2) { raw in
      (0..<raw.count / 4).map { Float(bitPattern: UInt32.load(raw, at: 4 * $0)) }
    }
  }

  private func halves(_ count: Int, _ shape: [Int]) throws(FormatError) -> Tensor {
    try bytes(parameters.buffer?.block, slot: 1) { raw throws(FormatError) in
      guard raw.count == 2 * count else { throw wrongLength(raw.count / 2, count) }
      return try make(shape) { y in
        for i in 0..<count { y[i] = Float(halfBits: UInt16.load(raw, at: 2 * i)) }
      }
    }
  }

  private func sparseFloats(_ count: Int, _ shape: [Int]) throws(FormatError) -> Tensor {
    let values = try alpha()
    return try bytes(parameters.index?.block, slot: 4) { raw throws(FormatError) in
      guard raw.count == 4 * values.count else { throw wrongLength(raw.count / 4, values.count) }
      return try make(shape) { y throws(FormatError) in
        for (i, value) in values.enumerated() {
          let position = Int(UInt32.load(raw, at: 4 * i))
          guard position < count else {
            throw FormatError(
              .weightEncodingInvalid, "a position of the sparse weights lies outside", expected: "below \(count)",
              found: "\(position)")
          }
          y[position] = value
        }
      }
    }
  }

  /// Scale and offset of each group: `w = code * scale + shift`.
  private func groups(_ number: Int) throws(FormatError) -> [(scale: Float, shift: Float, zero: Int)] {
    let alpha = try alpha()
    let factor = parameters.quanScaleFactor
    let isAsymmetric = parameters.readType != 0
    guard alpha.count == (isAsymmetric ? 2 : 1) * number else {
      throw FormatError(
        .weightEncodingInvalid, "wrong number of scales", expected: "\((isAsymmetric ? 2 : 1) * number)",
        found: "\(alpha.count)")
    }
    guard alpha.allSatisfy(\.isFinite), factor.isFinite else {
      throw FormatError(
        .weightEncodingInvalid, "a scale of packed weights is not a finite number", expected: "finite scales and offsets")
    }
    let lowest = parameters.aMin == 0 ? -128 : Int(parameters.aMin)
    return (0..<number).map { g in
      guard isAsymmetric else { return (alpha[g] * factor, 0, 0) }
      let (low, scale) = (alpha[2 * g] * factor, alpha[2 * g + 1] * factor)
      let zero = scale <= 1e-6 ? lowest : Int(Int32(converting: (-low / scale).rounded())) + lowest
      return (scale, low - Float(lowest) * scale, zero)
    }
  }

  private func packed(_ count: Int, _ shape: [Int]) throws(FormatError) -> Tensor {
    let parameters = parameters
    return try bytes(parameters.buffer?.block, slot: 1) { raw throws(FormatError) in
      let head = try PackedWeights(
        parsing: raw, wideDimensions: parameters.shapeInt32, isSparse: parameters.type == 2)
      guard head.count == count else { throw wrongLength(head.count, count) }
      let groups = try groups(head.rows)
      let table = head.table.sorted()
      return try make(shape) { y throws(FormatError) in
        var indices = BitReader(bytes: raw, offset: head.indexOffset, width: head.bits)
        func code() throws(FormatError) -> Int {
          let index = indices.next()
          guard index < table.count else {
            throw FormatError(
              .weightEncodingInvalid, "a packed weight names no value", expected: "below \(table.count)", found: "\(index)")
          }
          return Int(table[index])
        }
        func store(_ code: Int, at i: Int) {
          let group = groups[i / head.rowLength]
          y[i] = Float(code) * group.scale + group.shift
        }
        guard let stepping = head.steps else {
          for i in 0..<count { store(try code(), at: i) }
          return
        }
        for i in 0..<count { store(groups[i / head.rowLength].zero, at: i) }
        var steps = BitReader(bytes: raw, offset: stepping.offset, width: stepping.bits)
        var position = 0
        for _ in 0..<head.indexCount {
          position += steps.next()
          guard position < count else {
            throw FormatError(
              .weightEncodingInvalid, "a position of the sparse weights lies outside", expected: "below \(count)",
              found: "\(position)")
          }
          store(try code(), at: position)
        }
      }
    }
  }

  private func plainBytes(_ count: Int, _ shape: [Int], rows: Int) throws(FormatError) -> Tensor {
    try bytes(parameters.buffer?.block, slot: 1) { raw throws(FormatError) in
      guard raw.count == count else { throw wrongLength(raw.count, count) }
      let alpha = try alpha()
      let number = parameters.readType != 0 ? alpha.count / 2 : alpha.count
      guard number > 0, count % number == 0 else { throw wrongLength(alpha.count, rows) }
      let groups = try groups(number)
      return try make(shape) { y in
        for i in 0..<count {
          let group = groups[i / (count / number)]
          y[i] = Float(Int8(bitPattern: raw[i])) * group.scale + group.shift
        }
      }
    }
  }

  private func make(
    _ shape: [Int], _ body: (UnsafeMutableBufferPointer<Float>) throws(FormatError) -> Void
  ) throws(FormatError) -> Tensor {
    let tensor: Tensor
    do throws(GraphError) {
      let bytes = try checkedElementCount(shape).saturatingMultiply(4)
      try WorkBudget.current?.spend(Work(operations: bytes, bytes: bytes), on: .unpacking)
      tensor = try Tensor.zeros(.float32, shape)
    } catch { throw FormatError(error) }
    try body(tensor.unsafeMutable(as: Float.self))
    return tensor
  }

  private func wrongLength(_ found: Int, _ expected: Int) -> FormatError {
    FormatError(.lengthMismatch, "wrong number of weights", expected: "\(expected)", found: "\(found)")
  }
}

extension Wire.IDSTQuan {
  /// An extra factor on all scales; old files of type 4 leave it 0 and mean 1.
  fileprivate var quanScaleFactor: Float { abs(quantScale) < 1e-6 ? 1 : quantScale }
}

/// Numbers of a fixed width, most significant bit first. What lies beyond the end reads as zeros.
private struct BitReader {
  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let width: Int
  private var window: UInt64 = 0
  private var available = 0

  init(bytes: UnsafeRawBufferPointer, offset: Int, width: Int) {
    self.bytes = bytes
    position = offset
    self.width = width
  }

  mutating func next() -> Int {
    while available < width {
      window = window << 8 | UInt64(position < bytes.count ? bytes[position] : 0)
      position += 1
      available += 8
    }
    available -= width
    return Int(window >> UInt64(available) & (1 << UInt64(width) - 1))
  }
}

extension Float {
  /// The value of half-precision bits.
  init(halfBits bits: UInt16) { self = Float(Half(bitPattern: bits)) }
}
