import MNNGraph

/// The sum of two images of bytes: `Add` of what they stand for, quantized. Results of images of one shape.
struct ByteAdd: PrimitiveOperator {
  var a: ByteScale
  var b: ByteScale
  var result: ByteScale
  var range: ClosedRange<Int>

  /// `(byte - zero) * scale`, in steps of the result.
  func steps(_ operand: ByteScale) -> Float { operand.scale / result.scale }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let (x, y) = (try operands.type(0), try operands.type(1))
    guard x == y else { throw GraphError(.shapeMismatch, "images differ in shape", expected: "\(x)", found: "\(y)") }
    return [x]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.scalars(0, as: Float.self)
    let y = try arguments.scalars(1, as: Float.self)
    let sums = zip(x, y).map { left, right in
      let left = (left - Float(a.zeroPoint)) * steps(a)
      let right = (right - Float(b.zeroPoint)) * steps(b)
      return (left + right).byte(result.zeroPoint, range)
    }
    return [try Tensor(shape: try arguments.tensor(0).shape, scalars: sums)]
  }
}

/// The mean of the pixels of an image of bytes, quantized: `[N, H, W, pixel]` to `[N, 1, 1, pixel]`.
struct ByteMean: PrimitiveOperator {
  var x: ByteScale
  var result: ByteScale
  var range: ClosedRange<Int>

  func scale(area: Int) -> Float { x.scale / (result.scale * Float(area)) }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var type = try operands.type(0)
    for axis in [1, 2] where type.shape.rank == 4 { type.shape[axis] = 1 }
    return [type]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try arguments.tensor(0).shape
    let values = try arguments.scalars(0, as: Int32.self).map { Int($0) }
    let area = shape[1] * shape[2]
    let y = (0..<shape[0] * shape[3]).map { i in
      let (n, c) = (i / shape[3], i % shape[3])
      let sum = (0..<area).reduce(0) { $0 + values[(n * area + $1) * shape[3] + c] - x.zeroPoint }
      return (Float(sum) * scale(area: area)).byte(result.zeroPoint, range)
    }
    return [try Tensor(shape: [shape[0], 1, 1, shape[3]], scalars: y)]
  }
}

extension Float {
  /// Rounded, halves to even, the zero point added, kept within bounds.
  fileprivate func byte(_ zeroPoint: Int, _ range: ClosedRange<Int>) -> UInt8 {
    let q = rounded(.toNearestOrEven) + Float(zeroPoint)
    return UInt8(converting: min(max(q, Float(range.lowerBound)), Float(range.upperBound)))
  }
}
