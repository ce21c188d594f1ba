public import MNNGraph

extension Variable {
  /// The element type and shape; sizes of placeholders may be symbols.
  ///
  /// - Throws: ``ExprError``, the one that is kept if the expression failed.
  public var type: TensorType {
    get throws(ExprError) {
      switch source {
      case .tensor(let tensor): tensor.type
      case .placeholder(let placeholder): placeholder.type
      case .failed(let failure): throw failure.error
      case .result(let handle): try handle.type()
      }
    }
  }

  /// The size of each axis, outermost first; -1 where a placeholder leaves it open.
  public var shape: [Int] {
    get throws(ExprError) {
      if case .tensor(let tensor) = source { return tensor.shape }
      return try type.shape.dimensions.map { $0.value ?? -1 }
    }
  }

  public var dtype: DType {
    get throws(ExprError) {
      if case .tensor(let tensor) = source { return tensor.dtype }
      return try type.dtype
    }
  }

  /// The number of axes.
  public var rank: Int {
    get throws(ExprError) {
      if case .tensor(let tensor) = source { return tensor.rank }
      return try type.shape.rank
    }
  }

  /// The number of elements.
  public var count: Int {
    get throws(ExprError) {
      if case .tensor(let tensor) = source { return tensor.count }
      let type = try type
      return try asExprError { () throws(GraphError) in try checkedElementCount(type.shape.concreteSizes()) }
    }
  }

  /// The error that reading would throw for what is known without computing, or nil.
  public var error: ExprError? {
    do throws(ExprError) {
      _ = try type
      return nil
    } catch { return error }
  }
}
