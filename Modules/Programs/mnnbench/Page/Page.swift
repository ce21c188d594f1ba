import MNNRuntime
import ProgramSupport

/// One measurement as a page with charts that needs no other file and no network.
struct Page {
  let report: Report
  /// Milliseconds of each run.
  let times: [Double]
  let nodes: NodeTimes
  let plan: PlanSummary
  let machine: Machine

  var html: String {
    let colors = KindColors(nodes)
    let name = report.model.split(separator: "/").last.map(String.init) ?? report.model
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(name)) – mnnbench</title>
      <style>\(PageStyle.css)</style>
      </head>
      <body>
      <header>
      <h1>\(escaped(name))</h1>
      <p class="muted">\(escaped(machine.processor)) · \(threadText) · peak \(format(machine.peak, 0)) GFLOP/s, \
      reading \(format(machine.bandwidth, 0)) GB/s, measured now</p>
      \(warnings)
      </header>
      <main>
      <section class="cards">\(cards)</section>
      \(section("Time of each run", LatencyChart(times: times, latency: report.latencyMilliseconds).svg, runNote))
      \(section("Where the time goes", KindBar(nodes: nodes, colors: colors, machine: machine).html, ""))
      \(section("Roofline", Roofline(nodes: nodes, colors: colors, machine: machine).svg, rooflineNote))
      \(section("Working memory over time", MemoryChart(plan: plan, nodes: nodes, colors: colors).svg, memoryNote))
      \(section("Time by node", NodeTable(nodes: nodes, colors: colors, machine: machine).html, ""))
      </main>
      <script>\(PageStyle.script)</script>
      </body>
      </html>

      """
  }

  private var threadText: String { report.threads == 1 ? "1 thread" : "\(report.threads) threads" }

  private var warnings: String {
    var lines: [String] = []
    if report.isDebugBuild { lines.append("This is a debug build: measure with swift build -c release.") }
    if report.isNoisy { lines.append("The machine was noisy: \(report.noise.joined(separator: "; ")).") }
    return lines.map { "<p class=\"warning\">\(escaped($0))</p>" }.joined()
  }

  private var cards: String {
    let l = report.latencyMilliseconds
    let operations = nodes.nodes.reduce(0) { $0 + $1.operations }
    let rate = nodes.total > 0 ? Double(operations) / nodes.total / 1e6 : 0
    let share = machine.peak > 0 ? 100 * rate / machine.peak : 0
    func card(_ title: String, _ value: String, _ unit: String, _ detail: String) -> String {
      "<div class=\"card\"><div class=\"muted\">\(title)</div><div class=\"value\">\(value) <small>\(unit)</small></div>"
        + "<div class=\"muted\">\(detail)</div></div>"
    }
    return [
      card("Median", format(l.median), "ms", "\(l.runs) runs, best \(format(l.min))"),
      card("90th percentile", format(l.p90), "ms", "99th \(format(l.p99))"),
      card("Rate", format(rate, 1), "GFLOP/s", "\(format(share, 0)) % of the peak"),
      card("Load", format(report.loadMilliseconds, 1), "ms", "read, plan, pack"),
      card("Peak resident", format(Double(report.peakResidentBytes) / 1e6, 1), "MB", "the whole process"),
      card(
        "Planned", format(Double(report.plannedPeakBytes) / 1e6, 1), "MB",
        "\(format(Double(plan.packedByteCount) / 1e6, 1)) weights, \(format(Double(plan.arenaByteCount) / 1e6, 1)) working"),
    ].joined()
  }

  private var runNote: String { "A point per run; the line is the median, the band ends at the 90th percentile." }

  private var rooflineNote: String {
    """
    A circle per node, its area the node's share of the time. Under the sloped roof memory is the bound, under the flat one \
    arithmetic. Nodes above the slope read what a cache still holds; nodes without multiplications are not shown.
    """
  }

  private var memoryNote: String {
    let partial = plan.isPartial ? " Shapes depend on data in this model, so that more is planned while it runs." : ""
    return "What holds something during each step; the line is what is set aside, once, for all of it.\(partial)"
  }

  private func section(_ title: String, _ content: String, _ note: String) -> String {
    let note = note.isEmpty ? "" : "<p class=\"muted\">\(note)</p>"
    return "<section><h2>\(title)</h2>\(content)\(note)</section>"
  }
}

/// Three significant digits or more, or a fixed number of decimals.
func format(_ value: Double, _ decimals: Int? = nil) -> String {
  fixed(value, decimals ?? (value < 10 ? 3 : value < 100 ? 2 : 1))
}
