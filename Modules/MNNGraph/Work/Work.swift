/// What a computation takes: elementary operations, and bytes of results and of tables on the way.
///
/// Counts stop at `Int.max` instead of overflowing: more than anything that is allowed.
public struct Work: Hashable, Sendable {
  public var operations: Int
  public var bytes: Int

  public init(operations: Int = 0, bytes: Int = 0) {
    self.operations = max(operations, 0)
    self.bytes = max(bytes, 0)
  }

  public static func + (a: Work, b: Work) -> Work {
    Work(operations: a.operations.saturatingAdd(b.operations), bytes: a.bytes.saturatingAdd(b.bytes))
  }

  public static func += (a: inout Work, b: Work) { a = a + b }
}

extension Int {
  /// `self + other` for numbers of at least 0, at most `Int.max`.
  package func saturatingAdd(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// `self * other` for numbers of at least 0, at most `Int.max`.
  package func saturatingMultiply(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

extension Sequence<Int> {
  /// The product of sizes of at least 0, at most `Int.max`.
  package var saturatingProduct: Int { reduce(1) { $0.saturatingMultiply(Swift.max($1, 0)) } }
}

extension TensorType {
  /// The number of elements, at most `Int.max`; a size that is not known counts as 1.
  package var elementCount: Int { shape.dimensions.lazy.map { $0.value ?? 1 }.saturatingProduct }
}

extension Operands {
  /// The number of elements of an input, 0 if it is absent.
  package func elementCount(_ index: Int) -> Int { self[optional: index].map(\.type.elementCount) ?? 0 }

  /// The product of an input's sizes from an axis on; a size that is not known counts as 1.
  package func elementCount(_ index: Int, from axis: Int) -> Int {
    (self[optional: index]?.type.shape.dimensions.dropFirst(axis) ?? []).lazy.map { $0.value ?? 1 }.saturatingProduct
  }

  /// A size of an input, 1 if it is not known.
  package func size(_ index: Int, axis: Int) -> Int {
    guard let shape = self[optional: index]?.type.shape, axis < shape.rank, axis >= -shape.rank else { return 1 }
    return max(shape[axis < 0 ? axis + shape.rank : axis].value ?? 1, 0)
  }
}

extension Work {
  /// What a plain reference takes that goes over inputs and results in double precision: arrays of both, and per element of the
  /// results `operations`.
  package static func elements(_ operands: Operands, _ results: [TensorType], operations: Int = 4) -> Work {
    let given = operands.list.indices.reduce(0) { $0.saturatingAdd(operands.elementCount($1)) }
    let made = results.reduce(0) { $0.saturatingAdd($1.elementCount) }
    return Work(
      operations: given.saturatingAdd(made.saturatingMultiply(operations)),
      bytes: given.saturatingMultiply(8).saturatingAdd(made.saturatingMultiply(32)))
  }

  /// The same, and `each` operations for every element of the first result.
  package static func sums(_ operands: Operands, _ results: [TensorType], each: Int) -> Work {
    var work = elements(operands, results)
    work.operations = work.operations.saturatingAdd((results.first?.elementCount ?? 0).saturatingMultiply(each))
    return work
  }
}

extension Operator {
  public func work(for operands: Operands, results: [TensorType]) -> Work {
    guard self is any LayoutOperator else { return .elements(operands, results) }
    // Copies element by element; what is not copied costs nothing.
    return results.reduce(Work()) {
      $0 + Work(operations: $1.elementCount, bytes: $1.elementCount.saturatingMultiply($1.dtype.byteCount))
    }
  }
}
