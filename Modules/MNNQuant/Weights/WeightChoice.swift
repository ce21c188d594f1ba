import MNNGraph

/// How the weights of each layer are to be kept.
public struct WeightChoice: Sendable, Hashable {
  /// What one layer is kept as.
  public enum Form: Sendable, Hashable {
    case floats
    case codes(WeightQuantization)
  }

  /// For layers that are not named.
  public var standard: Form
  /// For layers that few bits harm most, if they are not named: those whose result leaves the graph, and those whose input channels
  /// the block of ``standard`` does not divide, which would have one scale for far more weights. nil for no difference.
  public var sensitive: Form?
  /// By ``WeightLayer/path`` or ``WeightLayer/sumPath``.
  public var layers: [String: Form]

  public init(standard: Form, sensitive: Form? = nil, layers: [String: Form] = [:]) {
    self.standard = standard
    self.sensitive = sensitive
    self.layers = layers
  }

  /// All layers alike.
  public init(_ quantization: WeightQuantization) { self.init(standard: .codes(quantization)) }

  /// Below 8 bits, layers that these harm most have 8.
  public static func protecting(_ quantization: WeightQuantization) -> WeightChoice {
    guard quantization.bits < 8 else { return WeightChoice(quantization) }
    let wide = WeightQuantization(bits: 8, isAsymmetric: quantization.isAsymmetric)
    return WeightChoice(standard: .codes(quantization), sensitive: .codes(wide))
  }

  /// What a layer is kept as.
  public func form(of layer: WeightLayer) -> Form {
    if let named = layers[layer.path] ?? layer.sumPath.flatMap({ layers[$0] }) { return named }
    guard let sensitive, case .codes(let quantization) = standard else { return standard }
    if layer.isLast { return sensitive }
    guard quantization.blockSize > 0 else { return standard }
    guard let channels = layer.channels else { return sensitive }
    return quantization.groupCount(rows: 1, channels: channels) == 1 && channels != quantization.blockSize ? sensitive : standard
  }
}
