#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that appears under its name only when it is complete: written beside it under a temporary name, then renamed.
///
/// If ``commit()`` is not reached, nothing is left behind and what was there before stays.
public struct AtomicFile: ~Copyable {
  public let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var isFinished = false

  /// - Throws: ``GraphError/Code/fileUnwritable`` if the directory does not exist or may not be written.
  public init(_ path: String) throws(GraphError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw GraphError(.fileUnwritable, "the output path is empty or has a zero byte", file: path)
    }
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw GraphError(
        .fileUnwritable, "the output path names a directory", advice: "give the name of a file in it", file: path)
    }
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw GraphError(
        .fileUnwritable, "the file cannot be written", found: String(cString: strerror(errno)),
        advice: "check that the directory exists and may be written", file: path)
    }
    // mkstemp makes files private; a result is as readable as the process's other files.
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
    self.path = path
    self.descriptor = descriptor
    temporaryPath = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(GraphError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      #if canImport(Darwin)
        let count = Darwin.write(descriptor, base + done, bytes.count - done)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, base + done, bytes.count - done)
      #else
        let count = Glibc.write(descriptor, base + done, bytes.count - done)
      #endif
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw GraphError(
          .fileUnwritable, "writing stopped after \(done) of \(bytes.count) bytes",
          found: String(cString: strerror(errno)), file: path)
      }
      done += count
    }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: [UInt8]) throws(GraphError) {
    let result = bytes.withUnsafeBytes { buffer in Result { () throws(GraphError) in try write(buffer) } }
    try result.get()
  }

  /// Gives the file its name.
  public mutating func commit() throws(GraphError) {
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS, rename(temporaryPath, path) == 0 else {
      throw GraphError(
        .fileUnwritable, "the file cannot be put in place", found: String(cString: strerror(errno)), file: path)
    }
    isFinished = true
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(temporaryPath) }
  }

  /// Writes a whole file.
  public static func write(_ bytes: [UInt8], to path: String) throws(GraphError) {
    var file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
  }
}
