#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file, mapped for reading: pages are loaded when touched and never copied.
///
/// Tensors may borrow from it (``TensorStorage/borrowing(_:from:)``); it is unmapped when the last of them is gone.
public final class MappedFile: @unchecked Sendable {
  // Unchecked: the bytes are read-only for the whole life of the object.
  public let path: String
  package let bytes: UnsafeRawBufferPointer

  public var byteCount: Int { bytes.count }

  /// - Throws: ``GraphError/Code/fileUnreadable`` if `path` is missing, not a regular file, or may not be read.
  public init(_ path: String) throws(GraphError) {
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
    if count == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw GraphError(.fileUnreadable, "the file cannot be mapped", found: String(cString: strerror(errno)), file: path)
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}
