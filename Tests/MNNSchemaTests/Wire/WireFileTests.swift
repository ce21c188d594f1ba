import MNNGraph
import Testing

@testable import MNNSchema

@Suite struct WireFileTests {
  @Test(
    "has the shared fixtures to test with",
    .enabled(if: ModelFiles.shared != nil, "no shared/fixtures beside this checkout: three models stand for all"))
  func fixtures() {
    #expect(ModelFiles.fixtures.count >= 60)
  }

  @Test("decodes the operators, names and weights of a real file")
  func decodes() throws {
    let net = try Wire.Net(decoding: WireStorage(mapping: ModelFiles.own("deconv-fp32.mnn")))
    let operators = try #require(net.oplists)
    #expect(net.sourceType == .ONNX)
    #expect(net.extraInfo?.version == "3.6.1")
    #expect(net.tensorName?.first == "input")
    let convolution = try #require(operators.first { $0.type == .Convolution }?.main(as: Wire.Convolution2D.self))
    let common = try #require(convolution.common)
    let weight = try #require(convolution.weight)
    #expect(weight.count == Int(common.outputCount * common.inputCount * common.kernelX * common.kernelY))
    #expect(weight.allSatisfy { $0.isFinite && abs($0) < 10 })
    #expect(weight.elements == Array(weight))
    #expect(convolution.bias?.count == Int(common.outputCount))
    #expect(operators.first { $0.type == .Deconvolution }?.main(as: Wire.Pool.self) == nil)
  }

  @Test("encodes to an equal model", arguments: ModelFiles.all)
  func encodesToEqual(path: String) throws {
    var unknown: [String] = []
    let net = try Wire.Net(decoding: WireStorage(mapping: path)) { unknown.append($0) }
    #expect(unknown.isEmpty)
    let image = try net.encoded()
    let bytes = image.bytes
    #expect(bytes.count == image.byteCount)
    #expect(try Wire.Net(decoding: WireStorage(bytes)) == net)
    // Offsets and padding differ from MNN's, the amount of both hardly.
    #expect(Double(bytes.count) < 1.1 * Double(try MappedFile(path).byteCount))
  }

  @Test("does not copy weights while decoding")
  func borrows() throws {
    let storage = try WireStorage(mapping: ModelFiles.own("deconv-fp32.mnn"))
    let net = try Wire.Net(decoding: storage)
    for op in net.oplists ?? [] {
      guard let weight = op.main(as: Wire.Convolution2D.self)?.weight else { continue }
      #expect(weight.block.storage === storage)
    }
  }

  @Test("keeps a field that is present and equal to its default, and one that is absent")
  func presence() throws {
    var sparse = Wire.Convolution2DCommon(WireTable(Wire.Convolution2DCommon.kind))
    #expect(sparse.kernelX == 1)
    #expect(sparse != Wire.Convolution2DCommon())
    sparse.strideY = 1
    for table in [sparse, Wire.Convolution2DCommon(), Wire.Convolution2DCommon(WireTable(sparse.table.kind))] {
      #expect(try Wire.Convolution2DCommon(decoding: WireStorage(table.encoded().bytes)) == table)
    }
  }

  @Test("aligns long integers to 8 bytes and large vectors to 64")
  func alignment() throws {
    var net = Wire.Net()
    net.oplists = (0..<3).map { index in
      var op = Wire.Op()
      var convolution = Wire.Convolution2D()
      convolution.external = [Int64(index), 2, 3]
      convolution.weight = WireVector([Float](repeating: Float(index), count: 5000 + index))
      op.name = String(repeating: "n", count: index)
      op.setMain(convolution)
      return op
    }
    let bytes = try net.encoded().bytes
    let back = try Wire.Net(decoding: WireStorage(bytes))
    #expect(back == net)
    for op in back.oplists ?? [] {
      let convolution = try #require(op.main(as: Wire.Convolution2D.self))
      #expect(try #require(convolution.external).block.offset % 8 == 0)
      #expect(try #require(convolution.weight).block.offset % 64 == 0)
    }
  }

  @Test("keeps what a later version of the schema added out, and says so")
  func laterSchema() throws {
    var op = Wire.Op()
    op.type = Wire.OpType(rawValue: 307)
    op.setMain(Wire.Axis())
    op.main_type = Wire.OpParameter(rawValue: 103)
    var unknown: [String] = []
    let back = try Wire.Op(decoding: WireStorage(op.encoded().bytes)) { unknown.append($0) }
    #expect(unknown == ["Op"])
    #expect(!back.hasMain)
    #expect(back.main_type.rawValue == 103)
    #expect(back.type.rawValue == 307)
    #expect(!back.type.isKnown)
    #expect(Wire.OpType.Convolution.isKnown)
  }

  @Test("refuses a model above 2 GB before writing it, without needing the memory")
  func tooLarge() throws {
    let shared = WireVector([Float](repeating: 0, count: 1 << 24))
    var net = Wire.Net()
    net.oplists = (0..<33).map { _ in
      var op = Wire.Op()
      var convolution = Wire.Convolution2D()
      convolution.weight = shared
      op.setMain(convolution)
      return op
    }
    let error = #expect(throws: FormatError.self) { try net.encoded() }
    #expect(error?.code == .tooLarge)
    #expect(error?.advice?.contains("--saveExternalData") == true)
  }

  @Test("refuses tables nested too deep")
  func tooDeep() throws {
    var list = Wire.NamedAttrList()
    for _ in 0..<40 {
      var attribute = Wire.Attribute()
      attribute.func = list
      list = Wire.NamedAttrList()
      list.attr = [attribute]
    }
    #expect(throws: FormatError.self) { try list.encoded() }
  }

  @Test("names enum values as the format does")
  func names() {
    #expect(Wire.OpType.ConvolutionDepthwise.description == "ConvolutionDepthwise")
    #expect(Wire.OpType(rawValue: 12) == .Convolution)
    #expect(Wire.OpType(name: "LayerNorm")?.rawValue == 603)
    #expect(Wire.OpType(name: "Frobnicate") == nil)
    #expect(Wire.DataType(rawValue: 99).description == "99")
    #expect(Wire.OpParameter.Convolution2D.description == "Convolution2D")
    #expect(Wire.Convolution2D.parameter == .Convolution2D)
    #expect(Wire.Net.parameter == nil)
  }

  @Test("reads and writes the notes of a model")
  func metadata() throws {
    var net = try Wire.Net(decoding: WireStorage(mapping: ModelFiles.own("metadata.mnn")))
    let notes = ["author": "me", "classes": "{0: \"a\", 1: \"b\"}"]
    #expect(try net.extraInfo?.metadata() == notes)
    var info = Wire.ExtraInfo()
    #expect(try info.metadata().isEmpty)
    try info.setMetadata(notes)
    net.extraInfo = info
    let back = try Wire.Net(decoding: WireStorage(net.encoded().bytes))
    #expect(try back.extraInfo?.metadata() == notes)
    info.buffer = [1, 2, 3]
    #expect(throws: FormatError.self) { try info.metadata() }
  }
}
