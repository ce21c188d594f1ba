/// Where random numbers come from: the system, or, if there is a seed, a sequence that the seed decides.
struct RandomSource: RandomNumberGenerator {
  private var sequence: SplitMix64?
  private var system = SystemRandomNumberGenerator()

  init(seed: Float?) { sequence = seed.map { SplitMix64(seed: UInt64($0.bitPattern)) } }

  mutating func next() -> UInt64 { sequence?.next() ?? system.next() }

  /// A number from 0 to below 1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
