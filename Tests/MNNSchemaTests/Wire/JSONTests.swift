import MNNGraph
import Testing

@testable import MNNSchema

@Suite struct JSONTests {
  private func read<T: WireTableView>(_ type: T.Type, _ text: String) throws(FormatError) -> T {
    let storage = WireStorage(Array(text.utf8))
    defer { withExtendedLifetime(storage) {} }
    return try T(json: storage.bytes)
  }

  private func error<T: WireTableView>(_ type: T.Type, _ text: String) -> FormatError? {
    do throws(FormatError) {
      _ = try read(type, text)
      return nil
    } catch {
      return error
    }
  }

  @Test("gives the same model back", arguments: ModelFiles.all)
  func roundTrip(path: String) throws {
    let net = try Wire.Net(decoding: WireStorage(mapping: path))
    let text = WireStorage(net.json)
    let back = try Wire.Net(json: text.bytes)
    #expect(back == net)
    #expect(try Wire.Net(decoding: WireStorage(back.encoded().bytes)) == net)
  }

  @Test("has the shape of MNN's, token by token; only floats have more digits")
  func originalShape() throws {
    let net = try Wire.Net(decoding: WireStorage(mapping: ModelFiles.own("if-w8.mnn")))
    let ours = String(decoding: net.json, as: UTF8.self)
    let originals = String(decoding: try ModelFiles.contents(ModelFiles.own("if-w8.original.json")), as: UTF8.self)
    let (a, b) = (ours.split(separator: " "), originals.split(separator: " "))
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) where x != y {
      let (x, y) = (x.split(separator: ","), y.split(separator: ","))
      let value = try #require(x.first.flatMap { Float($0) }), theirs = try #require(y.first.flatMap { Float($0) })
      #expect(abs(value - theirs) <= 1e-6)
    }
    // Its six decimals are too few for the model, but all else is as written.
    let storage = WireStorage(Array(originals.utf8))
    let read = try Wire.Net(json: storage.bytes)
    #expect(read.tensorName == net.tensorName)
    #expect(read.oplists?.count == net.oplists?.count)
  }

  @Test("keeps every float, also those that JSON has no number for")
  func floats() throws {
    var random = SplitMix64(seed: 7)
    var values: [Float] = [
      0, -0.0, 1, 0.1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, .leastNormalMagnitude.nextDown,
      .greatestFiniteMagnitude, .infinity, -.infinity, .nan, Float(bitPattern: 0x7f80_0001), Float(bitPattern: 0xffc0_0123),
      16_777_216, 1e23,
    ]
    for _ in 0..<50_000 { values.append(Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))) }
    var scale = Wire.Scale()
    scale.scaleData = WireVector(values)
    let text = WireStorage(scale.json)
    let back = try Wire.Scale(json: text.bytes)
    #expect(back == scale)
    #expect(back.scaleData?.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test("reads decimal text as the nearest float")
  func nearest() throws {
    var random = SplitMix64(seed: 11)
    var texts = [
      "16777217", "16777219", "1.00000005960464477539", "1.00000017881393432617", "8589973504", "8589973505", "0.5e-10",
      "123456789012345", "1234567890123456789012", "9.999999e22", "1e-22", "7.0064923216240854e-46",
      "7.1e-46", "3.4028235677973365e+38", "0.000000000000000000000000000000000000000000001",
    ]
    for _ in 0..<20_000 {
      let digits = random.next() % 1_000_000_000_000_000
      texts.append("\(digits)e\(Int(random.next() % 50) - 35)")
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next() >> 33))
      if value.isFinite { texts.append("\(Double(value))") }
    }
    for text in texts {
      let value = Array(text.utf8).withUnsafeBytes(FloatText.parse)
      #expect(value?.bitPattern == Float(text)?.bitPattern, "\(text)")
    }
    for text in ["", "-", ".5", "5.", "01", "1e", "1e+", "+1", "0x10", "1.2.3", "nan", "1 "] {
      #expect(Array(text.utf8).withUnsafeBytes(FloatText.parse) == nil, "\(text)")
    }
  }

  @Test("keeps names with quotes, control characters and letters of any script")
  func strings() throws {
    var op = Wire.Op()
    op.name = "a\"b\\c/d\n\r\t\u{1}\u{7f}é 卷积 👍🏽\u{0}"
    let text = WireStorage(op.json)
    #expect(try Wire.Op(json: text.bytes) == op)
    #expect(try read(Wire.Op.self, #"{"name": "\u00e9\ud83d\ude00\/\b\f"}"#).name == "é😀/\u{8}\u{c}")
  }

  @Test("reads enums as names or numbers, and keys in any order")
  func lenient() throws {
    let op = try read(
      Wire.Op.self,
      #" {"type": 12, "main": {"common": {"padMode": "SAME"}, "external": [1, 2, 3]}, "main_type": "Convolution2D", "inputIndexes": []}"#
    )
    #expect(op.type == .Convolution)
    #expect(op.main(as: Wire.Convolution2D.self)?.common?.padMode == .SAME)
    #expect(op.main(as: Wire.Convolution2D.self)?.external?.elements == [1, 2, 3])
    #expect(op.inputIndexes?.isEmpty == true)
    var unnamed = Wire.Op()
    unnamed.type = Wire.OpType(rawValue: 307)
    let text = WireStorage(unnamed.json)
    #expect(try Wire.Op(json: text.bytes) == unnamed)
  }

  @Test("says where the text is wrong, and what was meant")
  func errors() {
    let cases: [(String, FormatError.Code, String)] = [
      ("", .jsonTypeMismatch, "line 1, column 1"),
      ("[]", .jsonTypeMismatch, "an object (Net)"),
      ("{} x", .jsonSyntax, "the end of the text"),
      ("{\"oplists\": [\n{\"nmae\": \"a\"}]}", .jsonKeyUnknown, "line 2, column 2, oplists[0]; did you mean"),
      ("{\"oplists\": [{}, {\"type\": \"convolution\"}]}", .jsonNameUnknown, "did you mean \"Convolution\"?"),
      ("{\"oplists\": [{}, {\"type\": \"convolution\"}]}", .jsonNameUnknown, "oplists[1].type"),
      ("{\"oplists\": {}}", .jsonTypeMismatch, "expected a list, found an object"),
      ("{\"tensorName\": [\"a\", 7]}", .jsonTypeMismatch, "tensorName[1]: expected a string, found 7"),
      ("{\"tensorNumber\": 2147483648}", .jsonNumberInvalid, "found 2147483648"),
      ("{\"tensorNumber\": 1.5}", .jsonNumberInvalid, "1.5"),
      ("{\"tensorNumber\": null}", .jsonTypeMismatch, "null"),
      ("{\"tensorNumber\": 1, \"tensorNumber\": 1}", .jsonSyntax, "comes twice"),
      ("{\"oplists\": [{\"main\": {}}]}", .jsonKeyUnknown, "main_type"),
      ("{\"oplists\": [{\"main_type\": \"NONE\", \"main\": {}}]}", .jsonTypeMismatch, "union id 0"),
      ("{\"bizCode\": \"a", .jsonSyntax, "does not end"),
      ("{\"bizCode\": \"a\\x\"}", .jsonSyntax, "\\x"),
      ("{\"bizCode\": \"\\ud800\"}", .jsonSyntax, "surrogate"),
      ("{\"bizCode\" \"a\"}", .jsonSyntax, "\":\""),
      ("{\"bizCode\": \"a\",}", .jsonTypeMismatch, "}"),
      ("{\"tensorName\": [\"a\" \"b\"]}", .jsonSyntax, "\",\" or \"]\""),
    ]
    for (text, code, part) in cases {
      let found = error(Wire.Net.self, text)
      #expect(found?.code == code, "\(text): \(found?.description ?? "no error")")
      #expect(found?.description.contains(part) == true, "\(text): \(found?.description ?? "no error")")
    }
    #expect(error(Wire.Scale.self, "{\"scaleData\": [1, 1e39]}")?.description.contains("Infinity") == true)
    let deep = String(repeating: "{\"list\": [{\"func\": ", count: 10)
    #expect(error(Wire.Attribute.self, deep)?.code == .jsonTypeMismatch)
    let nested = String(repeating: "{\"func\": {\"attr\": [", count: 100)
    #expect(error(Wire.Attribute.self, nested)?.code == .tooDeep)
  }

  @Test("never crashes on damaged text")
  func damaged() throws {
    let original = Array(try Wire.Net(decoding: WireStorage(mapping: ModelFiles.own("if-w8.mnn"))).json.prefix(4000))
    var random = SplitMix64(seed: 3)
    for round in 0..<2_000 {
      var bytes = original
      for _ in 0..<(round % 3) { bytes[Int(random.next() % 4000)] = UInt8(truncatingIfNeeded: random.next()) }
      bytes.removeLast(Int(random.next() % 4000))
      let storage = WireStorage(bytes)
      #expect(throws: FormatError.self) { try Wire.Net(json: storage.bytes) }
    }
  }
}
