import Testing

@testable import MNNGraph

@Suite("Packed elements") struct PackedElementsTests {
  static let types: [DType] = DType.allCases.filter(\.isPacked)

  @Test("come back from bytes and from every other type", arguments: types, [0, 1, 3, 7, 8, 9, 64, 1001])
  func roundTrip(_ dtype: DType, count: Int) throws {
    let range = dtype.codeRange
    let codes = (0..<count).map { Int8(clamping: range.lowerBound + $0 * 7 % range.count) }
    let tensor = try Tensor(packing: codes, as: dtype, shape: [count])
    #expect(tensor.byteCount == (count * dtype.bitCount + 7) / 8)
    #expect(try tensor.scalars(as: Int8.self) == codes)
    #expect(try tensor.scalars(as: Float.self) == codes.map { Float($0) })
    #expect(try tensor.converted(to: .int32).converted(to: dtype) == tensor)
    #expect(try Tensor(npy: tensor.npyData()) == Tensor(codes))
    #expect(try tensor.reshaped([1, count]).unpacked() == Tensor(shape: [1, count], scalars: codes))
  }

  @Test("lie from the lowest bit of the first byte on, as ONNX has them")
  func order() throws {
    func bytes(_ codes: [Int8], _ dtype: DType) throws -> [UInt8] {
      try Tensor(packing: codes, as: dtype, shape: [codes.count]).withUnsafeBytes { Array($0) }
    }
    #expect(try bytes([1, -2, 7], .int4) == [0xE1, 0x07])
    #expect(try bytes([1, 2, 3, 0, 3], .uint2) == [0b0011_1001, 0b11])
    #expect(try bytes([-1, 0, 1, -4], .int3) == [0b0100_0111, 0b1000])
  }

  @Test("hold no other numbers", arguments: types)
  func range(_ dtype: DType) throws {
    for wrong in [dtype.codeRange.lowerBound - 1, dtype.codeRange.upperBound + 1] {
      let error = #expect(throws: GraphError.self) { try Tensor(packing: [Int8(wrong)], as: dtype, shape: [1]) }
      #expect(error?.code == .indexOutOfRange)
      #expect(try Tensor(Int32(wrong)).converted(to: dtype).scalars(as: Int8.self)[0] != Int8(wrong))
    }
    #expect(throws: GraphError.self) { try Tensor(packing: [0, 0], as: dtype, shape: [3]) }
    // Nobody writes them one by one, or over bytes that are too few.
    #expect(throws: GraphError.self) { try Tensor.zeros(dtype, [4]) }
    #expect(throws: GraphError.self) {
      try Tensor(dtype: dtype, shape: [33], storage: TensorStorage.allocate(byteCount: 33 * dtype.bitCount / 8))
    }
  }

  @Test("are refused by operators that do not know them", arguments: types)
  func operators(_ dtype: DType) throws {
    let packed = try Tensor(packing: [0, 1, 1, 0], as: dtype, shape: [2, 2])
    let operators: [(any Operator, [Tensor])] = [
      (Binary(.add), [packed, packed]), (Transpose(permutation: [1, 0]), [packed]), (Concat(axis: 0), [packed, packed]),
      (Gather(axis: 0), [packed, try Tensor(Int32(0))]), (Identity(), [packed]), (MatMulInteger(), [packed, packed]),
      (BitCast(to: .int8), [packed]), (Cast(to: dtype), [try Tensor(Int32(1))]),
      (QuantizeLinear(dtype: dtype), [try Tensor(Float(1)), try Tensor(Float(1))]),
    ]
    for (op, tensors) in operators {
      #expect(throws: GraphError.self, "\(op.name)") { try Interpreter().evaluate(op, Arguments(tensors)) }
      var graph = Graph()
      let inputs = tensors.map { graph.addConstant($0) }
      #expect(throws: GraphError.self, "\(op.name)") { try graph.append(op, inputs, name: "y") }
    }
    #expect(try Interpreter().evaluate(Cast(to: .float32), Arguments([packed]))[0].scalars(as: Float.self) == [0, 1, 1, 0])
  }

  @Test("are dequantized, by blocks and with offsets, as int8 is", arguments: types)
  func dequantized(_ dtype: DType) throws {
    let shape = [3, 4, 2, 1]
    let range = dtype.codeRange
    let codes = (0..<24).map { Int8(clamping: range.lowerBound + $0 * 5 % range.count) }
    for (axis, block, scale) in [
      (0, 0, [3]), (1, 0, [4]), (1, 2, [3, 2, 1, 1]), (1, 2, [3, 2, 2, 1]), (1, 3, [3, 2, 2, 1]), (0, 2, [2, 4, 2, 1]),
      (1, 4, [1, 1, 1, 1]),
      (3, 1, [1, 1, 1, 1]), (0, 3, [1, 4, 1, 1]),
    ] {
      let op = DequantizeLinear(granularity: QuantizationGranularity(axis: axis, blockSize: block))
      let count = scale.reduce(1, *)
      let scales = try Tensor(shape: scale, scalars: (0..<count).map { 0.25 + Float($0) })
      let offsets = try Tensor(shape: scale, scalars: (0..<count).map { 100 * Float($0) - 7 })
      let zero = try Tensor(Int32(range.lowerBound))
      func values(_ x: Tensor) throws -> [Float] {
        try Interpreter().evaluate(op, Arguments([x, scales, zero, offsets]))[0].scalars(as: Float.self)
      }
      // Straight from the definition.
      let strides = rowMajorStrides(scale)
      let expected = IndexSequence(shape).enumerated().map { i, index in
        var place = 0
        if block == 0 {
          place = index[axis]
        } else {
          for j in 0..<4 { place += scale[j] == 1 ? 0 : (j == axis ? index[j] / block : index[j]) * strides[j] }
        }
        return Float(Double(Int(codes[i]) - range.lowerBound) * (0.25 + Double(place)) + 100 * Double(place) - 7)
      }
      #expect(try values(Tensor(packing: codes, as: dtype, shape: shape)) == expected, "\(axis) \(block) \(scale)")
      #expect(try values(Tensor(shape: shape, scalars: codes)) == expected)
    }
  }

  @Test("stay packed while a graph is simplified, and become floats at last")
  func expanded() throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, Shape([1, 2, 3, 3])))
    let codes = graph.addConstant(try Tensor(packing: [-2, 1, 0, -1], as: .int2, shape: [2, 2, 1, 1]))
    let weight = try graph.append(
      DequantizeLinear(granularity: QuantizationGranularity(axis: 0), dtype: .float32),
      [codes, graph.addConstant(try Tensor([Half(0.5), Half(2)])), nil, graph.addConstant(try Tensor([Float(1), 0]))], name: "w")[
        0]
    graph.setOutputs(try graph.append(Convolution(), [x, weight], name: "y"))
    let before = graph
    try PassPipeline.simplify.run(on: &graph)
    #expect(graph.nodes.contains { $0.op is DequantizeLinear })
    try PassPipeline([.expandWeights]).run(on: &graph)
    let convolution = try #require(graph.nodes.first { $0.op is Convolution })
    #expect(graph.nodes.count == 1)
    #expect(try graph.constant(convolution.inputs[1])?.scalars(as: Float.self) == [0, 1.5, 0, -2])
    let input = try Tensor(shape: [1, 2, 3, 3], scalars: (0..<18).map { Float($0) })
    #expect(try Interpreter().run(before, [input]) == Interpreter().run(graph, [input]))
  }
}
