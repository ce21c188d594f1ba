import MNNGraph
import Testing

@testable import MNNSchema

@Suite struct DamagedFileTests {
  @Test("says what a file is that is no model")
  func notAModel() throws {
    let cases: [([UInt8], String)] = [
      ([], "an empty file"), ([0x1a], "FlatBuffer"), (Array("{\"a\": 1}".utf8), "JSON"),
      ([0x08, 0x08, 0x12, 0x07] + Array("pytorch".utf8) + [UInt8](repeating: 1, count: 90), "an ONNX model"),
      ([0x93] + Array("NUMPY".utf8) + [UInt8](repeating: 1, count: 90), "a numpy array"),
      ([UInt8](repeating: 0, count: 100), "FlatBuffer"), ([UInt8](repeating: 0xff, count: 100), "FlatBuffer"),
    ]
    for (bytes, expected) in cases {
      let error = #expect(throws: FormatError.self) { try Wire.Net(decoding: WireStorage(bytes)) }
      #expect(error?.code == .notAModel)
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
  }

  @Test("says where a file that was cut short is broken")
  func cutShort() throws {
    let file = try ModelFiles.contents(ModelFiles.own("deconv-fp32.mnn"))
    for part in 0..<64 {
      let bytes = Array(file.prefix(file.count * part / 64))
      #expect(throws: FormatError.self) { try Wire.Net(decoding: WireStorage(bytes)) }
    }
    let half = Array(file.prefix(file.count / 2))
    let error = #expect(throws: FormatError.self) { try Wire.Net(decoding: WireStorage(half)) }
    #expect(error?.code == .structureInvalid)
    #expect(error?.location?.contains("byte") == true)
  }

  @Test("never crashes on 10,000 seeded mutations")
  func mutations() throws {
    // Validation is part of it: what decodes must also be judged without a trap.
    let original = try ModelFiles.contents(ModelFiles.own("if-w8.mnn"))
    var random = SplitMix64(seed: 20_260_801)
    var refused = 0
    for round in 0..<10_000 {
      var bytes = original
      for _ in 0...Int(random.next() % 4) {
        let at = Int(random.next() % UInt64(bytes.count))
        bytes[at] ^= 1 << UInt8(random.next() % 8)
      }
      if round % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      do throws(FormatError) {
        try Wire.Net(decoding: WireStorage(bytes)).validate()
      } catch {
        refused += 1
      }
    }
    #expect(refused > 3_000 && refused < 10_000)
  }

  @Test("refuses a small file whose strings would unfold into gigabytes")
  func stringBomb() throws {
    // [string] of 20,000 offsets to one string of 100,000 bytes.
    let count = 20_000, length = 100_000
    var bytes: [UInt8] = []
    func append(_ value: Int) { withUnsafeBytes(of: UInt32(value).littleEndian) { bytes.append(contentsOf: $0) } }
    append(12)  // root
    bytes += [6, 0, 8, 0, 4, 0, 0, 0]  // vtable of StringVec: data at 4
    append(8)
    append(4)
    append(count)
    for index in 0..<count { append(4 * (count - index)) }
    append(length)
    bytes += [UInt8](repeating: 0x61, count: length) + [0, 0, 0, 0]
    let error = #expect(throws: FormatError.self) { try Wire.StringVec(decoding: WireStorage(bytes)) }
    #expect(error?.code == .tooLarge)
  }

  @Test("refuses a name that is not UTF-8")
  func invalidText() throws {
    var extra = Wire.ExtraInfo()
    extra.name = "abcdefgh"
    var bytes = try extra.encoded().bytes
    let at = try #require(bytes.firstIndex(of: UInt8(ascii: "d")))
    bytes[at] = 0xff
    let error = #expect(throws: FormatError.self) { try Wire.ExtraInfo(decoding: WireStorage(bytes)) }
    #expect(error?.code == .stringInvalid)
  }
}
