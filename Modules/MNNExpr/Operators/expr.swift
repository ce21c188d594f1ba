import MNNGraph

/// The functions on variables, under MNN's names in lowerCamelCase: `expr.reduceSum(x, axes: [0])`.
///
/// None of them throws: what does not fit is kept in the result and thrown when it is read. Functions on images take any format and
/// give ``DataFormat/NC4HW4``, whose shape is that of `NCHW`.
// swift-format-ignore: TypeNamesShouldBeCapitalized
public enum expr {}

extension Variable {
  /// What `body` makes, or the error it throws, kept.
  @inline(__always)
  package static func attempt(_ body: () throws(ExprError) -> Variable) -> Variable {
    do throws(ExprError) { return try body() } catch { return Variable(failed: error) }
  }

  /// As ``attempt(_:)`` for several results, of which there are `count`.
  package static func attempt(count: Int, _ body: () throws(ExprError) -> [Variable]) -> [Variable] {
    do throws(ExprError) { return try body() } catch {
      let failed = Variable(failed: error)
      return [Variable](repeating: failed, count: Swift.max(1, count))
    }
  }

  /// A vector of int64 that says how an operator works: axes, sizes.
  package static func integers(_ values: [Int]) -> Variable { Variable(values.map { Int64($0) }) }

  /// A number in the type of this variable.
  package func constant(_ value: Double) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let dtype = try dtype
      return Variable { () throws(GraphError) in try Tensor(value).converted(to: dtype) }
    }
  }

  /// The contents as integers, computed now: for operands on which a shape depends.
  package func knownIntegers() throws(ExprError) -> [Int] { try scalars(as: Int64.self).map { Int($0) } }
}
