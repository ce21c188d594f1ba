import Foundation
import MNNGraph
import Testing

@Suite(.serialized) struct MappedFileTests {
  private static let large = MappedFile.smallestMapping * 3

  @Test("goes on with zeros and says so when a file is truncated under it")
  func truncated() throws {
    try AtomicFileTests.inFolder { folder in
      let path = "\(folder)/large"
      try AtomicFile.write([UInt8](repeating: 7, count: Self.large), to: path)
      let (file, other) = (try MappedFile(path), try MappedFile(path))
      #expect(file.isMapped && file.bytes[Self.large - 1] == 7 && !file.isDamaged)
      truncate(path, 5000)
      // Two threads meet the missing pages at once.
      DispatchQueue.concurrentPerform(iterations: 2) { part in
        let half = file.byteCount / 2
        #expect(file.bytes[part * half + 8192..<part * half + half].allSatisfy { $0 == 0 })
      }
      #expect(file.bytes[100] == 7 && file.isDamaged && !other.isDamaged && MappedFile.anyIsDamaged)
      #expect(#expect(throws: GraphError.self) { try file.check() }?.code == .fileChanged)
      #expect(other.bytes[Self.large - 1] == 0 && other.isDamaged)
    }
  }

  @Test("keeps what was read of a small file")
  func small() throws {
    try AtomicFileTests.inFolder { folder in
      let path = "\(folder)/small"
      try AtomicFile.write([UInt8](repeating: 7, count: 10_000), to: path)
      let file = try MappedFile(path)
      truncate(path, 0)
      #expect(!file.isMapped && file.bytes.allSatisfy { $0 == 7 })
      try file.check()
    }
  }

  @Test("reads arrays that do not depend on their file any more")
  func arrays() throws {
    try AtomicFileTests.inFolder { folder in
      let tensor = try Tensor(shape: [Self.large / 4], scalars: [Float](repeating: 1.5, count: Self.large / 4))
      try tensor.writeNPY(to: "\(folder)/a.npy")
      try NPZArchive.write([("a", tensor)], to: "\(folder)/a.npz")
      let archive = try NPZArchive(contentsOf: "\(folder)/a.npz")
      let read = try [Tensor(contentsOfNPY: "\(folder)/a.npy"), archive.tensor(named: "a")]
      for name in ["a.npy", "a.npz"] { truncate("\(folder)/\(name)", 4096) }
      #expect(read == [tensor, tensor])
      // The archive itself is still mapped.
      #expect(throws: GraphError.self) { try archive.tensor(named: "a") }
    }
  }

  @Test("writes nothing from a file that is truncated meanwhile")
  func output() throws {
    try AtomicFileTests.inFolder { folder in
      let path = "\(folder)/large"
      try AtomicFile.write([UInt8](repeating: 7, count: Self.large), to: path)
      let file = try MappedFile(path)
      var target = try AtomicFile("\(folder)/target")
      truncate(path, 0)
      let copy = Array(file.bytes)
      try target.write(copy)
      #expect(throws: GraphError.self) { try target.commit(from: [file]) }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/target"))
    }
  }
}
