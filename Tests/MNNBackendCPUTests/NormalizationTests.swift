import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct NormalizationTests {
  /// A block as of ConvNeXt: depthwise, normalized over channels, two products, scaled, added to where it came from.
  @Test("a block between convolutions and products has no layout passes", arguments: levels)
  func block(level: String) throws {
    var random = RandomNumbers(seed: 41)
    for (batch, channels) in [(1, 32), (2, 20)] {
      var sample = Sample()
      func weights(_ shape: [Int]) throws -> Value.ID { sample.constant(try random.floats(shape, in: -0.3...0.3)) }
      func norm(_ x: Value.ID) throws -> Value.ID {
        let rows = try sample.add(Transpose(permutation: [0, 2, 3, 1]), x)
        return try sample.add(LayerNorm(epsilon: 1e-6), rows, weights([channels]), weights([channels]))
      }
      let x = sample.input(try random.floats([batch, 3, 12, 8]))
      let stem = try sample.add(Convolution(strides: [2, 2]), x, weights([channels, 3, 2, 2]), weights([channels]))
      let start = try sample.add(Transpose(permutation: [0, 3, 1, 2]), norm(stem))
      let depthwise = try sample.add(
        Convolution(groups: channels, padding: .explicit(before: [1, 1], after: [1, 1])), start, weights([channels, 1, 3, 3]),
        weights([channels]))
      var y = try sample.add(Binary(.add), sample.add(MatMul(), norm(depthwise), weights([channels, 64])), weights([64]))
      y = try sample.add(Unary(.gelu), y)
      y = try sample.add(Binary(.add), sample.add(MatMul(), y, weights([64, channels])), weights([channels]))
      y = try sample.add(Transpose(permutation: [0, 3, 1, 2]), y)
      y = try sample.add(Binary(.add), sample.add(Binary(.multiply), weights([channels, 1, 1]), y), start)
      sample.graph.setOutputs([try sample.add(Convolution(), y, weights([16, channels, 1, 1]))])
      let (error, fallbacks) = try sample.difference(level: level, threads: 2)
      #expect(error < tolerance)
      #expect(fallbacks.isEmpty)
      let module = try Module(graph: sample.graph, runtime: RuntimeManager.cpu(instructionSet: level))
      let operators = try module.plan(forInputs: sample.inputs.map(\.type)).placement.entries.map(\.operatorName)
      #expect(
        operators == [
          "BlockedConvolution", "BlockedLayerNorm", "BlockedConvolution", "BlockedLayerNorm", "FusedMatMul", "BlockedProduct",
          "BlockedConvolution", "FromBlocked",
        ])
    }
  }
}
