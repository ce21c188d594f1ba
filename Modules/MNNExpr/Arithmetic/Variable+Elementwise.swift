public import MNNGraph
import MNNKernels

/// Arrays of at most so many elements are computed at once, even by a lazy executor: planning would cost more.
let directLimit = 1 << 15

extension Variable {
  /// The kernels for small tensors, if the arrays are small or the executor is eager.
  @inline(__always)
  static func directKernels(count: Int) -> DirectKernels? {
    let executor = Executor.current
    guard count <= directLimit || executor.mode == .eager else { return nil }
    return executor.direct
  }

  /// The elements, if they are there already.
  @inline(__always)
  package var knownTensor: Tensor? {
    switch source {
    case .tensor(let tensor): return tensor
    case .result(let handle):
      if case .computed(let tensors) = handle.node.current { return tensors[handle.index] }
      return nil
    case .placeholder, .failed: return nil
    }
  }

  /// A function of every element; types stay as they are.
  package static func unary(_ function: ScalarFunction, _ x: Variable) -> Variable {
    if let tensor = x.knownTensor, let direct = directKernels(count: tensor.count) {
      do throws(GraphError) {
        if let result = try direct.unary(function, tensor) { return Variable(result, format: x.format) }
      } catch { return Variable(failed: error) }
    }
    return apply(Unary(function), [x])
  }

  /// A function of every element that is computed in floating point.
  package static func floatUnary(_ function: ScalarFunction, _ x: Variable) -> Variable {
    do throws(ExprError) {
      let dtype = try x.dtype
      return unary(function, dtype.isFloatingPoint ? x : x.cast(to: dtype.promotedToFloat))
    } catch { return Variable(failed: error) }
  }

  /// A function of two arrays that broadcast to each other, in the type in which they meet.
  package static func binary(_ function: Binary.Function, _ a: Variable, _ b: Variable) -> Variable {
    if let result = LiteralNumber.combined(function, a, b) { return result }
    if let x = a.knownTensor, let y = b.knownTensor, x.dtype == y.dtype, x.dtype != .bool,
      let direct = directKernels(count: broadcastBound(x, y))
    {
      do throws(GraphError) {
        if let z = try direct.binary(function, x, y) { return Variable(z, format: commonFormat(a, b)) }
      } catch { return Variable(failed: error) }
    }
    do throws(ExprError) {
      var (x, y) = try promoted(a, b)
      var function = function
      if try x.dtype == .bool { (function, x, y) = try ofBools(function, x, y) }
      if let p = x.knownTensor, let q = y.knownTensor, let direct = directKernels(count: broadcastBound(p, q)) {
        let z = try asExprError { () throws(GraphError) in try direct.binary(function, p, q) }
        if let z { return Variable(z, format: commonFormat(a, b)) }
      }
      var result = apply(Binary(function), [x, y])
      result.format = commonFormat(a, b)
      return result
    } catch { return Variable(failed: error) }
  }

  /// A function of an array and a number written in the source.
  ///
  /// - Parameter otherwise: what is done where no kernel takes the number as it is; ``binary(_:_:_:)`` if nil.
  static func binary(
    _ function: Binary.Function, _ x: Variable, literal: some VariableLiteral, literalIsFirst: Bool = false,
    otherwise: ((Variable, Variable) -> Variable)? = nil
  ) -> Variable {
    if !x.isLiteral, case .tensor(let tensor) = x.source, let direct = directKernels(count: tensor.count),
      let (value, isInteger) = literal.number, isInteger || tensor.dtype == .float32
    {
      do throws(GraphError) {
        if let result = try direct.binary(function, tensor, number: value, numberIsFirst: literalIsFirst) {
          return Variable(result, format: x.format)
        }
      } catch { return Variable(failed: error) }
    }
    let (a, b) = literalIsFirst ? (literal.asVariable, x) : (x, literal.asVariable)
    return otherwise?(a, b) ?? binary(function, a, b)
  }

  /// Arithmetic of bools as numpy has it: a sum is "or", a product is "and", a difference is refused.
  private static func ofBools(
    _ function: Binary.Function, _ a: Variable, _ b: Variable
  ) throws(ExprError) -> (Binary.Function, Variable, Variable) {
    switch function {
    case .add, .maximum, .bitwiseOr, .or: return (.or, a, b)
    case .multiply, .minimum, .bitwiseAnd, .and: return (.and, a, b)
    case .bitwiseXor, .xor: return (.xor, a, b)
    case .subtract:
      throw ExprError(
        .argumentInvalid, "bools cannot be subtracted", advice: "use ^, or convert them to integers")
    default: return (function, a.cast(to: .int8), b.cast(to: .int8))
    }
  }

  /// A comparison of two arrays that broadcast to each other, in the type in which they meet.
  package static func compare(_ function: Comparison.Function, _ a: Variable, _ b: Variable) -> Variable {
    do throws(ExprError) {
      let (x, y) = try promoted(a, b)
      if let p = x.knownTensor, let q = y.knownTensor, let direct = directKernels(count: broadcastBound(p, q)) {
        let z = try asExprError { () throws(GraphError) in try direct.compare(function, p, q) }
        if let z { return Variable(z, format: commonFormat(a, b)) }
      }
      var result = apply(Comparison(function), [x, y])
      result.format = commonFormat(a, b)
      return result
    } catch { return Variable(failed: error) }
  }

  /// No less than the number of elements to which two tensors broadcast, if they do; small if they do not.
  @inline(__always)
  private static func broadcastBound(_ a: Tensor, _ b: Tensor) -> Int {
    if a.count == 1 || a.shape == b.shape { return b.count }
    if b.count == 1 { return a.count }
    let (product, overflow) = a.count.multipliedReportingOverflow(by: b.count)
    return overflow ? .max : product
  }

  /// The format of the operand with more axes, of the first if they have equally many.
  private static func commonFormat(_ a: Variable, _ b: Variable) -> DataFormat {
    if a.format == b.format { return a.format }
    let (x, y) = ((try? a.rank) ?? 0, (try? b.rank) ?? 0)
    return y > x ? b.format : a.format
  }

  /// The same numbers in another type: truncating towards zero to integers, `x != 0` to bool.
  public func cast(to dtype: DType) -> Variable {
    if let tensor = knownTensor {
      if tensor.dtype == dtype { return self }
      if dtype == .float64, let exact { return Variable(exact.values, shape: tensor.shape, format: format) }
      if let direct = Variable.directKernels(count: tensor.count) {
        return Variable(format: format) { () throws(GraphError) in try direct.cast(tensor, to: dtype) }
      }
    } else if let own = try? self.dtype, own == dtype {
      return self
    }
    return Variable.apply(Cast(to: dtype), [self])
  }
}

extension Variable {
  /// The contents in another type; numbers written in the source are as exact as the type allows.
  package func tensor(as dtype: DType) throws(ExprError) -> Tensor { try cast(to: dtype).tensor() }
}
