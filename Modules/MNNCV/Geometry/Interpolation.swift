/// How values between pixels are found.
public enum Interpolation: Sendable, Hashable, CaseIterable {
  case nearest, linear, cubic
  /// The mean of the area that a pixel of the result covers; ``linear`` where an axis grows.
  case area
  /// Eight by eight pixels, windowed sinc.
  case lanczos4
  /// ``linear`` with the pixels' centers and no rounding between the axes.
  case linearExact
  /// ``nearest`` to the pixels' centers.
  case nearestExact
}

/// What lies outside of an image.
public enum Border: Sendable, Hashable, CaseIterable {
  /// A given value: `iiiiii|abcdefgh|iiiiiii`.
  case constant
  /// `aaaaaa|abcdefgh|hhhhhhh`.
  case replicate
  /// `fedcba|abcdefgh|hgfedcb`.
  case reflect
  /// `cdefgh|abcdefgh|abcdefg`.
  case wrap
  /// `gfedcb|abcdefgh|gfedcba`.
  case reflect101

  /// Where coordinate `x` of an axis of `count` pixels is read; nil for outside.
  func index(_ x: Int, _ count: Int) -> Int? {
    if x >= 0 && x < count { return x }
    switch self {
    case .constant: return nil
    case .replicate: return x < 0 ? 0 : count - 1
    case .wrap:
      let rest = x % count
      return rest < 0 ? rest + count : rest
    case .reflect, .reflect101:
      if count == 1 { return 0 }
      let edge = self == .reflect ? 0 : 1
      let period = 2 * (count - edge)
      var rest = x % period
      if rest < 0 { rest += period }
      return rest < count ? rest : period - 1 + edge - rest
    }
  }
}
