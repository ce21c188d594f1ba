import CKernels
import MNNGraph

/// A convolution of an image of bytes with weights of bytes, in exact sums: an image of bytes, or floats `[N, H, W, C]`.
///
/// - Inputs: the image; `weight`, int8, as of `Convolution`, zero point 0; `bias`, int32, of the sums; their `scale` and a `shift`,
///   float32, in steps of a result of bytes: one of each per result channel. All but the image are constants.
struct ByteConvolution: PrimitiveOperator {
  enum Result: Hashable, Sendable {
    /// `clamp(round((sum + bias) * scale + shift) + zeroPoint)`.
    case bytes(zeroPoint: Int, range: ClosedRange<Int>)
    /// `clamp((sum + bias) * scale + shift)`.
    case floats(least: Float, most: Float)
  }

  /// Window, groups and padding; its own activation is not used.
  var convolution: Convolution
  /// Channels and rank of the plain tensor that the image holds.
  var channels: Int
  var rank: Int
  /// Of the image.
  var zeroPoint: Int
  var result: Result

  var isDepthwise: Bool { convolution.groups > 1 }

  /// Pixels alone are images of one line.
  private func plain(_ image: Shape) throws(GraphError) -> Shape {
    try ByteImage.plain(image, channels: channels, rank: max(rank, 3))
  }

  private func plainResult(_ operands: Operands) throws(GraphError) -> Shape {
    let x = TensorType(.int8, try plain(operands.shape(0)))
    return try convolution.resultTypes(for: Operands([Operand(x), try operands.required(1)]))[0].shape
  }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let shape = try plainResult(operands)
    var image = try ByteImage.shape(of: shape)
    guard case .floats = result else { return [TensorType(.uint8, image)] }
    image[3] = shape[1]
    return [TensorType(.float32, image)]
  }

  /// The sizes that the C drivers take.
  func geometry(_ operands: Operands) throws(GraphError) -> ck_conv2d_shape {
    try ck_conv2d_shape(
      convolution, x: plain(operands.shape(0)).concreteSizes(), weight: operands.shape(1).concreteSizes(),
      result: plainResult(operands).concreteSizes())
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let bytes = try FromByteImage(channels: channels, rank: max(rank, 3), isSigned: false).evaluate(
      Arguments([arguments.tensor(0)]))[0]
    let x = try Tensor(
      shape: bytes.shape, scalars: bytes.scalars(as: Int32.self).map { $0 - Int32(truncatingIfNeeded: zeroPoint) })
    var plain = convolution
    plain.activation = .identity
    let sums = try plain.evaluate(Arguments([x, try arguments.tensor(1).converted(to: .int32)]))[0]
    let bias = try arguments.scalars(2, as: Int32.self)
    let scale = try arguments.scalars(3, as: Float.self)
    let shift = try arguments.scalars(4, as: Float.self)
    let area = sums.shape.dropFirst(2).reduce(1, *)
    let values = try sums.scalars(as: Int32.self).enumerated().map { i, sum in
      let channel = i / area % sums.shape[1]
      return shift[channel].addingProduct(Float(sum &+ bias[channel]), scale[channel])
    }
    switch result {
    case .bytes(let zero, let range):
      let y = values.map { value in
        let q = Double(value.rounded(.toNearestOrEven)) + Double(zero)
        return UInt8(converting: min(max(q, Double(range.lowerBound)), Double(range.upperBound)))
      }
      return try ToByteImage().evaluate(Arguments([try Tensor(shape: sums.shape, scalars: y)]))
    case .floats(let least, let most):
      let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
      var y = [Float](repeating: 0, count: sums.count)
      ByteImage.forEach(plain: sums.shape, image: shape) { y[$1] = min(max(values[$0], least), most) }
      return [try Tensor(shape: shape, scalars: y)]
    }
  }
}
