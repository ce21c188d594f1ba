/// A color for each of the kinds of nodes that take the most time, one for the rest.
struct KindColors {
  private let indices: [NodeKind: Int]
  /// As many as the style sheet has colors.
  private static let count = 8

  init(_ nodes: NodeTimes) {
    indices = Dictionary(
      nodes.kinds.prefix(KindColors.count - 1).enumerated().map { ($1.kind, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A CSS color.
  subscript(kind: NodeKind) -> String { "var(--c\(indices[kind] ?? KindColors.count - 1))" }
}
