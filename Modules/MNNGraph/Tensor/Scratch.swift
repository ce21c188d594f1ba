/// Lends working memory of a reference computation from the throwing allocator: what an array would be if its size did not come
/// from outside.
///
/// - Throws: what `body` throws; ``GraphError/Code/outOfMemory``, ``GraphError/Code/sizeOverflow``.
package func withScratch<Element: BitwiseCopyable, R>(
  repeating value: Element, count: Int, _ body: (UnsafeMutableBufferPointer<Element>) throws(GraphError) -> R
) throws(GraphError) -> R {
  let storage = try TensorStorage.allocate(byteCount: checkedElementCount([count, MemoryLayout<Element>.stride]))
  defer { withExtendedLifetime(storage) {} }
  let start = storage.base.bindMemory(to: Element.self, capacity: max(count, 1))
  start.initialize(repeating: value, count: count)
  return try body(UnsafeMutableBufferPointer(start: start, count: count))
}

extension Tensor {
  /// A tensor whose element `i` is `element(i)`, from the throwing allocator. Each element is an operation of the current budget, which
  /// is asked before anything is computed.
  package static func generated<T: TensorScalar>(_ shape: [Int], _ element: (Int) -> T) throws(GraphError) -> Tensor {
    try WorkBudget.current?.spend(Work(operations: checkedElementCount(shape), bytes: 0), on: .expanding)
    let result = try Tensor(uninitialized: T.dtype, shape: shape)
    let elements = result.unsafeMutable(as: T.self)
    for i in elements.indices { elements[i] = element(i) }
    return result
  }
}
