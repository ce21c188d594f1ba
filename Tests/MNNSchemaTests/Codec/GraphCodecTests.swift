import Foundation
import MNNGraph
import Testing

@testable import MNNSchema

/// An operator that no table knows.
private struct Unwritable: PrimitiveOperator {
  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] { [try operands.type(0)] }
  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] { [try arguments.tensor(0)] }
}

@Suite("Graph codec") struct GraphCodecTests {
  @Test("no operator stands in two tables")
  func tables() {
    #expect(OperatorReaders.tables.joined().count == OperatorReaders.all.count)
  }

  @Test("functions of one number are operators of the format, but for those that it does not have")
  func functions() throws {
    var others: Set<ScalarFunction.Kind> = []
    for kind in ScalarFunction.Kind.allCases {
      var graph = Graph(name: "sample")
      let x = graph.addInput("x", type: TensorType(.float32, [4]))
      graph.setOutputs(try graph.append(Unary(ScalarFunction(kind, kind == .celu ? 1 : 0)), [x]))
      let written = try Legalization.writable(graph)
      if written.nodes.contains(where: { OperatorWriters.ownWriter(for: $0, in: written) == nil }) { others.insert(kind) }
    }
    #expect(others == [.bitwiseNot])
  }

  @Test("never crashes on 10,000 seeded mutations", arguments: ["if-w8.mnn", "deconv-fp32.mnn"])
  func mutations(_ name: String) throws {
    let original = try ModelFiles.contents(ModelFiles.own(name))
    var random = SplitMix64(seed: 20_261_123)
    var refused = 0
    for round in 0..<5_000 {
      var bytes = original
      for _ in 0...Int(random.next() % 4) {
        let at = Int(random.next() % UInt64(bytes.count))
        bytes[at] ^= 1 << UInt8(random.next() % 8)
      }
      if round % 8 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      do throws(FormatError) { _ = try Graph(mnn: bytes) } catch { refused += 1 }
    }
    #expect(refused > 500 && refused < 5_000)
  }

  /// A convolution with a constant of more than a thousand elements after it.
  private func sample() throws -> Graph {
    var graph = Graph(name: "sample")
    let x = graph.addInput("x", type: TensorType(.float32, [1, 3, 8, 8]))
    let weight = graph.addConstant(try Tensor(shape: [32, 3, 3, 3], scalars: (0..<864).map { Float($0 % 17) / 8 - 1 }))
    let table = graph.addConstant(try Tensor(shape: [32, 6, 6], scalars: (0..<1152).map { Float($0 % 13) }))
    let y = try graph.append(Convolution(activation: .silu), [x, weight], name: "conv")[0]
    let z = try graph.append(Binary(.add), [y, table], name: "z")[0]
    graph.setOutputs([z])
    graph.metadata = ["author": "me"]
    return graph
  }

  @Test("knows sizes from scales after shapes that depend on an earlier resize")
  func resizes() throws {
    var graph = Graph(name: "resizes")
    let x = graph.addInput("x", type: TensorType(.float32, [1, 2, 3, 4]))
    var value = x
    for target in [[5, 7], [2, 3]] as [[Int32]] {
      let shape = try graph.append(ShapeOf(dtype: .int32), [value])[0]
      let zero = graph.addConstant(try Tensor([Int32(0)])), two = graph.addConstant(try Tensor([Int32(2)]))
      let kept = try graph.append(Slice(), [shape, zero, two, zero])[0]
      let sizes = try graph.append(Concat(axis: 0), [kept, graph.addConstant(try Tensor(target))])[0]
      value = try graph.append(Resize(.linear), [value, nil, nil, sizes], name: "resized \(target)")[0]
    }
    let spatial = graph.addConstant(try Tensor([Int32(6), 5]))
    value = try graph.append(Resize(.linear, axes: [2, 3]), [value, nil, nil, spatial], name: "y")[0]
    graph.setOutputs([value])
    let input = try Tensor(shape: [1, 2, 3, 4], scalars: (0..<24).map { Float($0 * $0 % 19) })
    let back = try Graph(mnn: graph.mnnBytes())
    let (expected, found) = (try Interpreter().run(graph, [input])[0], try Interpreter().run(back, [input])[0])
    #expect(found.shape == [1, 2, 6, 5] && expected.shape == found.shape)
    #expect(try found.scalars(as: Float.self) == expected.scalars(as: Float.self))
    #expect(!back.nodes.contains { $0.op.name.hasPrefix("Extra") })
  }

  private func run(_ graph: Graph) throws -> Tensor {
    let x = try Tensor(shape: [1, 3, 8, 8], scalars: (0..<192).map { Float($0 % 7) - 3 })
    return try Interpreter().run(graph, [x])[0]
  }

  @Test("writes and reads weights in the file, beside it, and in half precision")
  func weights() throws {
    let graph = try sample()
    let expected = try run(graph).scalars(as: Float.self)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (half, external) in [(false, false), (false, true), (true, false), (true, true)] {
      var options = MNNWritingOptions()
      options.usesHalfWeights = half
      options.savesExternalWeights = external
      let path = "\(folder)/\(half)-\(external).mnn"
      try graph.writeMNN(to: path, options: options)
      #expect(FileManager.default.fileExists(atPath: path + ".weight") == external)
      let back = try Graph(contentsOfMNN: path)
      #expect(back.metadata == ["author": "me"])
      #expect(back.inputs.map { back[$0].name } == ["x"])
      #expect(back.outputs.map { back[$0].name } == ["z"])
      for (a, b) in zip(try run(back).scalars(as: Float.self), expected) {
        #expect(abs(a - b) <= (half ? 0.01 : 1e-5) * max(1, abs(b)))
      }
    }
    // Without its weights a model is refused, with the file named; so is one whose weights are cut short.
    let weights = "\(folder)/false-true.mnn.weight"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: weights))
    try bytes.prefix(100).write(to: URL(fileURLWithPath: weights))
    let short = #expect(throws: FormatError.self) { try Graph(contentsOfMNN: "\(folder)/false-true.mnn") }
    #expect(short?.code == .externalDataInvalid || short?.code == .lengthMismatch)
    try FileManager.default.removeItem(atPath: weights)
    let missing = #expect(throws: FormatError.self) { try Graph(contentsOfMNN: "\(folder)/false-true.mnn") }
    #expect(missing?.code == .externalDataInvalid)
    #expect(missing?.description.contains(".weight") == true)
  }

  @Test("reports all operators that cannot be written, once, and leaves no file")
  func unsupported() throws {
    var graph = try sample()
    let first = try graph.append(Unwritable(), [graph.outputs[0]], name: "upper")[0]
    let again = try graph.append(Unwritable(), [first], name: "lower")[0]
    graph.setOutputs([again])
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    let error = #expect(throws: FormatError.self) { try graph.writeMNN(to: path) }
    #expect(error?.code == .operatorUnsupported)
    #expect(error?.found?.contains("×2 (\"upper\", \"lower\")") == true)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("says what a file is for")
  func info() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try sample().writeMNN(to: path)
    let expected = """
      Model default dimensionFormat is NCHW
      Model Inputs:
      [ x ]: dimensionFormat: NCHW, size: [ 1,3,8,8 ], type is float
      Model Outputs:
      [ z ]
      Model Version: 3.6.1\u{20}
      MetaData: Begin\u{20}
      [Meta] author : me
      MetaData: End\u{20}
      """
    #expect("\(try ModelInfo(contentsOfMNN: path))" == expected)
  }
}
