import MNNGraph

/// Quantized images: `[N, C, H, W]` of int8 or uint8 as uint8 `[N, H, W, pixel]`, so that the bytes of a pixel lie side by side.
/// int8 values have 128 added. Bytes of a pixel past `C` hold anything.
///
/// Tensors of rank 3, `[N, C, W]`, are images of height 1, those of rank 2 single pixels.
enum ByteImage {
  /// Bytes of a pixel: four, or whole vectors of sixteen.
  static func pixel(channels: Int) -> Int { channels <= 4 ? 4 : (channels + 15) / 16 * 16 }

  static func canHold(rank: Int) -> Bool { (2...4).contains(rank) }

  /// The image's shape for a tensor `[N, C, …]`.
  static func shape(of plain: Shape) throws(GraphError) -> Shape {
    guard canHold(rank: plain.rank), let channels = plain[1].value else {
      throw GraphError(.rankMismatch, "only images of known channels can be held as bytes", found: "\(plain)")
    }
    let area = Array(plain.dimensions.dropFirst(2))
    return Shape([plain[0]] + [Dimension](repeating: 1, count: 2 - area.count) + area + [Dimension(pixel(channels: channels))])
  }

  /// The tensor's shape for an image.
  static func plain(_ image: Shape, channels: Int, rank: Int) throws(GraphError) -> Shape {
    guard image.rank == 4, canHold(rank: rank) else {
      throw GraphError(.rankMismatch, "not an image of bytes", expected: "rank 4", found: "\(image)")
    }
    return Shape([image[0], Dimension(channels)] + [image[1], image[2]].suffix(rank - 2))
  }

  /// Calls `body` with the place in a plain tensor and in its image of every element.
  static func forEach(plain: [Int], image: [Int], _ body: (_ plain: Int, _ image: Int) -> Void) {
    let area = image[1] * image[2]
    for n in 0..<plain[0] {
      for c in 0..<plain[1] {
        for p in 0..<area { body((n * plain[1] + c) * area + p, (n * area + p) * image[3] + c) }
      }
    }
  }
}

/// How bytes stand for numbers: `(byte - zeroPoint) * scale`, the byte unsigned.
struct ByteScale: Hashable, Sendable {
  var scale: Float
  /// 0 to 255: 128 more than that of an int8 tensor.
  var zeroPoint: Int
}

/// A plain tensor of bytes to an image.
struct ToByteImage: PrimitiveOperator {
  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(.uint8, try ByteImage.shape(of: operands.shape(0)))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let offset: Int32 = x.dtype == .int8 ? 128 : 0
    let values = try x.scalars(as: Int32.self)
    let y = try Tensor.zeros(.uint8, shape)
    let target = y.unsafeMutable(as: UInt8.self)
    ByteImage.forEach(plain: x.shape, image: shape) { target[$1] = UInt8(truncatingIfNeeded: values[$0] + offset) }
    return [y]
  }
}

/// An image to a plain tensor of int8 or uint8.
struct FromByteImage: PrimitiveOperator {
  var channels: Int
  var rank: Int
  var isSigned: Bool

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(isSigned ? .int8 : .uint8, try ByteImage.plain(operands.shape(0), channels: channels, rank: rank))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let values = try x.scalars(as: Int32.self)
    var result = [Int32](repeating: 0, count: shape.reduce(1, *))
    ByteImage.forEach(plain: shape, image: x.shape) { result[$0] = values[$1] - (isSigned ? 128 : 0) }
    return [try Tensor(shape: shape, scalars: result).converted(to: type.dtype)]
  }
}

/// A plain tensor of float32 to an image: `QuantizeLinear` with one scale, then ``ToByteImage``.
struct QuantizeImage: PrimitiveOperator {
  var quantization: ByteScale
  /// Of the unsigned bytes.
  var range: ClosedRange<Int>

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(.uint8, try ByteImage.shape(of: operands.shape(0)))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let bytes = try QuantizeLinear(range: range).evaluate(
      Arguments([
        try arguments.tensor(0), try Tensor(quantization.scale), try Tensor(UInt8(truncatingIfNeeded: quantization.zeroPoint)),
      ]))
    return try ToByteImage().evaluate(Arguments([bytes[0]]))
  }
}

/// An image to a plain tensor of float32.
struct DequantizeImage: PrimitiveOperator {
  var quantization: ByteScale
  var channels: Int
  var rank: Int

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(.float32, try ByteImage.plain(operands.shape(0), channels: channels, rank: rank))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let bytes = try FromByteImage(channels: channels, rank: rank, isSigned: false).evaluate(arguments)
    return try DequantizeLinear().evaluate(
      Arguments([bytes[0], try Tensor(quantization.scale), try Tensor(UInt8(truncatingIfNeeded: quantization.zeroPoint))]))
  }
}
