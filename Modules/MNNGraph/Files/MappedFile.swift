import CFileGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file: mapped for reading, so that pages are loaded when touched and never copied, or read if there are few.
///
/// Tensors may borrow from it (``TensorStorage/borrowing(_:from:)``); it is unmapped when the last of them is gone.
///
/// A file that somebody truncates while it is mapped does not end the process: the missing bytes read as zeros, and
/// ``isDamaged`` says so from then on. Who read from it checks that afterwards, see ``check()``.
public final class MappedFile: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the whole life of the object.
  public let path: String
  package let bytes: UnsafeRawBufferPointer
  /// nil if the bytes were read.
  private let guardedRange: OpaquePointer?

  public var byteCount: Int { bytes.count }

  /// Whether the bytes are still the file's, which others may change; false if they were read when it was opened.
  package var isMapped: Bool { guardedRange != nil }

  /// From this many bytes on a file is mapped: below, reading costs less than mapping.
  package static let smallestMapping = 1 << 20

  /// - Parameter smallestMapping: files of fewer bytes are read.
  /// - Throws: ``GraphError/Code/fileUnreadable`` if `path` is missing, not a regular file, or may not be read.
  package init(_ path: String, smallestMapping: Int) throws(GraphError) {
    // Without O_NONBLOCK opening a named pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw GraphError(
        .fileUnreadable, errno == ENOENT ? "the file does not exist" : "the file cannot be opened",
        found: String(cString: strerror(errno)), file: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let count = Int(exactly: status.st_size)
    else {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw GraphError(
        .fileUnreadable, "the path does not name a file", expected: "a regular file",
        found: isDirectory ? "a directory" : "something else", file: path)
    }
    self.path = path
    guard count >= smallestMapping else {
      guardedRange = nil
      bytes = try MappedFile.read(count, from: descriptor, path)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw GraphError(.fileUnreadable, "the file cannot be mapped", found: String(cString: strerror(errno)), file: path)
    }
    guard let range = mnn_guard_add(base, count) else {
      munmap(base, count)
      throw GraphError(.fileUnreadable, "the file cannot be mapped", found: "no memory to guard it", file: path)
    }
    guardedRange = range
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  /// - Throws: ``GraphError/Code/fileUnreadable`` if `path` is missing, not a regular file, or may not be read.
  public convenience init(_ path: String) throws(GraphError) {
    try self.init(path, smallestMapping: MappedFile.smallestMapping)
  }

  deinit {
    guard let base = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return }
    if let guardedRange {
      mnn_guard_remove(guardedRange)
      munmap(base, bytes.count)
    } else {
      free(base)
    }
  }

  private static func read(
    _ count: Int, from descriptor: Int32, _ path: String
  ) throws(GraphError) -> UnsafeRawBufferPointer {
    if count == 0 { return UnsafeRawBufferPointer(start: nil, count: 0) }
    var pointer: UnsafeMutableRawPointer?
    guard count < Int.max - TensorStorage.alignment,
      posix_memalign(&pointer, TensorStorage.alignment, count + TensorStorage.alignment) == 0, let base = pointer
    else { throw GraphError(.outOfMemory, "cannot allocate \(count) bytes to read the file", file: path) }
    // Kernels may read up to one vector past the last element.
    (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: TensorStorage.alignment)
    var done = 0
    while done < count {
      let step = pread(descriptor, base + done, count - done, off_t(done))
      if step < 0, errno == EINTR { continue }
      guard step > 0 else {
        let reason = step < 0 ? String(cString: strerror(errno)) : nil
        free(base)
        if let reason { throw GraphError(.fileUnreadable, "the file cannot be read", found: reason, file: path) }
        throw changed(path)
      }
      done += step
    }
    return UnsafeRawBufferPointer(start: base, count: count)
  }

  // MARK: Damage

  /// Whether a part of the file was missing when it was read, and reads as zeros.
  package var isDamaged: Bool { guardedRange.map { mnn_guard_is_damaged($0) != 0 } ?? false }

  /// Whether any file was found damaged since the process began: one load, for who would have to look at many.
  package static var anyIsDamaged: Bool { mnn_guard_damage_count() > 0 }

  /// - Throws: ``GraphError/Code/fileChanged`` if a part of the file was missing when it was read.
  package func check() throws(GraphError) {
    if isDamaged { throw MappedFile.changed(path) }
  }

  private static func changed(_ path: String) -> GraphError {
    GraphError(
      .fileChanged, "the file was truncated while it was in use", advice: "replace files by renaming; then load again",
      file: path)
  }
}

extension [MappedFile] {
  /// - Throws: ``GraphError/Code/fileChanged`` if one of them was truncated: what was computed from them means nothing.
  package func check() throws(GraphError) {
    guard MappedFile.anyIsDamaged else { return }
    for file in self { try file.check() }
  }
}

extension Graph {
  /// The mapped files that constants, also of subgraphs, are borrowed from.
  package var mappedFiles: [MappedFile] {
    var files: [ObjectIdentifier: MappedFile] = [:]
    collectFiles(&files)
    return Array(files.values)
  }

  private func collectFiles(_ files: inout [ObjectIdentifier: MappedFile]) {
    for value in liveValues {
      if let file = value.constant?.storage.mappedFile { files[ObjectIdentifier(file)] = file }
    }
    for node in nodes {
      for graph in (node.op as? any ControlFlowOperator)?.subgraphs ?? [] { graph.collectFiles(&files) }
    }
  }
}
