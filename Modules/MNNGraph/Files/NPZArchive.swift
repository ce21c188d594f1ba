/// Named arrays in one file, as numpy's `savez` and `savez_compressed` write them.
///
/// An array is read when it is asked for, and then no longer depends on the file.
public struct NPZArchive: Sendable {
  /// The names in the order of the file, without `.npy`.
  public let names: [String]
  private let entries: [String: ZIPEntry]
  private let storage: TensorStorage
  private let path: String?

  /// - Throws: ``GraphError`` naming the file.
  public init(contentsOf path: String) throws(GraphError) {
    let file = try MappedFile(path)
    try self.init(.borrowing(file.bytes, from: file), path: path)
  }

  /// An archive of the bytes of a `.npz` file, which are copied.
  public init(_ bytes: [UInt8]) throws(GraphError) {
    let storage = try TensorStorage.allocate(byteCount: bytes.count)
    storage.base.copyMemory(from: bytes, byteCount: bytes.count)
    try self.init(storage, path: nil)
  }

  private init(_ storage: TensorStorage, path: String?) throws(GraphError) {
    var names: [String] = []
    var entries: [String: ZIPEntry] = [:]
    do throws(GraphError) {
      for entry in try ZIPDirectory.entries(of: storage.contents) where entry.name.hasSuffix(".npy") {
        let name = String(entry.name.dropLast(4))
        guard entries.updateValue(entry, forKey: name) == nil else {
          throw ZIPDirectory.damaged("it has two arrays \"\(name)\"")
        }
        names.append(name)
      }
    } catch { throw error.naming(path) }
    self.names = names
    self.entries = entries
    self.storage = storage
    self.path = path
  }

  /// The array of that name.
  ///
  /// - Throws: ``GraphError/Code/valueNotFound`` if there is none, ``GraphError/Code/arrayFileInvalid`` if it is damaged.
  public func tensor(named name: String) throws(GraphError) -> Tensor {
    do throws(GraphError) {
      guard let entry = entries[name] else {
        throw GraphError(
          .valueNotFound, "no array \"\(name)\"", expected: "one of \(names.joined(separator: ", "))")
      }
      return try read(entry)
    } catch { throw error.naming(path) }
  }

  private func read(_ entry: ZIPEntry) throws(GraphError) -> Tensor {
    let packed = try ZIPDirectory.packedBytes(of: entry, in: storage.contents)
    let contents: UnsafeRawBufferPointer
    let owner: TensorStorage
    switch entry.method {
    case 0:
      guard packed.count == entry.byteCount else { throw ZIPDirectory.damaged("the sizes of \"\(entry.name)\" differ") }
      (contents, owner) = (packed, storage)
    case 8:
      // A size that no stream of this length can reach is refused before memory is taken for it.
      guard entry.byteCount / Deflate.largestRatio <= packed.count else {
        throw ZIPDirectory.damaged("\"\(entry.name)\" says it has \(entry.byteCount) bytes, packed in \(packed.count)")
      }
      owner = try Deflate.decompress(packed, byteCount: entry.byteCount)
      contents = UnsafeRawBufferPointer(rebasing: owner.contents[..<entry.byteCount])
    default:
      throw GraphError(
        .arrayFileInvalid, "\"\(entry.name)\" is compressed in a way that is not supported",
        expected: "stored (0) or DEFLATE (8)", found: "method \(entry.method)")
    }
    guard Deflate.checksum(contents) == entry.checksum else {
      throw ZIPDirectory.damaged("the checksum of \"\(entry.name)\" is wrong")
    }
    let tensor = try Tensor(npy: contents, owner: owner.mappedFile == nil ? owner : nil)
    try storage.mappedFile?.check()
    return tensor
  }

  /// Writes arrays under their names, complete or not at all. `bfloat16` is written as float32, packed
  /// elements as int8.
  ///
  /// - Throws: ``GraphError/Code/attributeInvalid`` if a name is empty or given twice,
  ///   ``GraphError/Code/fileUnwritable`` if `path` cannot be written.
  public static func write(
    _ arrays: [(name: String, tensor: Tensor)], to path: String, compressed: Bool = false
  ) throws(GraphError) {
    try write(arrays, to: path, compressed: compressed, wideFrom: Int(UInt32.max))
  }

  package static func write(
    _ arrays: [(name: String, tensor: Tensor)], to path: String, compressed: Bool, wideFrom: Int
  ) throws(GraphError) {
    var seen: Set<String> = []
    for (name, _) in arrays {
      guard !name.isEmpty, seen.insert(name).inserted else {
        throw GraphError(.attributeInvalid, "arrays need names that differ", found: "\"\(name)\"", file: path)
      }
    }
    var writer = try ZIPWriter(path, wideFrom: wideFrom)
    for (name, tensor) in arrays {
      let array = try tensor.dtype == .bfloat16 ? tensor.converted(to: .float32) : tensor.unpacked()
      let header = NPYHeader(dtype: array.dtype, isBigEndian: false, isFortranOrder: false, shape: array.shape)
      let headerStorage = try TensorStorage.copying(header.encoded())
      defer { withExtendedLifetime(headerStorage) {} }
      try array.withUnsafeBytes { bytes throws(GraphError) in
        try writer.add("\(name).npy", [headerStorage.contents, bytes], compressed: compressed)
      }
    }
    try writer.commit(from: arrays.compactMap { $0.tensor.storage.mappedFile })
  }
}

extension TensorStorage {
  fileprivate var contents: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }

  fileprivate static func copying(_ bytes: [UInt8]) throws(GraphError) -> TensorStorage {
    let storage = try allocate(byteCount: bytes.count)
    storage.base.copyMemory(from: bytes, byteCount: bytes.count)
    return storage
  }
}

extension GraphError {
  /// This error, with the file named if it does not name one yet.
  fileprivate func naming(_ path: String?) -> GraphError {
    var copy = self
    if copy.file == nil { copy.file = path }
    return copy
  }
}
