#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that appears under its name only when it is complete: written beside it under a temporary name, then renamed. The one
/// writer of this project.
///
/// - If ``commit()`` is not reached, nothing is left behind and what was there before stays. What a killed process leaves behind
///   is removed when the same file is written next.
/// - A file that is replaced keeps its mode, and its owner where that is allowed; a new one is as readable as the process's others.
/// - Symbolic links are followed: the file they lead to is replaced. Devices, FIFOs and open files (`/dev/null`, `/dev/stdout`,
///   `/dev/fd/3`) are written to as they are.
public struct AtomicFile: ~Copyable {
  public let path: String
  private let temporary: TemporaryFile?
  private let descriptor: Int32
  private var isWritten = false

  /// Whether the bytes go to a device, a FIFO or an open file at once, which has no place beside it for another file.
  package var isDirect: Bool { temporary == nil }

  /// - Throws: ``GraphError/Code/fileUnwritable`` if the directory does not exist or may not be written.
  public init(_ path: String) throws(GraphError) {
    let (temporary, descriptor) = try AtomicFile.open(path)
    self.path = path
    self.temporary = temporary
    self.descriptor = descriptor
  }

  private static func open(_ path: String) throws(GraphError) -> (TemporaryFile?, Int32) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw GraphError(.fileUnwritable, "the output path is empty or has a zero byte", file: path)
    }
    switch try WritingTarget(path) {
    case .file(let target, let replaced):
      let temporary = try TemporaryFile(for: target, replacing: replaced, named: path)
      return (temporary, temporary.descriptor)
    case .open(let number):
      let descriptor = fcntl(number, F_DUPFD_CLOEXEC, 0)
      guard descriptor >= 0 else { throw unwritable("the file is not open", path) }
      return (nil, descriptor)
    case .special(let target):
      // A FIFO waits here for its reader, as it does for every program.
      let descriptor = systemOpen(target, O_WRONLY | O_CLOEXEC | O_NOCTTY)
      guard descriptor >= 0 else { throw unwritable("the file cannot be written", path) }
      return (nil, descriptor)
    }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(GraphError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = temporary == nil ? writeToReader(base + done, bytes.count - done) : put(base + done, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&room, 1, -1)
        continue
      }
      guard count > 0 else {
        throw AtomicFile.unwritable("writing stopped after \(done) of \(bytes.count) bytes", path)
      }
      done += count
    }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: [UInt8]) throws(GraphError) {
    let result = bytes.withUnsafeBytes { buffer in Result { () throws(GraphError) in try write(buffer) } }
    try result.get()
  }

  /// Brings the bytes to the disk, so that ``commit()`` only renames: for files that belong together.
  ///
  /// - Parameter sources: the mapped files that the bytes come from.
  /// - Throws: ``GraphError/Code/fileChanged`` if one of them was truncated meanwhile.
  package mutating func finish(from sources: [MappedFile] = []) throws(GraphError) {
    try sources.check()
    let isRefused = fsync(descriptor) != 0 && ![EINVAL, EROFS, ENOTSUP].contains(errno)
    if isRefused { throw AtomicFile.unwritable("the file cannot be brought to the disk", path) }
    isWritten = true
  }

  /// The hash of what was written so far; not for what is written directly.
  package mutating func contentHash() throws(GraphError) -> ContentHash {
    guard let temporary else { throw GraphError(.fileUnwritable, "the file cannot be read again", file: path) }
    let written = try MappedFile(temporary.path)
    return ContentHash(ofPiecesOf: written.bytes)
  }

  /// Gives the file its name.
  public mutating func commit() throws(GraphError) { try commit(from: []) }

  /// Gives the file its name; sources as in ``finish(from:)``.
  package mutating func commit(from sources: [MappedFile]) throws(GraphError) {
    if !isWritten { try finish(from: sources) }
    if let temporary, !temporary.rename() { throw AtomicFile.unwritable("the file cannot be put in place", path) }
  }

  deinit {
    if let temporary { temporary.close() } else { close(descriptor) }
  }

  /// Whether the path is a name of this process's standard output.
  public static func isStandardOutput(_ path: String) -> Bool {
    if case .open(STDOUT_FILENO) = try? WritingTarget(path) { true } else { false }
  }

  /// Writes a whole file.
  public static func write(_ bytes: [UInt8], to path: String) throws(GraphError) {
    var file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
  }

  /// An error with the reason that the system gave.
  static func unwritable(_ what: String, _ path: String) -> GraphError {
    GraphError(
      .fileUnwritable, what, found: String(cString: strerror(errno)),
      advice: "check that the directory exists and may be written", file: path)
  }

  private func put(_ base: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, base, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, base, count)
    #else
      Glibc.write(descriptor, base, count)
    #endif
  }

  /// A pipe whose reader is gone gives an error, as a full disk does; without this the signal would end the process.
  private func writeToReader(_ base: UnsafeRawPointer, _ count: Int) -> Int {
    var broken = sigset_t()
    var before = sigset_t()
    var pending = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    sigpending(&pending)
    guard sigismember(&pending, SIGPIPE) == 0, pthread_sigmask(SIG_BLOCK, &broken, &before) == 0 else { return put(base, count) }
    let written = put(base, count)
    let reason = errno
    // Also if something was written before the reader went.
    sigpending(&pending)
    var number: Int32 = 0
    if sigismember(&pending, SIGPIPE) == 1 { sigwait(&broken, &number) }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = reason
    return written
  }
}

private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
