import Testing

@testable import MNNSchema

@Suite struct ValidationTests {
  @Test("accepts every real model", arguments: ModelFiles.all)
  func acceptsReal(path: String) throws {
    try Wire.Net(decoding: WireStorage(mapping: path)).validate()
  }

  /// A convolution 1×1 of 3 to 2 channels that is valid.
  private func model(_ change: (inout Wire.Net, inout Wire.Op, inout Wire.Convolution2D) -> Void = { _, _, _ in })
    -> Wire.Net
  {
    var net = Wire.Net()
    net.tensorName = ["x", "y"]
    var input = Wire.Op()
    input.type = .Input
    input.name = "x"
    input.setMain(Wire.Input())
    input.outputIndexes = [0]
    var op = Wire.Op()
    op.type = .Convolution
    op.name = "conv1_3"
    op.inputIndexes = [0]
    op.outputIndexes = [1]
    var convolution = Wire.Convolution2D()
    var common = Wire.Convolution2DCommon()
    common.inputCount = 3
    common.outputCount = 2
    convolution.common = common
    convolution.weight = [1, 2, 3, 4, 5, 6]
    convolution.bias = [0, 0]
    change(&net, &op, &convolution)
    if !op.hasMain, op.main_type == .NONE { op.setMain(convolution) }
    net.oplists = [input, op] + (net.oplists ?? [])
    return net
  }

  private func code(_ net: Wire.Net, weights: Int? = nil) -> FormatError.Code? {
    do throws(FormatError) {
      try net.validate(externalByteCount: weights)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("refuses what crashes MNN, naming the operator")
  func refuses() {
    #expect(code(model()) == nil)
    #expect(code(Wire.Net()) == .missing)
    #expect(code(model { net, _, _ in net.tensorName = nil }) == .missing)
    #expect(code(model { _, op, _ in op.inputIndexes = [2] }) == .indexOutOfRange)
    #expect(code(model { _, op, _ in op.inputIndexes = [-2] }) == .indexOutOfRange)
    #expect(code(model { _, op, _ in op.inputIndexes = [-1] }) == nil)
    #expect(code(model { _, op, _ in op.outputIndexes = [99] }) == .indexOutOfRange)
    #expect(code(model { _, op, _ in op.outputIndexes = [0] }) == .producedTwice)
    #expect(code(model { _, op, _ in op.setMain(Wire.Pool()) }) == .parameterMismatch)
    #expect(
      code(
        model { _, op, _ in
          op.type = .OneHot; op.main_type = .OneHotParam
        }) == .parameterMismatch)
    #expect(code(model { _, op, _ in op.type = Wire.OpType(rawValue: -1) }) == .operatorUnknown)
    #expect(code(model { _, op, _ in op.main_type = Wire.OpParameter(rawValue: 103) }) == .parameterMismatch)
    #expect(code(model { _, _, conv in conv.common = nil }) == .missing)
    #expect(code(model { _, _, conv in conv.common?.kernelX = 0 }) == .attributeInvalid)
    #expect(code(model { _, _, conv in conv.common?.strideY = 0 }) == .attributeInvalid)
    #expect(code(model { _, _, conv in conv.common?.dilateX = -1 }) == .attributeInvalid)
    #expect(code(model { _, _, conv in conv.common?.group = 0 }) == .attributeInvalid)
    #expect(
      code(
        model { _, _, conv in
          conv.common?.kernelX = .max; conv.common?.kernelY = .max
        }) == .tooLarge)
    #expect(code(model { _, _, conv in conv.weight = [1, 2] }) == .lengthMismatch)
    #expect(code(model { _, _, conv in conv.weight = nil }) == .missing)
    #expect(code(model { _, _, conv in conv.bias = [1] }) == .lengthMismatch)

    let error = #expect(throws: FormatError.self) { try model { _, _, conv in conv.weight = [1, 2] }.validate() }
    #expect(
      error?.description
        == "Convolution \"conv1_3\": the number of weights does not fit the layer: expected 6, found 2 [MNN-F009]")
  }

  @Test("refuses control flow into subgraphs that are not there")
  func subgraphs() {
    func net(_ names: [String?], then: String = "a") -> Wire.Net {
      model { net, _, _ in
        var choice = Wire.Op()
        choice.type = .If
        var parameters = Wire.IfParam()
        parameters.then_graph = then
        parameters.else_graph = "b"
        choice.setMain(parameters)
        net.oplists = [choice]
        net.subgraphs = names.map { name in
          var subgraph = Wire.SubGraphProto()
          subgraph.name = name
          return subgraph
        }
      }
    }
    #expect(code(net(["a", "b"])) == nil)
    #expect(code(net(["a", "b"], then: "c")) == .subgraphInvalid)
    #expect(code(net(["a", "a"])) == .subgraphInvalid)
    #expect(code(net(["a", nil])) == .subgraphInvalid)
  }

  @Test("refuses packed weights that are shorter than their head promises")
  func packed() throws {
    func net(_ buffer: [Int8], alpha: [Float] = [0, 1, 0, 1], type: Int32 = 1, readType: Int32 = 2) -> Wire.Net {
      model { _, _, conv in
        var packed = Wire.IDSTQuan()
        packed.type = type
        packed.buffer = WireVector(buffer)
        packed.alpha = WireVector(alpha)
        packed.readType = readType
        conv.weight = nil
        conv.quanParameter = packed
      }
    }
    let valid: [Int8] = [2, 2, 0, 3, 0, 4, -2, -1, 0, 1, 0x1b, 0x1b]
    #expect(code(net(valid)) == nil)
    for count in 1..<valid.count { #expect(code(net(Array(valid.prefix(count)))) == .weightEncodingInvalid) }
    #expect(code(net(valid, alpha: [1, 2])) == .lengthMismatch)
    #expect(code(net(valid, alpha: [1, 2], readType: 0)) == nil)
    #expect(code(net([2, 2, 0, 9, 0, 4, -2, -1, 0, 1, 0, 0, 0, 0, 0, 0])) == .lengthMismatch)
    #expect(code(net([2, 0, 0, 3, 0, 4, -2, -1, 0, 1, 0])) == .weightEncodingInvalid)
    #expect(code(net(valid, type: 9)) == .weightEncodingInvalid)

    let head = try WireVector(valid).withUnsafeBytes {
      try PackedWeights(parsing: $0, wideDimensions: false, isSparse: false)
    }
    #expect((head.rows, head.rowLength, head.bits, head.indexOffset) == (2, 3, 2, 10))
    #expect(head.table == [-2, -1, 0, 1])
  }

  @Test("refuses external ranges that leave the file of weights")
  func external() {
    func net(_ range: [Int64]) -> Wire.Net {
      model { _, _, conv in
        conv.weight = nil
        conv.bias = nil
        conv.external = WireVector(range)
      }
    }
    #expect(code(net([100, 24, 8])) == nil)
    #expect(code(net([100, 24, 8]), weights: 132) == nil)
    #expect(code(net([100, 24, 8]), weights: 131) == .externalDataInvalid)
    #expect(code(net([-100, 24, 8])) == .externalDataInvalid)
    #expect(code(net([.max, 24, 8])) == .externalDataInvalid)
    #expect(code(net([100, 24])) == .externalDataInvalid)
    #expect(code(net([100, 20, 8])) == .lengthMismatch)
    #expect(code(net([100, 24, 4])) == .externalDataInvalid)
  }
}
