import Foundation
import MNNGraph
import Testing

@Suite("npz")
struct NPZTests {
  static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data").path

  /// A folder for one test, removed at its end.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("npz-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  static func bytes(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

  @Test("reads what numpy wrote", arguments: ["stored.npz", "deflated.npz"])
  func golden(file: String) throws {
    let archive = try NPZArchive(contentsOf: "\(Self.data)/\(file)")
    #expect(archive.names == ["weights", "labels", "flags", "transposed", "empty", "scalar"])
    #expect(try archive.tensor(named: "weights") == Tensor(shape: [3, 4, 5], scalars: (0..<60).map { Float($0) / 4 }))
    #expect(try archive.tensor(named: "labels") == Tensor((-3...3).map { Int64($0) }))
    #expect(try archive.tensor(named: "flags") == Tensor(shape: [2, 2], scalars: [true, false, false, true]))
    #expect(try archive.tensor(named: "transposed") == Tensor(shape: [2, 3], scalars: (0..<6).map { Int16($0) }))
    #expect(try archive.tensor(named: "empty") == Tensor.zeros(.float64, [0, 3]))
    #expect(try archive.tensor(named: "scalar").converted(to: .float32) == Tensor(Float(1.5)))
  }

  @Test("reads back what it writes", arguments: [false, true], [Int(UInt32.max), 100, 1])
  func roundTrip(compressed: Bool, wideFrom: Int) throws {
    try Self.withFolder { folder in
      let arrays = try DType.allCases.map { dtype in
        (name: "a/\(dtype)", tensor: try Tensor(shape: [7, 50], scalars: (0..<350).map { Float($0 % 2) }).converted(to: dtype))
      }
      let path = "\(folder)/x.npz"
      try NPZArchive.write(arrays, to: path, compressed: compressed, wideFrom: wideFrom)
      let archive = try NPZArchive(contentsOf: path)
      #expect(archive.names == arrays.map(\.name))
      for (name, tensor) in arrays {
        #expect(
          try archive.tensor(named: name)
            == tensor.converted(to: tensor.dtype == .bfloat16 ? .float32 : tensor.dtype.isPacked ? .int8 : tensor.dtype))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.npz"])
    }
  }

  @Test("compresses")
  func compresses() throws {
    try Self.withFolder { folder in
      try NPZArchive.write([("zeros", .zeros(.float32, [100_000]))], to: "\(folder)/x.npz", compressed: true)
      #expect(try Self.bytes("\(folder)/x.npz").count < 4000)
      #expect(try NPZArchive(contentsOf: "\(folder)/x.npz").tensor(named: "zeros") == .zeros(.float32, [100_000]))
    }
  }

  @Test("names the array and the file that are missing, and writes nothing under a wrong name")
  func failures() throws {
    try Self.withFolder { folder in
      let archive = try NPZArchive(contentsOf: "\(Self.data)/stored.npz")
      let missing = #expect(throws: GraphError.self) { try archive.tensor(named: "weight") }
      #expect(missing?.code == .valueNotFound)
      #expect(missing?.file?.hasSuffix("stored.npz") == true)
      let one = try Tensor(Float(1))
      for names in [["a", "a"], [""]] {
        let error = #expect(throws: GraphError.self) {
          try NPZArchive.write(names.map { ($0, one) }, to: "\(folder)/x.npz")
        }
        #expect(error?.code == .attributeInvalid)
      }
      #expect(throws: GraphError.self) { try NPZArchive.write([("a", one)], to: "\(folder)/no/x.npz") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      #expect(throws: GraphError.self) { try NPZArchive(contentsOf: folder) }
    }
  }

  @Test("refuses a size that its stream cannot reach, before taking memory")
  func explosion() throws {
    var bytes = try Self.bytes("\(Self.data)/deflated.npz")
    // The uncompressed size of the first entry of the directory: 24 bytes after its signature.
    let start = try #require(bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4b, 1, 2] })
    bytes.replaceSubrange(start + 24..<start + 28, with: [0, 0, 0, 0x7f])
    let error = #expect(throws: GraphError.self) { try NPZArchive(bytes).tensor(named: "weights") }
    #expect(error?.code == .arrayFileInvalid)
    bytes.replaceSubrange(start + 24..<start + 28, with: [0x00, 0x08, 0, 0])  // 2048: possible, but not so
    #expect(throws: GraphError.self) { try NPZArchive(bytes).tensor(named: "weights") }
  }

  @Test("refuses entries that share bytes")
  func overlap() throws {
    var bytes = try Self.bytes("\(Self.data)/deflated.npz")
    let starts = bytes.indices.dropLast(4).filter { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4b, 1, 2] }
    bytes.replaceSubrange(starts[1] + 42..<starts[1] + 46, with: [0, 0, 0, 0])
    #expect(throws: GraphError.self) { try NPZArchive(bytes) }
  }

  @Test("survives 10,000 damaged archives", arguments: ["stored.npz", "deflated.npz"])
  func mutations(file: String) throws {
    let good = try Self.bytes("\(Self.data)/\(file)")
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    func readAll(_ bytes: [UInt8]) {
      do throws(GraphError) {
        let archive = try NPZArchive(bytes)
        for name in archive.names {
          do throws(GraphError) { _ = try archive.tensor(named: name) } catch { #expect(!error.description.isEmpty) }
        }
      } catch { #expect(!error.description.isEmpty) }
    }
    for part in 0..<64 { #expect(throws: GraphError.self) { try NPZArchive(Array(good.prefix(good.count * part / 64))) } }
    for _ in 0..<5_000 {
      var bytes = good
      // Half of them in the directory, which is the last third.
      for _ in 0...random(3) {
        let first = random(2) == 0 ? 0 : bytes.count * 2 / 3
        bytes[first + random(bytes.count - first)] ^= UInt8(1 << random(8))
      }
      readAll(bytes)
    }
  }
}
