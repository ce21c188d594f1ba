import MNNGraph
import TestSupport
import Testing

@Suite struct ResizeTests {
  static let operators: [Resize] =
    Resize.NearestRounding.allCases.map { Resize(.nearest($0)) }
    + Resize.CoordinateTransformation.allCases.filter { $0 != .cropAndResize }.map { Resize(.linear, transformation: $0) }
    + [
      Resize(.cubic(coefficient: -0.75)), Resize(.cubic(coefficient: -0.5), transformation: .alignCorners, excludesOutside: true),
      Resize(.linear, antialiases: true), Resize(.nearest(.floor), transformation: .asymmetric),
    ]

  @Test("computes what the reference computes", arguments: operators, levels)
  func agrees(_ op: Resize, _ level: String) throws {
    var random = RandomNumbers(seed: 11)
    let cases: [(x: [Int], scales: [Float])] = [
      ([2, 3, 5, 7], [1, 1, 2, 3]), ([1, 5, 9, 8], [1, 1, 0.5, 0.6]), ([1, 4, 4, 6], [1, 1, 1, 1.7]), ([2, 3, 8], [1, 1, 2.5]),
      ([1, 5, 6, 3], [1, 1.5, 2, 1]), ([3, 4], [1, 1]), ([1, 2, 3, 37], [1, 1, 2, 1.9]), ([1, 2, 2, 90], [1, 1, 3, 0.6]),
      ([1, 1, 2, 40], [1, 1, 1, 4.3]),
    ]
    for test in cases {
      var sample = Sample()
      let x = sample.input(try random.floats(test.x))
      let scales = sample.constant(try Tensor(test.scales))
      sample.graph.setOutputs([try sample.add(op, x, nil, scales)])
      let (error, fallbacks) = try sample.difference(level: level, threads: 2)
      #expect(error < tolerance, "\(test)")
      #expect(fallbacks.isEmpty)
    }
  }

  @Test("stays blocked between convolutions", arguments: levels)
  func blocked(level: String) throws {
    var random = RandomNumbers(seed: 12)
    var sample = Sample()
    let x = sample.input(try random.floats([2, 3, 6, 5]))
    let first = try sample.add(Convolution(), x, sample.constant(try random.floats([18, 3, 1, 1])))
    let sizes = sample.constant(try Tensor([Int64(2), 18, 11, 13]))
    let resized = try sample.add(Resize(.linear, transformation: .alignCorners), first, nil, nil, sizes)
    let second = try sample.add(Convolution(), resized, sample.constant(try random.floats([7, 18, 1, 1])))
    sample.graph.setOutputs([second])
    let (error, fallbacks) = try sample.difference(level: level)
    #expect(error < tolerance)
    #expect(fallbacks.isEmpty)
  }
}
