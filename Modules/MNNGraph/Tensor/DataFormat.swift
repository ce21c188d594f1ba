/// The order in which users see an image tensor's axes; a property of a graph's inputs and outputs and of a `Variable`.
public enum DataFormat: String, Hashable, Sendable, CaseIterable {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case NCHW, NHWC
  /// Channels in groups of four innermost: memory `[N, ceil(C/4), H, W, 4]`, logical shape as ``NCHW``.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case NC4HW4
}
