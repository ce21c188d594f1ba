import ProgramSupport

/// Several measurements that were made in turns, against the first.
struct ComparisonTable: Encodable, CustomStringConvertible {
  var runs: [Report]

  init(_ runs: [Report]) { self.runs = runs }

  var description: String {
    guard let first = runs.first else { return "" }
    // What all labels begin with says nothing; a folder is the least that is worth leaving out.
    let prefix = runs.map(\.label).reduce(first.label) { a, b in String(zip(a, b).prefix { $0 == $1 }.map(\.0)) }
    let common = runs.count > 1 ? prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? "" : ""
    let labels = runs.map { String($0.label.dropFirst(common.count)) }
    let width = max(8, labels.map(\.count).max() ?? 0)
    func row(_ label: String, _ cells: [String]) -> String {
      padded(label, to: width)
        + cells.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined()
    }
    var lines = common.isEmpty ? [] : ["in \(common)"]
    lines.append(row("", ["median ms", "min", "p90", "× first", "load ms", "planned MB"]))
    for (label, run) in zip(labels, runs) {
      let l = run.latencyMilliseconds
      let ratio = l.median / max(first.latencyMilliseconds.median, 1e-9)
      lines.append(
        row(
          label,
          [
            fixed(l.median, 3), fixed(l.min, 3), fixed(l.p90, 3), fixed(ratio, 2), fixed(run.loadMilliseconds, 1),
            fixed(Double(run.plannedPeakBytes) / 1e6, 1),
          ]))
    }
    let noise = runs.flatMap(\.noise).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if !noise.isEmpty { lines.append("noisy machine: \(noise.joined(separator: "; "))") }
    return lines.joined(separator: "\n")
  }

  func write(to path: String) throws { try writeJSON(self, to: path) }
}
