import MNNGraph
import Testing

@Suite("npy")
struct NPYTests {
  static func file(_ header: String, _ body: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8)
    let length =
      version == 1 ? [UInt8(text.count & 255), UInt8(text.count >> 8)] : [UInt8(text.count & 255), UInt8(text.count >> 8), 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + body
  }

  @Test("reads back what it writes, for every element type", arguments: DType.allCases)
  func roundTrip(dtype: DType) throws {
    for shape in [[], [0], [3], [2, 3], [2, 0, 4]] {
      let count = shape.reduce(1, *)
      let tensor = try Tensor(shape: shape, scalars: (0..<count).map { Float($0 % 2) }).converted(to: dtype)
      let back = try Tensor(npy: tensor.npyData())
      #expect(try back == tensor.converted(to: dtype == .bfloat16 ? .float32 : dtype.isPacked ? .int8 : dtype))
    }
  }

  @Test("reads big-endian and column-major arrays")
  func orders() throws {
    let body: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6]
    let header = "{'descr': '>i4', 'fortran_order': True, 'shape': (2, 3), }"
    #expect(try Tensor(npy: Self.file(header, body)) == Tensor(shape: [2, 3], scalars: [Int32(1), 3, 5, 2, 4, 6]))
    #expect(try Tensor(npy: Self.file(header, body, version: 2)).shape == [2, 3])
  }

  @Test(
    "refuses what is not a whole array",
    arguments: [
      "{'descr': '<i4', 'fortran_order': False, 'shape': (9, 9), }",
      "{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
      "{'descr': '<i4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
      "{'descr': '<i4', 'fortran_order': Maybe, 'shape': (1,), }",
      "{'descr': '<i4', 'shape': (1,), }", "{'descr", "", "{'descr': '<i4', 'fortran_order': False, 'shape': (-1,), }",
    ])
  func refuses(header: String) {
    #expect(throws: GraphError.self) { try Tensor(npy: Self.file(header, [1, 0, 0, 0])) }
  }

  @Test("survives 10,000 damaged files")
  func mutations() throws {
    let good = try Tensor(shape: [4, 3], scalars: (0..<12).map { Float($0) }).npyData()
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for part in 0..<64 { #expect(throws: GraphError.self) { try Tensor(npy: Array(good.prefix(good.count * part / 64))) } }
    for _ in 0..<10_000 {
      var bytes = good
      for _ in 0...random(3) { bytes[random(bytes.count)] ^= UInt8(1 << random(8)) }
      do throws(GraphError) { _ = try Tensor(npy: bytes) } catch { #expect(!error.description.isEmpty) }
    }
  }

  @Test("writes a file whole or not at all")
  func atomic() throws {
    let tensor = try Tensor([Float(1), 2])
    #expect(throws: GraphError.self) { try tensor.writeNPY(to: "/nonexistent/x.npy") }
    #expect(throws: GraphError.self) { try tensor.writeNPY(to: "/tmp") }
    #expect(throws: GraphError.self) { try Tensor(contentsOfNPY: "/tmp") }
    #expect(throws: GraphError.self) { try Tensor(contentsOfNPY: "/nonexistent") }
  }
}
