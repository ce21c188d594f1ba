#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A function of two numbers, with numpy's broadcasting.
///
/// - Inputs: `a`, `b` of one type, shapes that broadcast. Result: that type, the broadcast shape.
/// - Integer division by zero gives 0 and never traps; sums and products of integers wrap.
/// - SeeAlso: the ONNX operators of the same names; `.mnn` operator BinaryOp.
public struct Binary: PrimitiveOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable {
    /// Division of integers truncates towards zero.
    case add, subtract, multiply, divide, power, minimum, maximum
    /// Division rounded down.
    case floorDivide
    /// Remainder with the divisor's sign.
    case modulo
    /// Remainder with the dividend's sign, as C's `fmod`.
    case remainder
    case squaredDifference, atan2
    case and, or, xor, bitwiseAnd, bitwiseOr, bitwiseXor, shiftLeft, shiftRight
  }

  public var function: Function
  /// Applied to the result.
  public var activation: ScalarFunction

  public init(_ function: Function, activation: ScalarFunction = .identity) {
    self.function = function
    self.activation = activation
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = try operands.type(0)
    let b = try operands.type(1)
    guard a.dtype == b.dtype || function == .power else {
      throw GraphError(
        .dtypeUnsupported, "operands of \(function.rawValue) differ in type", expected: "\(a.dtype)", found: "\(b.dtype)")
    }
    return [TensorType(a.dtype, try broadcastShape(a.shape, b.shape))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let a = try arguments.tensor(0)
    let b = try arguments.tensor(1)
    let x = try broadcastIndices(from: a.shape, to: shape)
    let y = try broadcastIndices(from: b.shape, to: shape)
    if type.dtype.isFloatingPoint {
      let p = try a.scalars(as: Double.self)
      let q = try b.scalars(as: Double.self)
      let result = zip(x, y).map { activation(callAsFunction(p[$0], q[$1])) }
      return [try Tensor(shape: shape, scalars: result).converted(to: type.dtype)]
    }
    if type.dtype == .uint64, b.dtype == .uint64, activation == .identity {
      let p = try a.scalars(as: UInt64.self)
      let q = try b.scalars(as: UInt64.self)
      return [try Tensor(shape: shape, scalars: zip(x, y).map { callAsFunction(p[$0], q[$1]) })]
    }
    let p = try a.scalars(as: Int64.self)
    let q = try b.scalars(as: Int64.self)
    let result = zip(x, y).map { callAsFunction(p[$0], q[$1]) }
    let wide = try Tensor(
      shape: shape, scalars: activation == .identity ? result : result.map { Int64(converting: activation(Double($0))) })
    return [try type.dtype == .bool ? wide.converted(to: .bool) : wide.wrapped(to: type.dtype)]
  }

  /// The function in double precision.
  public func callAsFunction(_ a: Double, _ b: Double) -> Double {
    switch function {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .power: return pow(a, b)
    case .minimum: return a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    case .maximum: return a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    case .floorDivide: return (a / b).rounded(.down)
    case .modulo:
      let r = fmod(a, b)
      return r != 0 && (r < 0) != (b < 0) ? r + b : r
    case .remainder: return fmod(a, b)
    case .squaredDifference: return (a - b) * (a - b)
    case .atan2: return atan2(a, b)
    case .and: return a != 0 && b != 0 ? 1 : 0
    case .or: return a != 0 || b != 0 ? 1 : 0
    case .xor: return (a != 0) != (b != 0) ? 1 : 0
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor, .shiftLeft, .shiftRight:
      return Double(callAsFunction(Int64(converting: a), Int64(converting: b)))
    }
  }

  /// The function on integers.
  public func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 {
    switch function {
    case .add: return a &+ b
    case .subtract: return a &- b
    case .multiply: return a &* b
    case .divide: return b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
    case .power: return Int64(converting: pow(Double(a), Double(b)))
    case .minimum: return Swift.min(a, b)
    case .maximum: return Swift.max(a, b)
    case .floorDivide:
      if b == 0 { return 0 }
      let q = a.dividedReportingOverflow(by: b).partialValue
      return q &* b != a && (a < 0) != (b < 0) ? q - 1 : q
    case .modulo:
      if b == 0 || b == -1 { return 0 }
      let r = a % b
      return r != 0 && (r < 0) != (b < 0) ? r + b : r
    case .remainder: return b == 0 || b == -1 ? 0 : a % b
    case .squaredDifference: return (a &- b) &* (a &- b)
    case .atan2: return Int64(converting: atan2(Double(a), Double(b)))
    case .and: return a != 0 && b != 0 ? 1 : 0
    case .or: return a != 0 || b != 0 ? 1 : 0
    case .xor: return (a != 0) != (b != 0) ? 1 : 0
    case .bitwiseAnd: return a & b
    case .bitwiseOr: return a | b
    case .bitwiseXor: return a ^ b
    // A count below 0 or above the width shifts everything out.
    case .shiftLeft: return b < 0 || b > 63 ? 0 : a << b
    case .shiftRight: return a >> (b < 0 ? 63 : Swift.min(b, 63))
    }
  }
}

extension Binary {
  /// The function on integers without a sign.
  public func callAsFunction(_ a: UInt64, _ b: UInt64) -> UInt64 {
    switch function {
    case .minimum: return Swift.min(a, b)
    case .maximum: return Swift.max(a, b)
    case .divide, .floorDivide: return b == 0 ? 0 : a / b
    case .modulo, .remainder: return b == 0 ? 0 : a % b
    case .power: return UInt64(converting: pow(Double(a), Double(b)))
    case .atan2: return UInt64(converting: atan2(Double(a), Double(b)))
    case .shiftLeft: return b > 63 ? 0 : a << b
    case .shiftRight: return b > 63 ? 0 : a >> b
    // The bits of the others do not depend on the sign.
    case .add, .subtract, .multiply, .squaredDifference, .and, .or, .xor, .bitwiseAnd, .bitwiseOr, .bitwiseXor:
      return UInt64(bitPattern: callAsFunction(Int64(bitPattern: a), Int64(bitPattern: b)))
    }
  }
}

/// For each element of the result, in order, the index of the element of a tensor of shape `sizes` that broadcasts to it.
package func broadcastIndices(from sizes: [Int], to shape: [Int]) throws(GraphError) -> [Int] {
  let count = try checkedElementCount(shape)
  let own = rowMajorStrides(sizes)
  let lead = shape.count - sizes.count
  let strides = shape.indices.map { $0 < lead || sizes[$0 - lead] == 1 ? 0 : own[$0 - lead] }
  var result = [Int](repeating: 0, count: count)
  guard count > 0 else { return result }
  var index = [Int](repeating: 0, count: shape.count)
  var position = 0
  for i in 0..<count {
    result[i] = position
    var axis = shape.count - 1
    while axis >= 0 {
      index[axis] += 1
      position += strides[axis]
      if index[axis] < shape[axis] { break }
      position -= strides[axis] * shape[axis]
      index[axis] = 0
      axis -= 1
    }
  }
  return result
}

extension Tensor {
  /// Integers cut down to the low bits of `dtype`, as arithmetic in that type gives.
  package func wrapped(to dtype: DType) throws(GraphError) -> Tensor {
    let wide = try scalars(as: Int64.self)
    switch dtype {
    case .int8: return try Tensor(shape: shape, scalars: wide.map { Int8(truncatingIfNeeded: $0) })
    case .uint8: return try Tensor(shape: shape, scalars: wide.map { UInt8(truncatingIfNeeded: $0) })
    case .int16: return try Tensor(shape: shape, scalars: wide.map { Int16(truncatingIfNeeded: $0) })
    case .uint16: return try Tensor(shape: shape, scalars: wide.map { UInt16(truncatingIfNeeded: $0) })
    case .int32: return try Tensor(shape: shape, scalars: wide.map { Int32(truncatingIfNeeded: $0) })
    case .uint32: return try Tensor(shape: shape, scalars: wide.map { UInt32(truncatingIfNeeded: $0) })
    case .uint64: return try Tensor(shape: shape, scalars: wide.map { UInt64(bitPattern: $0) })
    default: return try converted(to: dtype)
    }
  }
}
