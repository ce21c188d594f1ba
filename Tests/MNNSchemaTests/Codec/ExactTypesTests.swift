import MNNGraph
import Testing

@testable import MNNSchema

/// What MNN's engine narrows comes back as it was; MNN reads what it always did.
@Suite("Exact types") struct ExactTypesTests {
  /// `y = x + constant`, with an output that is the constant's sum.
  private func graph(_ constant: Tensor) throws -> Graph {
    var graph = Graph(name: "wide")
    let x = graph.addInput("x", type: TensorType(constant.dtype, [.symbol("n")]))
    let k = graph.addConstant(constant, name: "k")
    graph.setOutputs([try graph.append(Binary(.add), [x, k], name: "y")[0]])
    return graph
  }

  private static let samples: [(dtype: DType, values: Tensor)] = {
    func make<T: TensorScalar>(_ values: [T]) -> (DType, Tensor)? { (try? Tensor(values)).map { (T.dtype, $0) } }
    return [
      make([Int64.min, .max, 1 << 31, -1 << 31, 1 << 53 + 1, 0]), make([UInt64.max, 1 << 63, 7]), make([UInt32.max, 1 << 31, 7]),
      make([Int16.min, .max, 7]), make([UInt16.max, 7]),
      make([1e300, -Double.leastNonzeroMagnitude, 0.1, -.infinity, 0, -0.0, 3]),
      make([Int64(1), -2, 1 << 30]), make([0.5, 3]),
    ].compactMap { $0 }
  }()

  @Test("constants, inputs and results keep their types and values", arguments: samples.indices)
  func constants(_ i: Int) throws {
    let (dtype, values) = Self.samples[i]
    let original = try graph(values)
    for external in [false, true] {
      var options = MNNWritingOptions()
      options.savesExternalWeights = external
      let (net, _, _) = try original.encoded(options)
      let back = try Graph(try Wire.Net(decoding: WireStorage(net.encoded().bytes)), external: nil)
      #expect(back[back.inputs[0]].type?.dtype == dtype)
      #expect(back[back.outputs[0]].type?.dtype == dtype)
      let zeros = try Tensor.zeros(dtype, values.shape)
      let (a, b) = (try Interpreter().run(original, [zeros])[0], try Interpreter().run(back, [zeros])[0])
      #expect(a.type == b.type && a.withUnsafeBytes { x in b.withUnsafeBytes { x.elementsEqual($0) } })
    }
  }

  @Test("what MNN reads is what it was: 32 bits, and int32 or float32")
  func narrow() throws {
    let net = try graph(Tensor([Int64(1) << 40, -5])).encoded(MNNWritingOptions()).net
    let operators = net.oplists ?? []
    #expect(operators.first { $0.type == .Input }?.main(as: Wire.Input.self)?.dtype == .DT_INT32)
    let blob = operators.first { $0.type == .Const }?.main(as: Wire.Blob.self)
    #expect(blob?.dataType == .DT_INT32)
    #expect(blob?.int32s.map { Array($0) } == [1 << 30, -5])
    #expect(blob?.int64s.map { Array($0) } == [1 << 40, -5])
    // Numbers of which 32 bits hold all take no more room than before.
    let small = try graph(Tensor([Int64(4), -5])).encoded(MNNWritingOptions()).net
    #expect((small.oplists ?? []).allSatisfy { $0.main(as: Wire.Blob.self)?.int64s == nil })
  }

  @Test("weights of doubles are not kept as floats")
  func doubleWeights() throws {
    var graph = Graph(name: "double")
    let x = graph.addInput("x", type: TensorType(.float64, [1, 1, 2, 2]))
    let w = graph.addConstant(try Tensor(shape: [1, 1, 2, 2], scalars: [1e200, 1, 1, -1e200]))
    let scale = graph.addConstant(try Tensor([1e200, 1]))
    let y = try graph.append(Convolution(), [x, w], name: "y")[0]
    let z = try graph.append(LayerNorm(axis: -1), [x, scale, scale], name: "z")[0]
    graph.setOutputs([y, z])
    let back = try Graph(mnn: graph.mnnBytes())
    let input = try Tensor(shape: [1, 1, 2, 2], scalars: [1.0, 2, 3, 0.5])
    for (a, b) in zip(try Interpreter().run(graph, [input]), try Interpreter().run(back, [input])) {
      #expect(a.type == b.type)
      for (p, q) in zip(try a.scalars(as: Double.self), try b.scalars(as: Double.self)) { #expect(abs(p - q) <= 1e-9 * abs(p)) }
    }
  }

  @Test("types that are none, and elements that are too few, are refused")
  func damaged() throws {
    var net = try graph(Tensor([Int64(1) << 40, -5])).encoded(MNNWritingOptions()).net
    let good = net
    var describes = try #require(net.extraTensorDescribe)
    var blob = try #require(describes[0].blob)
    blob.strings = ["int65"]
    describes[0].blob = blob
    net.extraTensorDescribe = describes
    let unknown = #expect(throws: FormatError.self) { try Graph(net, external: nil) }
    #expect(unknown?.code == .attributeInvalid && unknown?.found == "\"int65\"")
    net = good
    var operators = try #require(net.oplists)
    let i = try #require(operators.firstIndex { $0.type == .Const })
    var constant = try #require(operators[i].main(as: Wire.Blob.self))
    constant.int64s = [7]
    operators[i].setMain(constant)
    net.oplists = operators
    let short = #expect(throws: FormatError.self) { try Graph(net, external: nil) }
    #expect(short?.code == .lengthMismatch)
  }

  @Test("half precision says how many weights it changes")
  func halves() throws {
    var graph = Graph(name: "half")
    let x = graph.addInput("x", type: TensorType(.float32, [100]))
    var values = [Float](repeating: 0.123, count: 100)
    values[0] = 1e6
    values[1] = -7e4
    values[2] = 1e-9
    values[3] = 65519
    values[4] = .infinity
    values[5] = .nan
    values[6] = 3e-8
    graph.setOutputs([try graph.append(Binary(.add), [x, graph.addConstant(try Tensor(values))], name: "y")[0]])
    var options = MNNWritingOptions()
    options.usesHalfWeights = true
    var report = try graph.encoded(options).report
    #expect(report.halfCount == 100 && report.changedCount == 4 && report.saturatedCount == 2)
    #expect(
      report.warning(tolerance: options.halfTolerance)
        == "half precision changes 4 of 100 weights by more than 1.0 %: 2 beyond 65504, held there, 2 too small")
    options.halfTolerance = 0.5
    report = try graph.encoded(options).report
    #expect(report.changedCount == 3)
    options.usesHalfWeights = false
    #expect(try graph.encoded(options).report == MNNWritingReport())
    let back = try Interpreter().run(Graph(mnn: try graph.mnnBytes()), [Tensor.zeros(.float32, [100])])[0]
    #expect(try back.scalars(as: Float.self)[0] == 1e6)
  }
}
