/// How a graph is written as a `.mnn` model.
public struct MNNWritingOptions: Sendable, Hashable {
  /// Weights of convolutions and larger constants in half precision.
  public var usesHalfWeights = false
  /// The share of its magnitude by which half precision may change a weight before ``MNNWritingReport`` counts it.
  public var halfTolerance: Float = 0.01
  /// Weights in a file beside the model, named as the model with `.weight` added. Models above 2 GB always have one.
  public var savesExternalWeights = false
  /// A note of the business the model is for (`--bizCode`).
  public var bizCode = ""
  /// Identifies the model; none if nil.
  public var uuid: String?

  public init() {}
}
