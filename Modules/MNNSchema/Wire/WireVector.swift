/// Bytes that stay where they are: those of a mapped file, or a copy owned here.
package final class WireStorage: @unchecked Sendable {
  // Unchecked: the bytes are written before the initializer returns and never after.
  package let bytes: UnsafeRawBufferPointer
  private let owner: (any AnyObject & Sendable)?

  /// What keeps the bytes alive: the mapped file itself, so that a tensor over it can give pages back, or this copy.
  var keeper: any AnyObject & Sendable { owner ?? self }

  /// Bytes that `owner` keeps alive and unchanged.
  package init(borrowing bytes: UnsafeRawBufferPointer, from owner: any AnyObject & Sendable) {
    self.bytes = bytes
    self.owner = owner
  }

  package convenience init(_ bytes: [UInt8]) {
    self.init(copyingElements: bytes)
  }

  init(copyingElements elements: [some BitwiseCopyable]) {
    bytes = elements.withUnsafeBytes { source in
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
      copy.copyMemory(from: source)
      return UnsafeRawBufferPointer(copy)
    }
    owner = nil
  }

  deinit {
    if owner == nil { bytes.deallocate() }
  }
}

/// A scalar vector as it lies in a file: a range of a ``WireStorage``, not copied.
///
/// Equality is of the bytes, so NaNs equal themselves and -0 differs from 0.
package struct WireBlock: Hashable, Sendable {
  package let kind: WireScalarKind
  package let count: Int
  package let storage: WireStorage
  package let offset: Int

  /// `count` elements must lie inside the storage.
  init(kind: WireScalarKind, count: Int, storage: WireStorage, offset: Int) {
    self.kind = kind
    self.count = count
    self.storage = storage
    self.offset = offset
  }

  package var byteCount: Int { count * kind.byteCount }

  /// The little-endian bytes, at any alignment.
  package func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<offset + byteCount]))
  }

  package static func == (a: WireBlock, b: WireBlock) -> Bool {
    guard a.kind == b.kind, a.count == b.count else { return false }
    if a.storage === b.storage, a.offset == b.offset { return true }
    return a.withUnsafeBytes { x in b.withUnsafeBytes { y in x.elementsEqual(y) } }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(count)
    // The head tells most vectors apart; weights can be gigabytes.
    withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.prefix(64))) }
  }
}

/// A vector of scalars that reads like an array: a range of the file it was decoded from, or elements of its own.
package struct WireVector<Element: WireScalar>: RandomAccessCollection, Hashable, Sendable {
  package let block: WireBlock

  package init(_ elements: some Sequence<Element>) {
    self.init(Array(elements))
  }

  package init(_ elements: [Element]) {
    block = WireBlock(
      kind: Element.kind, count: elements.count, storage: WireStorage(copyingElements: elements), offset: 0)
  }

  /// Elements that `owner` keeps alive and unchanged: weights that need no copy on their way to a file.
  /// A remainder shorter than an element is left out.
  package init(borrowing bytes: UnsafeRawBufferPointer, from owner: any AnyObject & Sendable) {
    block = WireBlock(
      kind: Element.kind, count: bytes.count / Element.kind.byteCount,
      storage: WireStorage(borrowing: bytes, from: owner), offset: 0)
  }

  init(block: WireBlock) { self.block = block }

  package var startIndex: Int { 0 }
  package var endIndex: Int { block.count }
  package subscript(position: Int) -> Element {
    precondition(position >= 0 && position < block.count, "index outside of the vector")
    return block.withUnsafeBytes { Element.load($0, at: position * Element.kind.byteCount) }
  }

  /// A copy of the elements.
  package var elements: [Element] {
    guard Element.kind != .bool else { return map { $0 } }
    return block.withUnsafeBytes { bytes in
      [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        initialized = count
      }
    }
  }

  /// The little-endian bytes, at any alignment.
  package func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try block.withUnsafeBytes(body)
  }
}

extension WireVector: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: Element...) { self.init(elements) }
}
