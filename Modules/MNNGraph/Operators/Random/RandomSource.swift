/// Where random numbers come from: the system, or, if there is a seed, a sequence that the seed decides.
struct RandomSource: RandomNumberGenerator {
  private var state: UInt64
  private var system: SystemRandomNumberGenerator?

  init(seed: Float?) {
    state = UInt64((seed ?? 0).bitPattern)
    system = seed == nil ? SystemRandomNumberGenerator() : nil
  }

  /// SplitMix64 (Steele, Lea and Flood, 2014) if there is a seed.
  mutating func next() -> UInt64 {
    if system != nil { return system?.next() ?? 0 }
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from 0 to below 1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
