/// The channels of an image's pixels, in memory order, 8 bits each.
public enum PixelFormat: String, Sendable, Hashable, CaseIterable {
  case gray, rgb, rgba, bgr, bgra

  /// The size of the last axis.
  public var channelCount: Int {
    switch self {
    case .gray: 1
    case .rgb, .bgr: 3
    case .rgba, .bgra: 4
    }
  }
}
