import CKernels
import Testing

/// One instruction-set level of this processor: kernels are tested at each.
struct Level: CustomTestStringConvertible, Sendable {
  let name: String
  let isa: UInt32
  /// Floats in a vector, and channels in a block.
  let lanes: Int

  var testDescription: String { name }

  static let all: [Level] = [("scalar", 4), ("avx2", 8), ("avx512", 16), ("neon", 4)].compactMap { name, lanes in
    let isa = ck_cpu_limit_isa(ck_cpu_isa_mask(), name)
    return isa & ck_cpu_limit_isa(.max, name) == ck_cpu_limit_isa(.max, name) ? Level(name: name, isa: isa, lanes: lanes) : nil
  }

  /// Lengths around the vector width, and some primes.
  var lengths: [Int] { Array(0...(2 * lanes + 1)) + [4 * lanes, 4 * lanes + 1, 97, 211] }
}

/// Reproducible numbers (a linear congruential generator); the seed is part of the test's source.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 32) | (state << 32)
  }
  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -2...2) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// The first index at which `actual` is further from `expected` than `relative` (of its magnitude) or `absolute`; NaN equals NaN.
func firstDifference(_ actual: [Float], _ expected: [Double], relative: Double, absolute: Double = 0) -> String? {
  guard actual.count == expected.count else { return "\(actual.count) elements instead of \(expected.count)" }
  for (index, pair) in zip(actual, expected).enumerated() {
    let (found, wanted) = (Double(pair.0), pair.1)
    if found.isNaN && wanted.isNaN || found == wanted { continue }
    if Swift.abs(found - wanted) <= Swift.max(relative * Swift.abs(wanted), absolute) { continue }
    return "at \(index): \(found) instead of \(wanted)"
  }
  return nil
}

/// Plain `[n, channels, spatial]` as blocked `[n, ceil(channels / c), spatial, c]` with `garbage` in the lanes past `channels`.
func blocked(_ plain: [Float], n: Int, channels: Int, spatial: Int, c: Int, garbage: Float = .nan) -> [Float] {
  let blocks = (channels + c - 1) / c
  var result = [Float](repeating: garbage, count: n * blocks * spatial * c)
  for image in 0..<n {
    for channel in 0..<channels {
      for p in 0..<spatial {
        result[((image * blocks + channel / c) * spatial + p) * c + channel % c] =
          plain[(image * channels + channel) * spatial + p]
      }
    }
  }
  return result
}

/// The inverse of ``blocked(_:n:channels:spatial:c:garbage:)``.
func plain(_ blocked: [Float], n: Int, channels: Int, spatial: Int, c: Int) -> [Float] {
  let blocks = (channels + c - 1) / c
  var result = [Float](repeating: 0, count: n * channels * spatial)
  for image in 0..<n {
    for channel in 0..<channels {
      for p in 0..<spatial {
        result[(image * channels + channel) * spatial + p] =
          blocked[((image * blocks + channel / c) * spatial + p) * c + channel % c]
      }
    }
  }
  return result
}
