public import MNNGraph

extension Bisection {
  /// What was found, and what can be done, for people.
  public var text: String {
    "change \(patch.number), made by pass \(pass) at \"\(patch.node)\", is the first wrong one (--disable-pass \(pass) leaves it out)"
  }
}
