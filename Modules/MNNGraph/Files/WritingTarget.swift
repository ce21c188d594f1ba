#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What an output path leads to.
enum WritingTarget {
  /// A regular file, there or not, with what is replaced; the path has no link at its end.
  case file(String, replacing: stat?)
  /// A file that this process has open, by its number.
  case open(Int32)
  /// A device, a FIFO or the like.
  case special(String)

  /// Follows links by hand: the last may lead to a file that does not exist yet.
  ///
  /// - Throws: ``GraphError/Code/fileUnwritable`` for a directory, or links without an end.
  init(_ path: String) throws(GraphError) {
    var target = path
    for _ in 0..<40 {
      if let number = WritingTarget.openFile(target) {
        self = .open(number)
        return
      }
      var status = stat()
      guard lstat(target, &status) == 0 else {
        // What is missing is made; whether that is possible is found out by making it.
        self = .file(target, replacing: nil)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        guard let next = WritingTarget.destination(of: target) else {
          throw AtomicFile.unwritable("the link cannot be read", path)
        }
        target = next
      case S_IFDIR:
        throw GraphError(
          .fileUnwritable, "the output path names a directory", advice: "give the name of a file in it", file: path)
      case S_IFREG:
        self = .file(target, replacing: status)
        return
      default:
        self = .special(target)
        return
      }
    }
    throw GraphError(.fileUnwritable, "the output path is a link that leads to itself", file: path)
  }

  /// The number in `/dev/fd/N` and its other names. Opening these anew would begin at the start of a file that is being written.
  private static func openFile(_ path: String) -> Int32? {
    let standard = ["/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2] as [String: Int32]
    if let number = standard[path] { return number }
    for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/\(getpid())/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  private static func destination(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(link, &buffer, buffer.count)
    guard count > 0, count < buffer.count else { return nil }
    let text = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if text.hasPrefix("/") { return text }
    return link.lastIndex(of: "/").map { String(link[...$0]) + text } ?? text
  }
}
