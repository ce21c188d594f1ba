public import MNNExpr

// Numbers and lists of Swift on the right of `x[…] = …`. What is read is always a variable.
extension Variable {
  /// Writes a number, or a list of numbers, over the elements that the entries select: `x[0] = d`.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, Numbers: ArrayConvertible>(_ a: A) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [a.selection]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, B: ArrayIndex, Numbers: ArrayConvertible>(_ a: A, _ b: B) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [a.selection, b.selection]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, Numbers: ArrayConvertible>(_ a: A, _ b: B, _ c: C) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [a.selection, b.selection, c.selection]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, D: ArrayIndex, Numbers: ArrayConvertible>(
    _ a: A, _ b: B, _ c: C, _ d: D
  ) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [a.selection, b.selection, c.selection, d.selection]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, D: ArrayIndex, E: ArrayIndex, Numbers: ArrayConvertible>(
    _ a: A, _ b: B, _ c: C, _ d: D, _ e: E
  ) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [a.selection, b.selection, c.selection, d.selection, e.selection]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<
    A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, D: ArrayIndex, E: ArrayIndex, F: ArrayIndex, Numbers: ArrayConvertible
  >(
    _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F
  ) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set {
      self[selections: [a.selection, b.selection, c.selection, d.selection, e.selection, f.selection]] = newValue.asVariable
    }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<Numbers: ArrayConvertible>(_ all: UnboundedRange) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [.ellipsis]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, Numbers: ArrayConvertible>(_ all: UnboundedRange, _ a: A) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [.ellipsis, a.selection]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, B: ArrayIndex, Numbers: ArrayConvertible>(_ all: UnboundedRange, _ a: A, _ b: B) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [.ellipsis, a.selection, b.selection]] = newValue.asVariable }
  }

  /// As ``subscript(_:)``.
  @_disfavoredOverload
  public subscript<A: ArrayIndex, B: ArrayIndex, C: ArrayIndex, Numbers: ArrayConvertible>(
    _ all: UnboundedRange, _ a: A, _ b: B, _ c: C
  ) -> Numbers {
    @available(*, unavailable, message: "what is read is a Variable") get { unreadable() }
    set { self[selections: [.ellipsis, a.selection, b.selection, c.selection]] = newValue.asVariable }
  }
}

/// The body of getters that the compiler lets no one call.
private func unreadable() -> Never { fatalError("assignment alone has a meaning") }  // safe: all callers are unavailable
