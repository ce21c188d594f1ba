public import Foundation
public import MNNGraph

extension Variable {
  /// The contents, computed now if they are not yet.
  ///
  /// - Throws: ``ExprError``: what failed while the expression was written or computed, or
  ///   ``ExprError/Code/placeholderUnset``.
  public func tensor() throws(ExprError) -> Tensor {
    switch source {
    case .tensor(let tensor): return tensor
    case .failed(let failure): throw failure.error
    case .placeholder:
      throw ExprError(
        .placeholderUnset, "the placeholder \"\(name ?? "")\" has no contents",
        advice: "write to it, or make a Function of the expression")
    case .result(let handle): return try Evaluation.tensor(of: handle)
    }
  }

  /// The elements in row-major order, converted to `T` if they are of another type (truncating, saturating).
  public func scalars<T: TensorScalar>(as type: T.Type = T.self) throws(ExprError) -> [T] {
    let tensor = try tensor()
    return try asExprError { () throws(GraphError) in try tensor.scalars(as: T.self) }
  }

  /// The only element.
  ///
  /// - Throws: ``ExprError/Code/notOneElement``.
  public func item<T: TensorScalar>(as type: T.Type = T.self) throws(ExprError) -> T {
    let scalars = try scalars(as: T.self)
    guard let first = scalars.first, scalars.count == 1 else {
      throw ExprError(.notOneElement, "one number was asked of an array", expected: "1 element", found: "\(scalars.count)")
    }
    return first
  }

  /// The element at a position in row-major order; negative ones count from the end.
  public func item<T: TensorScalar>(_ index: Int, as type: T.Type = T.self) throws(ExprError) -> T {
    let tensor = try tensor()
    return try asExprError { () throws(GraphError) in
      let position = try normalizedIndex(Int64(index), count: tensor.count)
      let width = tensor.dtype.byteCount
      let one = try Tensor(
        dtype: tensor.dtype, shape: [], storage: tensor.storage, byteOffset: tensor.byteOffset + position * width)
      return try one.scalars(as: T.self)[0]
    }
  }

  /// The row-major bytes of the elements.
  public func data() throws(ExprError) -> Data { try tensor().withUnsafeBytes { Data($0) } }

  /// Computes the contents now, so that later reading is free. The variable then holds them without the expression.
  public mutating func compute() throws(ExprError) { source = .tensor(try tensor()) }
}

/// Swift's own integers, which tensors do not have.
extension Variable {
  /// The elements in row-major order as `Int`: truncated towards zero, saturated, NaN 0.
  public func scalars(as type: Int.Type) throws(ExprError) -> [Int] { try scalars(as: Int64.self).map { Int(clamping: $0) } }

  /// The only element as `Int`.
  ///
  /// - Throws: ``ExprError/Code/notOneElement``.
  public func item(as type: Int.Type) throws(ExprError) -> Int { Int(clamping: try item(as: Int64.self)) }

  /// The element at a position in row-major order as `Int`; negative positions count from the end.
  public func item(_ index: Int, as type: Int.Type) throws(ExprError) -> Int { Int(clamping: try item(index, as: Int64.self)) }
}
