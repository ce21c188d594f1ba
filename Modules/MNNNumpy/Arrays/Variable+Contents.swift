import MNNExpr
import MNNGraph
import MNNKernels

extension Variable {
  /// The elements, computed if need be; an error of the expression is told as one of the graph.
  func contents() throws(GraphError) -> Tensor {
    do throws(ExprError) { return try tensor() } catch {
      if let cause = error.graphError { throw cause }
      throw GraphError(
        error.code == .placeholderUnset ? .inputMissing : .attributeInvalid, error.what, expected: error.expected,
        found: error.found, advice: error.advice)
    }
  }

  /// The elements in another type, by numpy's rules of conversion; numbers written in the source are exact.
  func contents(as dtype: DType) throws(GraphError) -> Tensor {
    if dtype == .float64, let exact {
      return try Tensor(shape: contents().shape, scalars: exact.values)
    }
    return try contents().cast(to: dtype)
  }

  /// The elements; a number that float32 does not hold as float64.
  func exactContents() throws(GraphError) -> Tensor { try exact == nil ? contents() : contents(as: .float64) }

  /// A variable that holds `tensor`, which the caller has just made.
  static func make(_ body: () throws(GraphError) -> Tensor) -> Variable { Variable(body) }

  /// Several variables, which all hold the error if there is one.
  static func make(count: Int, _ body: () throws(GraphError) -> [Tensor]) -> [Variable] {
    do throws(GraphError) {
      _ = try Processor.current
      return try body().map { Variable($0) }
    } catch {
      let failed = Variable(failed: error)
      return [Variable](repeating: failed, count: Swift.max(count, 1))
    }
  }

  /// `body` of the elements.
  @inline(__always)
  func map(_ body: (Tensor) throws(GraphError) -> Tensor) -> Variable {
    Variable { () throws(GraphError) in try body(contents()) }
  }
}

extension np {
  /// Two operands and the type in which they meet; numbers written in the source give way to arrays.
  static func operands(
    _ a: Variable, _ b: Variable, comparing: Bool = false
  ) throws(GraphError) -> (a: Tensor, b: Tensor, dtype: DType) {
    let (x, y) = (try a.contents(), try b.contents())
    if x.dtype == y.dtype { return (x, y, x.dtype) }
    let dtype: DType
    switch (a.isLiteral, b.isLiteral) {
    case (true, false): dtype = try meet(y, literal: x, comparing)
    case (false, true): dtype = try meet(x, literal: y, comparing)
    case (true, true) where x.dtype.isFloatingPoint != y.dtype.isFloatingPoint:
      dtype = x.dtype.isFloatingPoint ? x.dtype : y.dtype
    default: dtype = DType.promoted(x.dtype, y.dtype)
    }
    guard dtype == .float64, a.exact != nil || b.exact != nil else { return (x, y, dtype) }
    return (try a.contents(as: dtype), try b.contents(as: dtype), dtype)
  }

  /// Two factors and the type in which they meet; a number is an array of rank 0 like any other.
  static func factors(_ a: Variable, _ b: Variable) throws(GraphError) -> (a: Tensor, b: Tensor, dtype: DType) {
    let (x, y) = (try a.contents(), try b.contents())
    return (x, y, DType.promoted(x.dtype, y.dtype))
  }

  private static func meet(_ x: Tensor, literal: Tensor, _ comparing: Bool) throws(GraphError) -> DType {
    let dtype = x.dtype.promoted(withLiteral: literal.dtype)
    guard dtype.isInteger, literal.dtype.isInteger else { return dtype }
    let value = try literal.scalars(as: Int64.self)[0]
    let (low, high) = range(dtype)
    if value >= low, value <= high || dtype == .uint64 { return dtype }
    if comparing { return DType.promoted(dtype, .int64) }
    throw GraphError(
      .attributeInvalid, "a number does not fit the array's type", expected: "\(dtype)", found: "\(value)",
      advice: "convert the array with astype")
  }

  /// The least and the greatest number of an integer type, as far as int64 holds them.
  static func range(_ dtype: DType) -> (low: Int64, high: Int64) {
    switch dtype {
    case .int8: (-128, 127)
    case .uint8: (0, 255)
    case .int16: (-32768, 32767)
    case .uint16: (0, 65535)
    case .int32: (Int64(Int32.min), Int64(Int32.max))
    case .uint32: (0, Int64(UInt32.max))
    case .uint64: (0, .max)
    default: (.min, .max)
    }
  }

  /// The arrays in the type in which all meet.
  static func common(_ arrays: [Variable], dtype: DType? = nil) throws(GraphError) -> [Tensor] {
    for array in arrays { _ = try array.contents() }
    let target: DType
    if let dtype {
      target = dtype
    } else {
      do throws(ExprError) { target = try Variable.commonType(arrays) } catch {
        throw error.graphError ?? GraphError(.attributeInvalid, error.what)
      }
    }
    var result: [Tensor] = []
    for array in arrays { result.append(try array.contents(as: target)) }
    return result
  }
}
