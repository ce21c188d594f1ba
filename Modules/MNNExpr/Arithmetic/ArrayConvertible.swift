public import Foundation
public import MNNGraph

/// What can stand where an array is expected: a ``Variable``, a number or a truth value of Swift, and lists of them, nested as
/// deeply as the array has axes.
///
/// A list has the type of its elements: `[Int]` gives int64, `[Double]` float64, `[Float]` float32. A single number gives way to
/// the type of an array beside it.
public protocol ArrayConvertible {
  /// The same numbers as an array.
  var asVariable: Variable { get }

  /// The elements along a new first axis; the variable holds an error if their shapes differ.
  static func variable(of elements: [Self]) -> Variable
}

extension ArrayConvertible {
  public static func variable(of elements: [Self]) -> Variable { Variable.stacked(elements.map(\.asVariable)) }
}

extension Variable: ArrayConvertible {
  public var asVariable: Variable { self }
}

extension Array: ArrayConvertible where Element: ArrayConvertible {
  public var asVariable: Variable { Element.variable(of: self) }

  public static func variable(of rows: [[Element]]) -> Variable {
    guard let first = rows.first else { return Element.variable(of: []) }
    for row in rows where row.count != first.count {
      return Variable(
        failed: ExprError(
          .valuesDoNotFit, "the rows of an array differ in length", expected: "\(first.count)", found: "\(row.count)"))
    }
    let flat = Element.variable(of: Array(rows.joined()))
    do throws(ExprError) {
      let shape = [rows.count, first.count] + (first.isEmpty ? [] : try flat.shape.dropFirst())
      guard let tensor = flat.knownTensor else { return expr.reshape(flat, shape) }
      return Variable { () throws(GraphError) in try tensor.reshaped(shape) }
    } catch { return Variable(failed: error) }
  }
}

extension ArraySlice: ArrayConvertible where Element: ArrayConvertible {
  public var asVariable: Variable { Element.variable(of: Array(self)) }
}

extension ContiguousArray: ArrayConvertible where Element: ArrayConvertible {
  public var asVariable: Variable { Element.variable(of: Array(self)) }
}

/// A number that can stand beside an array in arithmetic; its type gives way to the array's.
public protocol VariableLiteral: ArrayConvertible {
  /// The number, if a `Double` holds it, and whether it is written as a whole one.
  var number: (value: Double, isInteger: Bool)? { get }
}

extension VariableLiteral where Self: TensorScalar {
  public var asVariable: Variable {
    var result = Variable(scalar: self)
    result.isLiteral = true
    return result
  }

  public static func variable(of elements: [Self]) -> Variable { Variable(elements) }

  public var number: (value: Double, isInteger: Bool)? {
    if Self.dtype == .bool { return nil }
    guard Self.dtype.isInteger else { return (asDouble, false) }
    return Int32(exactly: asInt64).map { (Double($0), true) }
  }
}

extension Bool: VariableLiteral {}
extension Float: VariableLiteral {}
extension Double: VariableLiteral {}
extension Half: VariableLiteral {}
extension BFloat16: VariableLiteral {}
extension Int8: VariableLiteral {}
extension UInt8: VariableLiteral {}
extension Int16: VariableLiteral {}
extension UInt16: VariableLiteral {}
extension Int32: VariableLiteral {}
extension UInt32: VariableLiteral {}
extension Int64: VariableLiteral {}
extension UInt64: VariableLiteral {}

/// As int64.
extension Int: VariableLiteral {
  public var asVariable: Variable { Int64(self).asVariable }
  public var number: (value: Double, isInteger: Bool)? { Int64(self).number }
  public static func variable(of elements: [Int]) -> Variable { Variable(elements.map { Int64($0) }) }
}

/// As uint64.
extension UInt: VariableLiteral {
  public var asVariable: Variable { wide.asVariable }
  public var number: (value: Double, isInteger: Bool)? { wide.number }
  public static func variable(of elements: [UInt]) -> Variable { Variable(elements.map(\.wide)) }

  private var wide: UInt64 { UInt64(truncatingIfNeeded: self) }
}

extension CGFloat: VariableLiteral {
  public var asVariable: Variable { Double(self).asVariable }
  public var number: (value: Double, isInteger: Bool)? { (Double(self), false) }
  public static func variable(of elements: [CGFloat]) -> Variable { Variable(elements.map { Double($0) }) }
}
