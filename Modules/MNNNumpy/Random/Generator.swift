import Synchronization

/// A source of random numbers: xoshiro256++ (Blackman and Vigna), its state filled from a seed by SplitMix64.
///
/// The same seed gives the same numbers on every machine. They are not those of numpy. A generator may be used by several
/// tasks; which of them gets which numbers is then open.
public final class RandomGenerator: Sendable {
  private let state: Mutex<State>

  struct State {
    var words: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
      var counter = seed
      func next() -> UInt64 {
        counter &+= 0x9e37_79b9_7f4a_7c15
        var z = counter
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
      }
      words = (next(), next(), next(), next())
    }

    mutating func next() -> UInt64 {
      var (a, b, c, d) = words
      let sum = a &+ d
      let result = (sum << 23 | sum >> 41) &+ a
      let t = b << 17
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= t
      d = d << 45 | d >> 19
      words = (a, b, c, d)
      return result
    }

    /// A multiple of 2^-53 in `0 ..< 1`.
    mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Two independent normal numbers: Box and Muller's method.
    mutating func nextNormals() -> (Double, Double) {
      let radius = (-2 * Double.log(1 - nextUniform())).squareRoot()
      let angle = 2 * Double.pi * nextUniform()
      return (radius * .cos(angle), radius * .sin(angle))
    }

    /// A whole number in `0 ..< bound`, all equally likely (Lemire's method); any for a bound of 0.
    mutating func next(below bound: UInt64) -> UInt64 {
      if bound == 0 { return next() }
      var (high, low) = next().multipliedFullWidth(by: bound)
      if low < bound {
        let limit = (0 &- bound) % bound
        while low < limit { (high, low) = next().multipliedFullWidth(by: bound) }
      }
      return high
    }
  }

  /// - Parameter seed: nil for one that the system draws.
  public init(seed: UInt64? = nil) {
    var system = SystemRandomNumberGenerator()
    state = Mutex(State(seed: seed ?? system.next()))
  }

  /// Starts anew from a seed.
  public func seed(_ seed: UInt64) { state.withLock { $0 = State(seed: seed) } }

  func withState<R>(_ body: (inout State) -> sending R) -> sending R { state.withLock(body) }
}
