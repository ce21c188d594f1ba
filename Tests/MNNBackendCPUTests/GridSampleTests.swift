import MNNGraph
import TestSupport
import Testing

@Suite struct GridSampleTests {
  @Test("computes what the reference computes", arguments: GridSample.Mode.allCases, GridSample.Padding.allCases)
  func agrees(_ mode: GridSample.Mode, _ padding: GridSample.Padding) throws {
    var random = RandomNumbers(seed: 31)
    for (alignsCorners, size) in [(true, [2, 5, 4, 7]), (false, [1, 3, 6, 5]), (false, [1, 1, 1, 1]), (true, [1, 2, 1, 3])] {
      var sample = Sample()
      let x = sample.input(try random.floats(size))
      // More points than are computed together; some far outside, on edges and ties, and not finite.
      var points = try random.floats([size[0] * 15 * 11 * 2]).scalars(as: Float.self)
      points.replaceSubrange(0..<12, with: [-1, 1, 0, 0, 1, -1, 40, -30, .infinity, 0, .nan, 0.5])
      let grid = sample.input(try Tensor(shape: [size[0], 15, 11, 2], scalars: points))
      sample.graph.setOutputs([try sample.add(GridSample(mode, padding: padding, alignsCorners: alignsCorners), x, grid)])
      let (error, fallbacks) = try sample.difference(level: "scalar", threads: 2)
      #expect(error < tolerance, "\(size)")
      #expect(fallbacks.isEmpty)
    }
  }

  @Test("does not read what lies outside")
  func infinite() throws {
    var sample = Sample()
    let x = sample.input(try Tensor(shape: [1, 1, 1, 2], scalars: [Float.infinity, 1]))
    let grid = sample.input(try Tensor(shape: [1, 1, 1, 2], scalars: [Float(5), 0]))
    sample.graph.setOutputs([try sample.add(GridSample(), x, grid)])
    #expect(try sample.difference(level: "scalar").error == 0)
  }
}
