public import MNNGraph

extension Variable {
  /// Takes the elements to be in another format without moving them; for packed formats see ``convert(to:)``.
  public mutating func setOrder(_ format: DataFormat) { self.format = format }

  /// Replaces the contents, converted to the variable's type.
  ///
  /// - Throws: ``ExprError/Code/valuesDoNotFit`` if the number of elements is another.
  public mutating func write<T: TensorScalar>(_ scalars: [T]) throws(ExprError) {
    let type = try type
    let tensor = try asExprError { () throws(GraphError) in
      let shape = type.shape.sizes ?? [scalars.count]
      guard try checkedElementCount(shape) == scalars.count else { return nil as Tensor? }
      return try Tensor(shape: shape, scalars: scalars).converted(to: type.dtype)
    }
    guard let tensor else {
      throw ExprError(.valuesDoNotFit, "the elements do not fill the variable", expected: "\(type)", found: "\(scalars.count)")
    }
    source = .tensor(tensor)
  }

  /// As ``write(_:)-([T])`` of Swift's integers.
  public mutating func write(_ scalars: [Int]) throws(ExprError) { try write(scalars.map { Int64($0) }) }

  /// Replaces the contents, of the variable's type and of a shape that its own allows.
  public mutating func write(_ tensor: Tensor) throws(ExprError) {
    let type = try type
    let fits =
      tensor.dtype == type.dtype && tensor.rank == type.shape.rank
      && zip(type.shape.dimensions, tensor.shape).allSatisfy { $0.value == nil || $0.value == $1 }
    guard fits else {
      throw ExprError(.valuesDoNotFit, "the tensor does not fit the variable", expected: "\(type)", found: "\(tensor.type)")
    }
    source = .tensor(tensor)
  }

  /// Writes over the computed elements, in place if no other variable shares them: what assignment through subscripts is made of.
  package mutating func modifyTensor<R>(
    _ body: (inout Tensor) throws(GraphError) -> R
  ) throws(ExprError) -> R {
    var tensor = try tensor()
    isLiteral = false
    // What the source holds on to would keep the bytes from being written in place.
    source = .failed(Variable.beingWritten)
    defer { source = .tensor(tensor) }
    return try asExprError { () throws(GraphError) in try body(&tensor) }
  }

  /// Lets `body` write. If it fails the variable holds the error, and what it was before: see ``takeBackFailedWrite()``.
  package mutating func keepingError(_ body: (inout Variable) throws(ExprError) -> Void) {
    let before = source
    do throws(ExprError) { try body(&self) } catch {
      if case .failed = before { return }
      source = .failed(Failure(error, before: before))
    }
  }

  /// Makes a write that failed undone: the variable has the elements again that it had before, and can be read.
  ///
  /// Assigning through a subscript cannot throw. A position that does not exist, or values that do not fit, are told when the
  /// variable is read next, and every time until this function is called. `try x.write(values, at: 5)` of MNNNumpy throws at once
  /// and changes nothing.
  ///
  /// - Returns: the error; nil if no write has failed.
  @discardableResult
  public mutating func takeBackFailedWrite() -> ExprError? {
    guard case .failed(let failure) = source, let before = failure.before else { return nil }
    source = before
    return failure.error
  }

  private static let beingWritten = Failure(ExprError(.argumentInvalid, "the variable is being written"))
}
