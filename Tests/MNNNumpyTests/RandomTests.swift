import MNNNumpy
import Testing

@Suite("random")
struct RandomTests {
  /// Distances of means and variances from their theory, in deviations of such an estimate; chance makes 5 once in a million.
  private static let deviations = 5.0

  private func draw(_ seed: UInt64, _ body: () -> Variable) throws -> [Double] {
    try np.random.withGenerator(np.random.defaultRNG(seed)) { try body().scalars(as: Double.self) }
  }

  /// Whether mean, variance and the first correlation are those of independent numbers of a distribution.
  private func check(_ x: [Double], mean: Double, variance: Double, kurtosis: Double) {
    let n = Double(x.count)
    let m = x.reduce(0, +) / n
    let v = x.reduce(0) { $0 + ($1 - m) * ($1 - m) } / n
    let correlation = zip(x, x.dropFirst()).reduce(0) { $0 + ($1.0 - m) * ($1.1 - m) } / n / v
    #expect(abs(m - mean) < Self.deviations * (variance / n).squareRoot())
    #expect(abs(v - variance) < Self.deviations * variance * ((kurtosis - 1) / n).squareRoot())
    #expect(abs(correlation) < Self.deviations / n.squareRoot())
  }

  @Test("draws uniform numbers")
  func uniform() throws {
    let x = try draw(1) { np.random.rand(200, 500) }
    #expect(x.allSatisfy { $0 >= 0 && $0 < 1 })
    check(x, mean: 0.5, variance: 1 / 12, kurtosis: 1.8)
    let y = try draw(2) { np.random.uniform(-2, 4, size: 100_000, dtype: np.float64) }
    #expect(y.allSatisfy { $0 >= -2 && $0 < 4 })
    check(y, mean: 1, variance: 3, kurtosis: 1.8)
  }

  @Test("draws normal numbers")
  func normal() throws {
    let x = try draw(3) { np.random.randn(100_001) }
    check(x, mean: 0, variance: 1, kurtosis: 3)
    let tails = Double(x.count { abs($0) > 2 }) / Double(x.count)
    #expect(abs(tails - 0.0455) < 0.004)
    check(try draw(4) { np.random.normal(3, 0.5, size: 100_000) }, mean: 3, variance: 0.25, kurtosis: 3)
  }

  @Test("draws whole numbers, all equally often")
  func integers() throws {
    let x = try draw(5) { np.random.randint(-3, 7, size: [100, 1000]) }
    let counts = x.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    #expect(Set(counts.keys) == Set((-3..<7).map(Double.init)))
    let chi = counts.values.reduce(0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
    #expect(chi < 35)  // 9 degrees of freedom: more happens once in 17,000
    #expect(np.random.randint(3, 3).error != nil)
    #expect(np.random.randint(0, 300, dtype: np.uint8).error != nil)
    #expect(try np.random.randint(5, size: [2, 3]).dtype == .int32)
  }

  @Test("gives the same numbers for the same seed")
  func seeds() throws {
    let x = try draw(7) { np.random.rand(10) }
    #expect(try draw(7) { np.random.rand(10) } == x)
    #expect(try draw(8) { np.random.rand(10) } != x)
    let again = np.random.withGenerator(np.random.defaultRNG()) {
      np.random.seed(7)
      return np.random.rand(10)
    }
    #expect(try again.scalars(as: Double.self) == x)
  }

  @Test("shuffles and chooses")
  func choices() throws {
    let order = try draw(9) { np.random.permutation(of: 50) }
    #expect(order.sorted() == (0..<50).map(Double.init))
    #expect(order != (0..<50).map(Double.init))
    let chosen = try draw(10) { np.random.choice(np.arange(20), size: 20, replace: false) }
    #expect(chosen.sorted() == (0..<20).map(Double.init))
    #expect(np.random.choice([1, 2], size: 3, replace: false).error != nil)
    check(try draw(11) { np.random.exponential(2, size: 100_000) }, mean: 2, variance: 4, kurtosis: 9)
  }
}
