/// A colour for each of the operators that take the most time, one for the rest.
struct OperatorColors {
  private let indices: [String: Int]
  /// As many as the style sheet has colours.
  static let count = 8

  init(_ nodes: NodeTimes) {
    indices = Dictionary(
      nodes.operators.prefix(OperatorColors.count - 1).enumerated().map { ($1.operatorName, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// A CSS colour.
  subscript(operatorName: String) -> String { "var(--c\(indices[operatorName] ?? OperatorColors.count - 1))" }
}
