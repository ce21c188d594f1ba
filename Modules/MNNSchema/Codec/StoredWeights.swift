import MNNGraph

/// The weights of a convolution as its operator keeps them in a file.
enum StoredWeights {
  case floats(Tensor)
  /// Half precision: `Cast(constant)`.
  case halves(Tensor)
  /// In few bits: `DequantizeLinear(constant, …)`.
  case codes(QuantizedCodes)

  var areHalves: Bool { if case .halves = self { true } else { false } }

  /// The number of weights.
  var count: Int {
    switch self {
    case .floats(let tensor), .halves(let tensor): tensor.count
    case .codes(let codes): codes.codes.count
    }
  }

  /// The weights of a convolution, or nil if they are not constant, or quantized in a way that the format does not have.
  init?(of node: Node, in graph: Graph) {
    guard node.inputs.count > 1, let id = node.inputs[1] else { return nil }
    if let tensor = graph.constant(id) {
      self = .floats(tensor)
    } else if let (op, producer) = graph.producer(of: id, as: Cast.self) {
      guard op.dtype == .float32, let halves = graph.constant(producer.inputs[0]), halves.dtype == .float16 else { return nil }
      self = .halves(halves)
    } else if let constant = QuantizedConstant(id, in: graph) {
      guard let codes = QuantizedCodes(constant, of: node.op) else { return nil }
      self = .codes(codes)
    } else {
      return nil
    }
  }

  /// Whether a node only makes weights that all convolutions which use them keep as they are.
  static func isAbsorbed(_ node: Node, in graph: Graph) -> Bool {
    guard node.op is DequantizeLinear || node.op is Cast, let id = node.results.first, !graph.outputs.contains(id),
      !graph[id].consumers.isEmpty
    else { return false }
    return graph[id].consumers.allSatisfy { consumer in
      guard let user = graph[consumer], user.op is Convolution || user.op is ConvolutionTranspose else { return false }
      return user.inputs.enumerated().allSatisfy { $1 != id || $0 == 1 } && ConvolutionCodec.isStored(user, graph)
        && OperatorWriters.ownWriter(for: user, in: graph) != nil
    }
  }
}

/// Weights in few bits: codes in groups of equal length, one after the other, with a scale each.
struct QuantizedCodes {
  /// Of int2 to int8.
  let codes: Tensor
  let groupCount: Int
  /// A scale for each group, or its smallest value and its scale.
  let alpha: [Float]
  /// The code of the smallest value; nil for symmetric weights.
  let lowest: Int?
  /// Whether ``alpha`` is kept in half precision.
  let areHalves: Bool

  /// The weights of an operator, or nil if the format does not have them so.
  init?(_ constant: QuantizedConstant, of user: any Operator) {
    let (codes, scale) = (constant.codes, constant.scale)
    guard codes.dtype.isPacked || codes.dtype == .int8, codes.dtype.isSignedInteger, codes.count > 0,
      (constant.op.dtype ?? scale.dtype) == .float32, let scales = try? scale.scalars(as: Float.self),
      scales.allSatisfy(\.isFinite), let runs = try? constant.op.granularity.groups(scale.shape, of: codes.shape)
    else { return nil }
    let minima: [Float]
    var lowest = 0
    if let zeroPoint = constant.zeroPoint {
      guard let zeros = try? zeroPoint.scalars(as: Int64.self), let first = zeros.first, zeros.allSatisfy({ $0 == first }) else {
        return nil
      }
      lowest = Int(first)
    }
    if let offset = constant.offset {
      // The format takes a lowest code of 0 for -128.
      guard let values = try? offset.scalars(as: Float.self), values.allSatisfy(\.isFinite), lowest != 0,
        Int32(exactly: lowest) != nil, offset.dtype == .float32 || offset.dtype == scale.dtype, values.count == scales.count
      else { return nil }
      minima = values
    } else {
      guard lowest == 0 else { return nil }
      minima = []
    }
    guard scale.dtype == .float32 || scale.dtype == .float16 else { return nil }
    let rows = QuantizedCodes.rows(user, codes.shape)
    let isSame = { (a: Int, b: Int) in scales[a] == scales[b] && (minima.isEmpty || minima[a] == minima[b]) }
    guard rows > 0, codes.count % rows == 0,
      let groups = QuantizedCodes.groups(
        runs.indices, runs.length, rowLength: codes.count / rows, joinedIf: user is ConvolutionTranspose ? isSame : nil)
    else { return nil }
    self.codes = codes
    groupCount = groups.count
    self.lowest = minima.isEmpty ? nil : lowest
    alpha = minima.isEmpty ? groups.map { scales[$0] } : groups.flatMap { [minima[$0], scales[$0]] }
    areHalves = scale.dtype == .float16 && (constant.offset.map { $0.dtype == .float16 } ?? true)
  }

  /// How many output channels the format counts.
  private static func rows(_ user: any Operator, _ shape: [Int]) -> Int {
    guard let op = user as? ConvolutionTranspose, shape.count > 1 else { return shape.first ?? 0 }
    let (rows, overflow) = shape[1].multipliedReportingOverflow(by: op.groups)
    return overflow ? 0 : rows
  }

  /// For each group of the file, which scale it has: whole rows, or equal parts of each; nil if there are no such groups.
  private static func groups(
    _ runs: [Int], _ length: Int, rowLength: Int, joinedIf isSame: ((Int, Int) -> Bool)?
  ) -> [Int]? {
    if length % rowLength == 0 { return runs.flatMap { [Int](repeating: $0, count: length / rowLength) } }
    let parts = rowLength / length
    if let isSame, rowLength % length == 0 {
      // Rows of a transposed convolution need not be slices of an axis, and were read in parts.
      let rows = stride(from: 0, to: runs.count, by: parts).map { runs[$0..<min($0 + parts, runs.count)] }
      if rows.allSatisfy({ row in row.allSatisfy { isSame($0, row[row.startIndex]) } }) { return rows.compactMap(\.first) }
    }
    return rowLength % length == 0 ? runs : nil
  }

  /// The table of the file.
  func encoded() throws(FormatError) -> Wire.IDSTQuan {
    let values = try asFormatError { () throws(GraphError) in try codes.scalars(as: Int8.self) }
    var packed = Wire.IDSTQuan(codes: values, bits: codes.dtype.bitCount, groups: groupCount)
    if areHalves {
      packed.alphaFp16 = WireVector(alpha.map { Half($0).bitPattern })
      packed.scaleStorage = .FP16
    } else {
      packed.alpha = WireVector(alpha)
    }
    packed.aMin = Int32(clamping: lowest ?? 0)
    packed.readType = lowest == nil ? 0 : Int32(clamping: groupCount)
    return packed
  }
}

extension Wire.IDSTQuan {
  /// Codes of `bits` bits in the dense form with the full table; scales are yet to be put beside them.
  init(codes: [Int8], bits: Int, groups: Int) {
    self.init()
    let length = groups > 0 ? codes.count / groups : 0
    let lowest = -(1 << (bits - 1))
    var indices = BitWriter(bits: bits, capacity: codes.count)
    for code in codes { indices.append(UInt8(truncatingIfNeeded: Int(code) - lowest)) }
    let isWide = groups > 65535 || length > 65535
    var bytes: [UInt8] = [2]
    for size in [groups, length] {
      for shift in stride(from: 0, to: isWide ? 32 : 16, by: 8) { bytes.append(UInt8(truncatingIfNeeded: size >> shift)) }
    }
    bytes.append(UInt8(truncatingIfNeeded: 1 << bits))
    for value in lowest..<(-lowest) { bytes.append(UInt8(truncatingIfNeeded: value)) }
    bytes += indices.finished()
    type = 1
    buffer = WireVector(bytes.map { Int8(bitPattern: $0) })
    aMaxOrBits = Int32(clamping: bits)
    quantScale = 1
    shapeInt32 = isWide
  }
}

/// Numbers of a few bits, the first in the highest bits of the first byte.
private struct BitWriter {
  private let bits: Int
  private var bytes: [UInt8] = []
  private var pending: UInt32 = 0
  private var pendingCount = 0

  init(bits: Int, capacity: Int) {
    self.bits = bits
    bytes.reserveCapacity(capacity * bits / 8 + 1)
  }

  mutating func append(_ value: UInt8) {
    pending = pending << UInt32(bits) | UInt32(value)
    pendingCount += bits
    while pendingCount >= 8 {
      pendingCount -= 8
      bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(pendingCount)))
    }
  }

  func finished() -> [UInt8] {
    pendingCount == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending << UInt32(8 - pendingCount))]
  }
}
