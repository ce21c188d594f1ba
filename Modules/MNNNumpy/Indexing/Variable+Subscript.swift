public import MNNExpr
import MNNGraph

// One subscript per number of entries: setters over parameter packs make the compiler of Swift 6.3 crash.
extension Variable {
  /// The elements that the entries select, as numpy's `x[…]`: `x[1, 2..., .newAxis]`, `x[.ellipsis, .reversed]`, `x[mask]`,
  /// `x[[0, 2], 1]`. Assigning writes over them, converted to the array's type; other variables keep their elements.
  public subscript<A: ArrayIndex>(_ a: A) -> Variable {
    get { selected([a.selection]) }
    set { assign(newValue, [a.selection]) }
  }

  /// As ``subscript(_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex>(_ a: A, _ b: B) -> Variable {
    get { selected([a.selection, b.selection]) }
    set { assign(newValue, [a.selection, b.selection]) }
  }

  /// As ``subscript(_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex>(_ a: A, _ b: B, _ c: C) -> Variable {
    get { selected([a.selection, b.selection, c.selection]) }
    set { assign(newValue, [a.selection, b.selection, c.selection]) }
  }

  /// As ``subscript(_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, D: ArrayIndex>(_ a: A, _ b: B, _ c: C, _ d: D) -> Variable {
    get { selected([a.selection, b.selection, c.selection, d.selection]) }
    set { assign(newValue, [a.selection, b.selection, c.selection, d.selection]) }
  }

  /// As ``subscript(_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, D: ArrayIndex, E: ArrayIndex>(
    _ a: A, _ b: B, _ c: C, _ d: D, _ e: E
  ) -> Variable {
    get { selected([a.selection, b.selection, c.selection, d.selection, e.selection]) }
    set { assign(newValue, [a.selection, b.selection, c.selection, d.selection, e.selection]) }
  }

  /// As ``subscript(_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, D: ArrayIndex, E: ArrayIndex, F: ArrayIndex>(
    _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F
  ) -> Variable {
    get { selected([a.selection, b.selection, c.selection, d.selection, e.selection, f.selection]) }
    set { assign(newValue, [a.selection, b.selection, c.selection, d.selection, e.selection, f.selection]) }
  }

  /// The last axes: `x[..., 0]`.
  public subscript(_ all: UnboundedRange) -> Variable {
    get { selected([.ellipsis]) }
    set { assign(newValue, [.ellipsis]) }
  }

  /// As ``subscript(_:_:)``.
  public subscript<A: ArrayIndex>(_ all: UnboundedRange, _ a: A) -> Variable {
    get { selected([.ellipsis, a.selection]) }
    set { assign(newValue, [.ellipsis, a.selection]) }
  }

  /// As ``subscript(_:_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex>(_ all: UnboundedRange, _ a: A, _ b: B) -> Variable {
    get { selected([.ellipsis, a.selection, b.selection]) }
    set { assign(newValue, [.ellipsis, a.selection, b.selection]) }
  }

  /// As ``subscript(_:_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex>(_ all: UnboundedRange, _ a: A, _ b: B, _ c: C) -> Variable {
    get { selected([.ellipsis, a.selection, b.selection, c.selection]) }
    set { assign(newValue, [.ellipsis, a.selection, b.selection, c.selection]) }
  }

  /// As ``subscript(_:_:)``.
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, D: ArrayIndex>(
    _ all: UnboundedRange, _ a: A, _ b: B, _ c: C, _ d: D
  ) -> Variable {
    get { selected([.ellipsis, a.selection, b.selection, c.selection, d.selection]) }
    set { assign(newValue, [.ellipsis, a.selection, b.selection, c.selection, d.selection]) }
  }
}

extension Variable {
  /// As ``subscript(_:)`` for entries that are put together while the program runs.
  public subscript(selections entries: [IndexSelection]) -> Variable {
    get { selected(entries) }
    set { assign(newValue, entries) }
  }

  private func selected(_ entries: [IndexSelection]) -> Variable {
    map { x throws(GraphError) in try Selection(x, entries).elements() }
  }

  private mutating func assign(_ value: Variable, _ entries: [IndexSelection]) {
    keepingError { x throws(ExprError) in try x.write(value, entries) }
  }

  private mutating func write(_ value: Variable, _ entries: [IndexSelection]) throws(ExprError) {
    let values = try value.tensor()
    try modifyTensor { tensor throws(GraphError) in
      let converted = try values.cast(to: tensor.dtype)
      try tensor.makeWritable()
      try Selection(tensor, entries).assign(converted)
    }
  }

  /// Writes over the elements that the entries select: `try x.write(7, at: 0, .all)`. What assigning through a subscript does, but
  /// an error is thrown at once.
  ///
  /// - Throws: ``ExprError`` for a position that does not exist or values that do not fit; the variable is then as it was.
  public mutating func write<each Index: ArrayIndex>(
    _ values: some ArrayConvertible, at first: some ArrayIndex, _ others: repeat each Index
  ) throws(ExprError) {
    var entries = [first.selection]
    repeat entries.append((each others).selection)
    try write(values.asVariable, entries)
  }
}

extension Tensor {
  private static let vacant = try? Tensor.zeros(.bool, [0])

  /// Makes the elements safe to write: copies them if another tensor shares them or if they are borrowed, as from a mapped file.
  mutating func makeWritable() throws(GraphError) {
    guard let vacant = Tensor.vacant else {
      self = try copied()
      return
    }
    let (dtype, shape, byteOffset) = (dtype, shape, byteOffset)
    var storage = storage
    // From here on the storage has one owner less.
    self = vacant
    let isShared = !storage.isOwned || !isKnownUniquelyReferenced(&storage)
    self = try Tensor(dtype: dtype, shape: shape, storage: storage, byteOffset: byteOffset)
    if isShared { self = try copied() }
  }

  /// The elements in memory of their own.
  private func copied() throws(GraphError) -> Tensor {
    let result = try Tensor(uninitialized: dtype, shape: shape)
    withExtendedLifetime(storage) { result.rawBase.copyMemory(from: rawBase, byteCount: byteCount) }
    return result
  }
}
