package import MNNGraph
import Synchronization

/// Packed weights in a file, by what they were made from.
///
/// The file: a header of four words (magic, the file's length, the number of entries, a hash of the table), the table (six
/// words per entry: key, offset, length, hash of the contents), then the contents, 64-byte aligned, as kernels read them.
/// Everything is checked before it is used; a key has the contents of the weights and the form of the kernel in it, so that
/// neither another model nor another processor can be given the wrong ones.
package final class WeightCache: Sendable {
  /// The cache of the model that is being planned on the current thread.
  @TaskLocal package static var current: WeightCache?

  private struct Range {
    var offset: Int
    var byteCount: Int
    var hash: ContentHash
  }

  private struct Opened { weak var file: MappedFile? }

  private struct State {
    var file: MappedFile? {
      didSet {
        opened = opened.filter { $0.file != nil }
        if let file { opened.append(Opened(file: file)) }
      }
    }
    /// Also files that were written anew since, which kernels may still read.
    private(set) var opened: [Opened] = []
    var stored: [ContentHash: Range] = [:]
    /// What is not in the file yet.
    var fresh: [ContentHash: (storage: TensorStorage, byteCount: Int)] = [:]
  }

  private let path: String
  private let state = Mutex(State())

  private static let magic: UInt64 = 0x3130_4b50_534e_4e4d
  private static let headerWords = 4
  private static let entryWords = 6

  init(path: String) {
    self.path = path
    state.withLock { WeightCache.load(path, &$0) }
  }

  /// The packed weights of this key and length, or nil.
  package func storage(for key: ContentHash, byteCount: Int) -> TensorStorage? {
    state.withLock { state in
      if let known = state.fresh[key], known.byteCount == byteCount { return known.storage }
      guard let file = state.file, let range = state.stored[key], range.byteCount == byteCount else { return nil }
      let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[range.offset..<range.offset + byteCount])
      guard WeightCache.hash(of: bytes) == range.hash else {
        state.stored[key] = nil
        return nil
      }
      return .borrowing(bytes, from: file)
    }
  }

  /// Keeps packed weights for the next ``save()``.
  package func insert(_ storage: TensorStorage, byteCount: Int, for key: ContentHash) {
    state.withLock { $0.fresh[key] = (storage, byteCount) }
  }

  /// Throws if a file that weights are borrowed from was truncated.
  func checkFiles() throws(GraphError) {
    try state.withLock { $0.opened.compactMap(\.file) }.check()
  }

  func saveIfPossible() { try? save() }

  /// Writes everything, if there is something new, and from then on reads the new file.
  func save() throws(GraphError) {
    let path = path
    try state.withLock { (state: inout State) throws(GraphError) in
      guard !state.fresh.isEmpty else { return }
      // What another process wrote meanwhile is kept.
      WeightCache.load(path, &state)
      try WeightCache.write(state, to: path)
      WeightCache.load(path, &state)
      state.fresh = [:]
    }
  }

  private static func hash(of bytes: UnsafeRawBufferPointer) -> ContentHash {
    var hash = ContentHash()
    hash.combine(bytes: bytes)
    return hash
  }

  private static func aligned(_ offset: Int) -> Int { (offset + 63) / 64 * 64 }

  private static func write(_ state: State, to path: String) throws(GraphError) {
    var parts: [(key: ContentHash, bytes: UnsafeRawBufferPointer, hash: ContentHash)] = []
    if let file = state.file {
      for (key, range) in state.stored where state.fresh[key] == nil {
        parts.append(
          (key, UnsafeRawBufferPointer(rebasing: file.bytes[range.offset..<range.offset + range.byteCount]), range.hash))
      }
    }
    for (key, entry) in state.fresh {
      let bytes = UnsafeRawBufferPointer(start: entry.storage.base, count: entry.byteCount)
      parts.append((key, bytes, hash(of: bytes)))
    }
    var table: [UInt64] = []
    var offset = aligned((headerWords + entryWords * parts.count) * 8)
    for part in parts {
      table += [part.key.high, part.key.low, UInt64(offset), UInt64(part.bytes.count), part.hash.high, part.hash.low]
      offset = aligned(offset + part.bytes.count)
    }
    // Kernels may read a vector past the last element.
    let length = offset + 64
    let tableHash = table.withUnsafeBytes { hash(of: $0) }
    var words = [magic, UInt64(length), UInt64(parts.count), tableHash.low] + table
    words += [UInt64](repeating: 0, count: aligned(words.count * 8) / 8 - words.count)
    var file = try AtomicFile(path)
    let header = try TensorStorage.allocate(byteCount: words.count * 8)
    let head = UnsafeMutableRawBufferPointer(start: header.base, count: header.byteCount)
    words.withUnsafeBytes { head.copyMemory(from: $0) }
    try file.write(UnsafeRawBufferPointer(head))
    let zeros = try TensorStorage.allocate(byteCount: 64)
    let padding = UnsafeMutableRawBufferPointer(start: zeros.base, count: 64)
    padding.initializeMemory(as: UInt8.self, repeating: 0)
    for part in parts {
      try file.write(part.bytes)
      try file.write(UnsafeRawBufferPointer(rebasing: padding[..<(aligned(part.bytes.count) - part.bytes.count)]))
    }
    try file.write(UnsafeRawBufferPointer(padding))
    try file.commit(from: state.file.map { [$0] } ?? [])
  }

  /// Takes the file's entries; none if anything about the file is wrong.
  private static func load(_ path: String, _ state: inout State) {
    state.file = nil
    state.stored = [:]
    guard let file = try? MappedFile(path), file.byteCount >= headerWords * 8 else { return }
    func word(_ index: Int) -> UInt64 { file.bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
    guard word(0) == magic, word(1) == UInt64(file.byteCount), let count = Int(exactly: word(2)),
      count <= (file.byteCount / 8 - headerWords) / entryWords
    else { return }
    let table = UnsafeRawBufferPointer(rebasing: file.bytes[headerWords * 8..<(headerWords + entryWords * count) * 8])
    guard hash(of: table).low == word(3) else { return }
    var stored: [ContentHash: Range] = [:]
    for i in 0..<count {
      let first = headerWords + entryWords * i
      guard let offset = Int(exactly: word(first + 2)), let byteCount = Int(exactly: word(first + 3)), offset % 64 == 0,
        offset <= file.byteCount, byteCount <= file.byteCount - offset
      else { return }
      stored[ContentHash(high: word(first), low: word(first + 1))] = Range(
        offset: offset, byteCount: byteCount, hash: ContentHash(high: word(first + 4), low: word(first + 5)))
    }
    state.file = file
    state.stored = stored
  }
}
