import MNNGraph

/// Reading of weights that are not plain floats: `IDSTQuan`. See `Docs/format.md`, 13.
///
/// Codes stay codes: `DequantizeLinear(codes, scale, lowest code, smallest value)`, packed in as many bits as their table needs, with
/// one scale for each group of the file. Halves stay halves, under a `Cast`. A list of the weights that are not zero becomes all of
/// them: floats with zeros, or codes with the code of zero, which is what it stands for.
struct QuantizedWeights {
  let parameters: Wire.IDSTQuan
  let source: WeightSource
  /// `Convolution2D.external`, if the vectors are in another file.
  let external: WireVector<Int64>?

  /// The weights as a value of float32 of a shape.
  func value(_ shape: [Int], in scope: ReadingScope) throws(FormatError) -> Value.ID {
    let count: Int
    do throws(GraphError) { count = try checkedElementCount(shape) } catch { throw FormatError(error, .lengthMismatch) }
    switch parameters.type {
    case 0: return scope.constant(try sparseFloats(count, shape))
    case 1, 2: return try packed(count, shape, in: scope)
    case 3: return try scope.appendWeight(Cast(to: .float32), [scope.constant(try halves(shape))])
    case 4: return try plainBytes(count, shape, in: scope)
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

  private func halves(_ shape: [Int]) throws(FormatError) -> Tensor {
    if let external, !external.isEmpty {
      let place = try offset(of: 1, external)
      return try source.external(offset: place.offset, byteCount: place.count, .float16, shape)
    }
    guard let block = parameters.buffer?.block else { throw FormatError(.missing, "the convolution has no weights") }
    return try source.tensor(block, .float16, shape)
  }

  private func sparseFloats(_ count: Int, _ shape: [Int]) throws(FormatError) -> Tensor {
    let values = try alpha()
    return try bytes(parameters.index?.block, slot: 4) { raw throws(FormatError) in
      guard raw.count == 4 * values.count else { throw wrongLength(raw.count / 4, values.count) }
      return try make(Float.self, shape) { y throws(FormatError) in
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

  /// Scales, and for asymmetric weights the smallest value of each group, in the order of the groups.
  private struct Groups {
    var scales: [Float]
    /// nil for symmetric weights.
    var minima: [Float]?
    var lowest = 0
    /// Whether both are halves in the file.
    var areHalves: Bool

    /// The code of zero, which a list leaves out.
    func zero(_ group: Int) -> Int8 {
      guard let minima else { return 0 }
      let (low, scale) = (minima[group], scales[group])
      let steps = scale <= 1e-6 ? 0 : Int(Int32(converting: Double((-low / scale).rounded())))
      return Int8(clamping: steps + lowest)
    }
  }

  private func groups(_ number: Int) throws(FormatError) -> Groups {
    let alpha = try alpha()
    let factor = parameters.scaleFactor
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
    let areHalves = parameters.scaleStorage == .FP16 && factor == 1
    guard isAsymmetric else { return Groups(scales: alpha.map { $0 * factor }, minima: nil, areHalves: areHalves) }
    return Groups(
      scales: (0..<number).map { alpha[2 * $0 + 1] * factor }, minima: (0..<number).map { alpha[2 * $0] * factor },
      lowest: parameters.aMin == 0 ? -128 : Int(parameters.aMin), areHalves: areHalves)
  }

  private func packed(_ count: Int, _ shape: [Int], in scope: ReadingScope) throws(FormatError) -> Value.ID {
    let parameters = parameters
    return try bytes(parameters.buffer?.block, slot: 1) { raw throws(FormatError) in
      let head = try PackedWeights(
        parsing: raw, wideDimensions: parameters.shapeInt32, isSparse: parameters.type == 2)
      guard head.count == count else { throw wrongLength(head.count, count) }
      let groups = try groups(head.rows)
      let table = head.table.sorted()
      var known = table
      let codes = try make(Int8.self, shape) { y throws(FormatError) in
        var indices = BitReader(bytes: raw, offset: head.indexOffset, width: head.bits)
        func code() throws(FormatError) -> Int8 {
          let index = indices.next()
          guard index < table.count else {
            throw FormatError(
              .weightEncodingInvalid, "a packed weight names no value", expected: "below \(table.count)", found: "\(index)")
          }
          return table[index]
        }
        guard let stepping = head.steps else {
          for i in 0..<count { y[i] = try code() }
          return
        }
        for group in 0..<head.rows {
          let zero = groups.zero(group)
          known.append(zero)
          for i in 0..<head.rowLength { y[group * head.rowLength + i] = zero }
        }
        var steps = BitReader(bytes: raw, offset: stepping.offset, width: stepping.bits)
        var position = 0
        for _ in 0..<head.indexCount {
          position += steps.next()
          guard position < count else {
            throw FormatError(
              .weightEncodingInvalid, "a position of the sparse weights lies outside", expected: "below \(count)",
              found: "\(position)")
          }
          y[position] = try code()
        }
      }
      return try dequantized(codes, range: (known.min() ?? 0, known.max() ?? 0), groups, in: scope)
    }
  }

  private func plainBytes(_ count: Int, _ shape: [Int], in scope: ReadingScope) throws(FormatError) -> Value.ID {
    try bytes(parameters.buffer?.block, slot: 1) { raw throws(FormatError) in
      guard raw.count == count else { throw wrongLength(raw.count, count) }
      let alpha = try alpha()
      let number = parameters.readType != 0 ? alpha.count / 2 : alpha.count
      guard number > 0, count % number == 0 else { throw wrongLength(alpha.count, count) }
      let codes = try make(Int8.self, shape) { y in for i in 0..<count { y[i] = Int8(bitPattern: raw[i]) } }
      return try dequantized(codes, range: (.min, .max), groups(number), in: scope)
    }
  }

  /// `DequantizeLinear` of codes in as few bits as hold a range.
  private func dequantized(
    _ codes: Tensor, range: (Int8, Int8), _ groups: Groups, in scope: ReadingScope
  ) throws(FormatError) -> Value.ID {
    var bits = 2
    while bits < 8, Int(range.0) < -(1 << (bits - 1)) || Int(range.1) >= 1 << (bits - 1) { bits += 1 }
    let weights = GroupedCodes(
      codes: codes, bits: bits, scales: groups.scales, minima: groups.minima, lowest: groups.lowest, areHalves: groups.areHalves)
    let (op, operands): (DequantizeLinear, [Tensor])
    do throws(GraphError) { (op, operands) = try weights.dequantization() } catch {
      throw FormatError(error, error.code == .shapeMismatch ? .lengthMismatch : .graphInvalid)
    }
    return try scope.appendWeight(op, operands.map { scope.constant($0) })
  }

  private func make<T: TensorScalar>(
    _: T.Type, _ shape: [Int], _ body: (UnsafeMutableBufferPointer<T>) throws(FormatError) -> Void
  ) throws(FormatError) -> Tensor {
    let tensor: Tensor
    do throws(GraphError) {
      // As the floats that they will be.
      let bytes = try checkedElementCount(shape).saturatingMultiply(4)
      try WorkBudget.current?.spend(Work(operations: bytes, bytes: bytes), on: .unpacking)
      tensor = try Tensor.zeros(T.dtype, shape)
    } catch { throw FormatError(error) }
    try body(tensor.unsafeMutable(as: T.self))
    return tensor
  }

  private func wrongLength(_ found: Int, _ expected: Int) -> FormatError {
    FormatError(.lengthMismatch, "wrong number of weights", expected: "\(expected)", found: "\(found)")
  }
}

extension Wire.IDSTQuan {
  /// An extra factor on all scales; old files of type 4 leave it 0 and mean 1.
  fileprivate var scaleFactor: Float { abs(quantScale) < 1e-6 ? 1 : quantScale }
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
