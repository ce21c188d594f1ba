import ProgramSupport

/// The time of every node and operator as text.
struct ProfileTable: CustomStringConvertible {
  private let times: NodeTimes
  private let peak: Machine?

  init(_ times: NodeTimes, peak: Machine?) {
    self.times = times
    self.peak = peak
  }

  private func figures(_ row: NodeTimes.Row) -> String {
    let share = times.total > 0 ? 100 * row.milliseconds / times.total : 0
    let time = "\(fixed(row.milliseconds, 3, width: 8)) \(fixed(share, 1, width: 5))% "
    guard row.operations > 0 else { return time + String(repeating: " ", count: 15) }
    let ofPeak = peak.map { $0.peak > 0 ? 100 * row.gigaflops / $0.peak : 0 } ?? 0
    return time + "\(fixed(row.gigaflops, 1, width: 8)) \(fixed(ofPeak, 1, width: 5))%"
  }

  private var reference: NodeTimes.Row {
    var sum = NodeTimes.Row(operatorName: "", node: "", algorithm: "", results: "")
    for row in times.byReference { sum.add(row) }
    return sum
  }

  var description: String {
    var lines: [String] = []
    if let peak {
      let who = peak.threads == 1 ? "one thread" : "\(peak.threads) threads together"
      lines += ["peak of \(who), measured now: \(fixed(peak.peak, 1)) GFLOP/s, reading \(fixed(peak.bandwidth, 1)) GB/s", ""]
    }
    lines.append("      ms      %  GFLOP/s  peak%  node")
    for row in times.nodes {
      lines.append("\(figures(row))  \(row.operatorName) \(row.node)  \(row.algorithm) \(row.results)")
    }
    lines += ["", "      ms      %  GFLOP/s  peak%  count  operator"]
    for row in times.operators {
      lines.append("\(figures(row))  \(fixed(Double(row.count), 0, width: 5))  \(row.operatorName)")
    }
    lines.append("\(fixed(times.total, 3, width: 8))  all nodes")
    lines.append("\(figures(reference))  \(fixed(Double(reference.count), 0, width: 5))  without a kernel, by reference")
    for row in times.byReference { lines.append("\(figures(row))         \(row.operatorName) \(row.node)") }
    return lines.joined(separator: "\n")
  }
}
