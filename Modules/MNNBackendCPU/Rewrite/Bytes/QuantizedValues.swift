import MNNGraph

/// A value that was bytes: `DequantizeLinear` with one constant scale, of int8 or uint8.
struct DequantizedValue {
  /// The bytes, plain.
  let bytes: Value.ID
  let quantization: ByteScale
  let sizes: [Int]

  init?(_ id: Value.ID?, in graph: Graph) {
    guard let (_, node) = graph.producer(of: id, as: DequantizeLinear.self), let id, graph[id].type?.dtype == .float32,
      let bytes = node.inputs[0], let type = graph[bytes].type, type.dtype.isByteInteger, let sizes = type.shape.sizes,
      !sizes.contains(0), let quantization = ByteScale(of: node, dtype: type.dtype, in: graph)
    else { return nil }
    (self.bytes, self.quantization, self.sizes) = (bytes, quantization, sizes)
  }

  /// True if an image can hold it.
  var isImage: Bool { ByteImage.canHold(rank: sizes.count) }
}

/// What a `QuantizeLinear` with one constant scale makes of float32.
struct QuantizedResult {
  let quantization: ByteScale
  /// Of the unsigned bytes.
  var range: ClosedRange<Int>
  let isSigned: Bool

  init?(_ op: QuantizeLinear, _ node: Node, in graph: Graph) {
    guard let dtype = graph[node.results[0]].type?.dtype, dtype.isByteInteger,
      graph[node.inputs[0]]?.type?.dtype == .float32,
      let quantization = ByteScale(of: node, dtype: dtype, in: graph)
    else { return nil }
    self.quantization = quantization
    isSigned = dtype == .int8
    let bounds = op.range.map { $0.clamped(to: dtype.byteRange) } ?? dtype.byteRange
    let offset = isSigned ? 128 : 0
    range = bounds.lowerBound + offset...bounds.upperBound + offset
  }

  /// Takes an activation in: quantizing does not change the order of numbers. False if it is no clamp.
  mutating func clamp(_ activation: ScalarFunction) -> Bool {
    switch activation.kind {
    case .identity: return true
    case .relu: return clamp(to: 0, .infinity)
    case .clip: return activation.a <= activation.b && clamp(to: activation.a, activation.b)
    default: return false
    }
  }

  private mutating func clamp(to low: Float, _ high: Float) -> Bool {
    let bounds = quantized(low)...quantized(high)
    range = bounds.clamped(to: range)
    return true
  }

  /// The byte of a number that is not NaN, within ``range``.
  private func quantized(_ x: Float) -> Int {
    let q = (x / quantization.scale).rounded(.toNearestOrEven) + Float(quantization.zeroPoint)
    return Int(converting: min(max(q, Float(range.lowerBound)), Float(range.upperBound)))
  }
}

extension Node {
  /// Whether a `DequantizeLinear` adds something to what bytes stand for.
  fileprivate var hasOffset: Bool { inputs.count > 3 && inputs[3] != nil }
}

extension ByteScale {
  /// The constant scale and zero point of a node that quantizes or dequantizes; nil unless there is one of each.
  init?(of node: Node, dtype: DType, in graph: Graph) {
    guard !node.hasOffset, let scales = try? graph.constant(node.inputs[1])?.scalars(as: Float.self), scales.count == 1,
      scales[0].isFinite,
      scales[0] > 0
    else { return nil }
    var zero = 0
    if node.inputs.count > 2, let id = node.inputs[2] {
      guard let zeros = try? graph.constant(id)?.scalars(as: Int32.self), zeros.count == 1 else { return nil }
      zero = Int(zeros[0])
    }
    self.init(scale: scales[0], zeroPoint: zero + (dtype == .int8 ? 128 : 0))
  }
}

/// Constant weights of bytes, with one scale for all or one per result channel.
struct QuantizedWeights {
  /// int8, the zero point taken off.
  let tensor: Tensor
  /// One per result channel.
  let scales: [Float]

  /// - Parameter axis: of the result channels.
  init?(_ id: Value.ID?, axis: Int, in graph: Graph) {
    guard let (op, node) = graph.producer(of: id, as: DequantizeLinear.self), !node.hasOffset,
      let tensor = graph.constant(node.inputs[0]),
      tensor.dtype.isByteInteger, tensor.count > 0, axis < tensor.rank,
      let scale = graph.constant(node.inputs[1]), scale.rank <= 1, let scales = try? scale.scalars(as: Float.self)
    else { return nil }
    let channels = tensor.shape[axis]
    let scaleAxis = op.granularity.axis < 0 ? op.granularity.axis + tensor.rank : op.granularity.axis
    guard scales.count == 1 || (scales.count == channels && scaleAxis == axis && op.granularity.blockSize == 0),
      scales.allSatisfy({ $0.isFinite && $0 > 0 })
    else { return nil }
    var zeros: [Int32] = [0]
    if node.inputs.count > 2, let id = node.inputs[2] {
      guard let constant = try? graph.constant(id)?.scalars(as: Int32.self), constant.count == scales.count || constant.count == 1
      else { return nil }
      zeros = constant
    }
    guard let centered = tensor.centered(on: zeros, axis: axis) else { return nil }
    self.tensor = centered
    self.scales = scales.count == 1 ? [Float](repeating: scales[0], count: channels) : scales
  }
}

extension Tensor {
  /// A tensor of bytes less `zeros`, one for all or one per index of an axis, as int8; nil if a difference does not fit.
  fileprivate func centered(on zeros: [Int32], axis: Int) -> Tensor? {
    if dtype == .int8, zeros.allSatisfy({ $0 == 0 }) { return self }
    let (inner, channels) = (shape[(axis + 1)...].reduce(1, *), shape[axis])
    let isSigned = dtype == .int8
    let values: [Int8]? = withUnsafeBytes { bytes in
      var values: [Int8] = []
      values.reserveCapacity(bytes.count)
      for (i, byte) in bytes.enumerated() {
        let value = isSigned ? Int32(Int8(bitPattern: byte)) : Int32(byte)
        guard let difference = Int8(exactly: value - zeros[zeros.count == 1 ? 0 : i / inner % channels]) else { return nil }
        values.append(difference)
      }
      return values
    }
    return values.flatMap { try? Tensor(shape: shape, scalars: $0) }
  }

  /// A matrix with its axes swapped; nil if it is none, or not of int8.
  func transposedBytes() -> Tensor? {
    guard rank == 2, let values = try? scalars(as: Int8.self), dtype == .int8 else { return nil }
    let (rows, columns) = (shape[0], shape[1])
    var result: [Int8] = []
    result.reserveCapacity(values.count)
    for column in 0..<columns { for row in 0..<rows { result.append(values[row * columns + column]) } }
    return try? Tensor(shape: [columns, rows], scalars: result)
  }
}
