import Foundation
import MNNGraph
import Testing

@Suite struct AtomicFileTests {
  /// A folder that is removed afterwards.
  static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  private func mode(_ path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  @Test("keeps the mode of what it replaces, and gives a new file the process's own")
  func modes() throws {
    try Self.inFolder { folder in
      let mask = Int(umask(0))
      umask(mode_t(mask))
      try AtomicFile.write([1], to: "\(folder)/new")
      #expect(try mode("\(folder)/new") == 0o666 & ~mask)
      for wanted in [0o600, 0o640, 0o755, 0o444] {
        try FileManager.default.setAttributes([.posixPermissions: wanted], ofItemAtPath: "\(folder)/new")
        try AtomicFile.write([2], to: "\(folder)/new")
        #expect(try mode("\(folder)/new") == wanted)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["new"])
    }
  }

  @Test("writes through links, also to what is not there yet, and refuses those without an end")
  func links() throws {
    try Self.inFolder { folder in
      let files = FileManager.default
      try files.createDirectory(atPath: "\(folder)/store", withIntermediateDirectories: true)
      try files.createSymbolicLink(atPath: "\(folder)/second", withDestinationPath: "store/file")
      try files.createSymbolicLink(atPath: "\(folder)/first", withDestinationPath: "\(folder)/second")
      for content in ["made", "replaced"] {
        try AtomicFile.write(Array(content.utf8), to: "\(folder)/first")
        #expect(text("\(folder)/store/file") == content)
        #expect(try files.destinationOfSymbolicLink(atPath: "\(folder)/second") == "store/file")
        #expect(try files.contentsOfDirectory(atPath: "\(folder)/store") == ["file"])
      }
      try files.createSymbolicLink(atPath: "\(folder)/loop", withDestinationPath: "loop")
      #expect(#expect(throws: GraphError.self) { try AtomicFile.write([1], to: "\(folder)/loop") }?.code == .fileUnwritable)
      try files.createSymbolicLink(atPath: "\(folder)/folder", withDestinationPath: "store")
      #expect(#expect(throws: GraphError.self) { try AtomicFile.write([1], to: "\(folder)/folder") }?.code == .fileUnwritable)
    }
  }

  @Test("writes to devices, pipes and open files as they are")
  func special() throws {
    try AtomicFile.write([1, 2, 3], to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #if os(Linux)
      #expect(#expect(throws: GraphError.self) { try AtomicFile.write([1], to: "/dev/full") }?.code == .fileUnwritable)
    #endif
    try Self.inFolder { folder in
      let pipe = "\(folder)/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let reader = open(pipe, O_RDONLY | O_NONBLOCK)
      try AtomicFile.write([7, 8, 9], to: pipe)
      var bytes = [UInt8](repeating: 0, count: 8)
      #expect(read(reader, &bytes, 8) == 3 && bytes[..<3] == [7, 8, 9])
      #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
      // A reader that goes is an error, not a signal.
      let big = [UInt8](repeating: 0, count: 1 << 20)
      let writer = Thread { _ = try? AtomicFile.write(big, to: pipe) }
      writer.start()
      while read(reader, &bytes, 8) <= 0 {}
      close(reader)
      // An open file goes on where it is.
      let path = "\(folder)/open"
      let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
      _ = "before ".withCString { write(descriptor, $0, 7) }
      try AtomicFile.write(Array("after".utf8), to: "/dev/fd/\(descriptor)")
      _ = ".".withCString { write(descriptor, $0, 1) }
      close(descriptor)
      #expect(text(path) == "before after.")
    }
  }

  @Test("removes what a killed writer left, and nothing of one that still writes")
  func leftovers() throws {
    try Self.inFolder { folder in
      let path = "\(folder)/model"
      // Files without a lock, as the system leaves them when their writer is killed.
      for number in [0, 1, 5] {
        #expect(FileManager.default.createFile(atPath: "\(folder)/.model.mnn-part\(number)", contents: Data([9])))
      }
      #expect(FileManager.default.createFile(atPath: "\(folder)/.other.mnn-part0", contents: Data([9])))
      var slow = try AtomicFile(path)
      try slow.write([1])
      try AtomicFile.write([2], to: path)
      #expect(FileManager.default.contents(atPath: path) == Data([2]))
      try slow.write([1])
      try slow.commit()
      #expect(FileManager.default.contents(atPath: path) == Data([1, 1]))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [".other.mnn-part0", "model"])
      // Names of the greatest length, too.
      let long = String(repeating: "ä", count: 127)
      for _ in 0..<2 { try AtomicFile.write([3], to: "\(folder)/\(long)") }
      #expect(FileManager.default.contents(atPath: "\(folder)/\(long)") == Data([3]))
    }
  }

  @Test("lets many writers of one file write at once, each whole")
  func crowd() throws {
    try Self.inFolder { folder in
      DispatchQueue.concurrentPerform(iterations: 64) { writer in
        try? AtomicFile.write([UInt8](repeating: UInt8(writer), count: 10_000), to: "\(folder)/file")
      }
      let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/file"))
      #expect(bytes.count == 10_000 && Set(bytes).count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test("leaves what was there if it is not finished")
  func unfinished() throws {
    try Self.inFolder { folder in
      try AtomicFile.write([1], to: "\(folder)/file")
      do {
        var file = try AtomicFile("\(folder)/file")
        try file.write([2])
      }
      #expect(FileManager.default.contents(atPath: "\(folder)/file") == Data([1]))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }
}
