#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file that ``AtomicFile`` writes to before it has its name.
///
/// Its name follows from the target's and a small number, and its writer holds a lock on it, which the system takes back when the
/// writer ends in whatever way. So the next writer of the same target finds what a killed one left, and cannot take a file that is
/// still being written for it.
final class TemporaryFile: Sendable {
  let path: String
  let target: String
  let descriptor: Int32

  /// How many names are looked at for what was left behind.
  private static let visited = 8
  /// How many writers of one target there can be at once.
  private static let most = 1000

  /// - Parameters:
  ///   - target: a regular file, or none.
  ///   - replaced: the file that is there, whose mode and owner are kept.
  ///   - name: the output path as the user gave it.
  init(for target: String, replacing replaced: stat?, named name: String) throws(GraphError) {
    self.target = target
    var made: (path: String, descriptor: Int32)?
    var number = 0
    while number < TemporaryFile.most, made == nil || number < TemporaryFile.visited {
      let path = TemporaryFile.path(for: target, number)
      if TemporaryFile.isFree(path), made == nil {
        // A file that replaces a private one is private from the first byte on.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, replaced == nil ? 0o666 : 0o600)
        if descriptor >= 0 {
          guard TemporaryFile.take(descriptor) else {
            // Another writer took it for one left behind, before it was locked, and removed it.
            _ = systemClose(descriptor)
            continue
          }
          made = (path, descriptor)
        } else if errno != EEXIST {
          throw AtomicFile.unwritable("the file cannot be written", name)
        }
      }
      number += 1
    }
    guard let made else {
      throw GraphError(.fileUnwritable, "too many writers of this file at once", found: "\(number)", file: name)
    }
    path = made.path
    descriptor = made.descriptor
    if let replaced {
      // The owner first: changing it takes some bits of the mode away. Both may be refused, as on file systems without owners.
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_uid != replaced.st_uid || status.st_gid != replaced.st_gid {
        _ = fchown(descriptor, replaced.st_uid, replaced.st_gid)
      }
      fchmod(descriptor, replaced.st_mode & 0o7777)
    }
  }

  /// Gives the file its name; false if the system refuses, with the reason in `errno`.
  func rename() -> Bool { systemRename(path, target) == 0 }

  /// Ends writing. A file that was not renamed is removed.
  func close() {
    if TemporaryFile.isNamed(path, descriptor) { unlink(path) }
    _ = systemClose(descriptor)
  }

  /// `.NAME.mnn-part0` beside the target, with long names cut.
  private static func path(for target: String, _ number: Int) -> String {
    let cut = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
    var name = String(target[cut...])
    if name.utf8.count > 200 {
      var hash = ContentHash()
      hash.combine(name)
      while name.utf8.count > 180 { name.removeLast() }
      name += String(hash.low, radix: 16)
    }
    return "\(target[..<cut]).\(name).mnn-part\(number)"
  }

  /// Whether the name can be had: nothing has it, or what has it was left behind by a writer that is no more, and is removed.
  private static func isFree(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0 else { return true }
    // Only what this user's processes made is touched, and only a plain file: in a shared folder anybody may have made it.
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() || geteuid() == 0 else { return false }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { _ = systemClose(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    // Its writer may have renamed it, or another writer removed it and made it anew, since it was opened.
    if isNamed(path, descriptor) { unlink(path) }
    return true
  }

  /// Locks a new file; false if it is gone by then. File systems without locks keep what is left behind.
  private static func take(_ descriptor: Int32) -> Bool {
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  /// Whether the name is that of the open file.
  private static func isNamed(_ path: String, _ descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return lstat(path, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_ino == opened.st_ino
      && named.st_dev == opened.st_dev
  }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
private func systemRename(_ from: String, _ to: String) -> Int32 { rename(from, to) }
