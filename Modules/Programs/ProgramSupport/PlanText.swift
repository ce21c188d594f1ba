public import MNNRuntime

extension PlanSummary {
  /// What computes with which numbers: how many steps, the most frequent first, and what of the settings is not honored.
  public var arithmeticText: String {
    let counts = steps.reduce(into: [String: Int]()) { counts, step in
      if !step.arithmetic.isEmpty { counts[step.arithmetic, default: 0] += 1 }
    }
    let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) of \($0.key)" }
    let lines = ["steps: " + (kinds.isEmpty ? "none" : kinds.joined(separator: ", "))]
    return (lines + shortfalls.map { "not honored in \($0.steps) of them: \($0.reason)" }).joined(separator: "\n")
  }

  /// A line per step: node, operator, backend, algorithm, numbers, and what of the settings it does not honor.
  public var stepsText: String {
    let rows = steps.map { step in
      [step.operatorName, step.node, step.backend, step.algorithm, step.arithmetic, step.shortfall ?? ""]
    }
    let widths = (0..<5).map { column in min(40, rows.map { $0[column].count }.max() ?? 0) }
    return rows.map { row in
      let line = zip(row, widths).map { padded($0, to: $1) }.joined(separator: "  ")
      return row[5].isEmpty ? String(line.reversed().drop { $0 == " " }.reversed()) : "\(line)  (\(row[5]))"
    }.joined(separator: "\n")
  }
}
