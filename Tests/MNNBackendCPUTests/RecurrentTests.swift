import MNNGraph
import TestSupport
import Testing

@Suite struct RecurrentTests {
  /// One layer: steps, batch, width, hidden.
  struct Case: CustomTestStringConvertible, Sendable {
    var sizes: [Int]
    var hasBias = true
    var hasStates = true
    var testDescription: String { "\(sizes)\(hasBias ? " bias" : "")\(hasStates ? " states" : "")" }
  }

  static let cases: [Case] = [
    Case(sizes: [5, 1, 12, 16]), Case(sizes: [3, 3, 7, 5], hasStates: false), Case(sizes: [1, 2, 9, 33], hasBias: false),
    Case(sizes: [6, 15, 4, 20], hasBias: false, hasStates: false),
  ]

  static func layers(_ direction: RecurrentDirection) -> [(op: any Operator, gates: Int)] {
    [
      (LSTM(direction: direction), 4), (GRU(direction: direction, resetsAfterProduct: true), 3), (RNN(direction: direction), 1),
      (RNN(direction: direction, activations: .init(repeating: .relu, count: direction.count)), 1),
    ]
  }

  @Test("computes what the reference computes", arguments: cases, levels)
  func agrees(_ test: Case, _ level: String) throws {
    var random = RandomNumbers(seed: 11)
    let (steps, batch, width, hidden) = (test.sizes[0], test.sizes[1], test.sizes[2], test.sizes[3])
    for direction in RecurrentDirection.allCases {
      for (op, gates) in Self.layers(direction) {
        let directions = direction.count
        var sample = Sample()
        var inputs: [Value.ID?] = [
          sample.input(try random.floats([steps, batch, width])),
          sample.constant(try random.floats([directions, gates * hidden, width], in: -0.4...0.4)),
          sample.constant(try random.floats([directions, gates * hidden, hidden], in: -0.4...0.4)),
          test.hasBias ? sample.constant(try random.floats([directions, 2 * gates * hidden])) : nil,
          nil,
          test.hasStates ? sample.input(try random.floats([directions, batch, hidden])) : nil,
        ]
        if gates == 4 { inputs.append(test.hasStates ? sample.input(try random.floats([directions, batch, hidden])) : nil) }
        let results = try sample.graph.append(op, inputs, name: "layer")
        sample.graph.setOutputs(results)
        for threads in [1, 2] {
          let (error, fallbacks) = try sample.difference(level: level, threads: threads)
          #expect(error < tolerance && fallbacks.isEmpty, "\(op) on \(threads) threads: \(error) \(fallbacks)")
        }
      }
    }
  }
}
