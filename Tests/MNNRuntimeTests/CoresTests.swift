import Foundation
import Synchronization
import Testing

@testable import MNNRuntime

@Suite("Cores")
struct CoresTests {
  @Test("gives a lone request what it asks for, at most what there is")
  func alone() {
    let cores = Cores(count: 4)
    for (wanted, granted) in [(1, 1), (3, 3), (4, 4), (9, 4)] {
      #expect(cores.take(wanted) == granted)
      cores.giveBack(granted)
    }
  }

  @Test("shares among requests, and leaves one to each")
  func shared() {
    let cores = Cores(count: 4)
    #expect(cores.take(3) == 3)
    #expect(cores.take(3) == 1)
    #expect(cores.take(3) == 1)
    cores.giveBack(3)
    #expect(cores.take(3) == 2)
    for granted in [1, 1, 2] { cores.giveBack(granted) }
    #expect(cores.take(8) == 4)
  }

  @Test("loses no core among many threads")
  func concurrent() {
    let cores = Cores(count: 5)
    DispatchQueue.concurrentPerform(iterations: 64) { i in
      for _ in 0..<200 { cores.giveBack(cores.take(1 + i % 7)) }
    }
    #expect(cores.take(8) == 5)
  }

  #if os(Linux)
    @Test(
      "rounds a control group's quota up and takes the smallest around the process",
      arguments: [
        ("150000 100000", "max 100000", 2), ("max 100000", "300000 100000", 3), ("400000 100000", "50000 100000", 1),
        ("max 100000", "max 100000", nil), ("nonsense", "", nil), ("-1 0", "0 0", nil),
      ] as [(String, String, Int?)])
    func quota(inner: String, outer: String, expected: Int?) throws {
      let root = FileManager.default.temporaryDirectory.appendingPathComponent("cores-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: root) }
      try FileManager.default.createDirectory(at: root.appendingPathComponent("a/b"), withIntermediateDirectories: true)
      try inner.write(to: root.appendingPathComponent("a/b/cpu.max"), atomically: false, encoding: .utf8)
      try outer.write(to: root.appendingPathComponent("a/cpu.max"), atomically: false, encoding: .utf8)
      try "0::/a/b\n".write(to: root.appendingPathComponent("membership"), atomically: false, encoding: .utf8)
      #expect(Cores.groupLimit(root: root.path, membership: root.appendingPathComponent("membership").path) == expected)
    }

    @Test("asks for no quota where there are no control groups")
    func noQuota() { #expect(Cores.groupLimit(root: "/nonexistent", membership: "/nonexistent") == nil) }
  #endif

  @Test("finds at least one core") func available() { #expect(Cores.available() >= 1) }
}
