import MNNGraph
import MNNQuant
import ProgramSupport

/// A page that shows what quantizing made of a model: size, speed, accuracy, and each layer. It needs nothing from elsewhere.
struct QuantPage {
  let title: String
  let report: QuantizationReport
  let speed: Speed

  func write(to path: String) throws { try AtomicFile.write(Array(html.utf8), to: path) }

  private var html: String {
    """
    <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>\(escaped(title))</title><style>\(PageStyle.css)</style></head><body>
    <header><h1>\(escaped(title))</h1>\(sampleNote)</header>
    <section class="cards">\(cards)</section>
    \(trials)
    <section><h2>Layers</h2><table><thead><tr><th>layer</th><th>kind</th><th>bits</th><th>block</th><th>before</th><th>after</th>
    <th>weights</th><th>outputs</th><th></th></tr></thead><tbody>\(rows)</tbody></table>
    <p class="muted">Weights and outputs: their energy over that of what quantizing changes, in decibels. Outputs are those of the layer
    alone, with the inputs of the float model.</p></section></body></html>

    """
  }

  private var sampleNote: String {
    report.samplesAreDrawn
      ? "<p class=\"warning\">The \(report.sampleCount) samples were drawn at random: accuracy on real inputs may differ.</p>"
      : "<p class=\"muted\">\(report.sampleCount) samples</p>"
  }

  private var cards: String {
    let ratio = Double(report.byteCountBefore) / Double(max(report.byteCount, 1))
    return [
      ("Weights", "\(megabytes(report.byteCount)) <small>MB of \(megabytes(report.byteCountBefore))</small>"),
      ("Smaller", "\(fixed(ratio, 2)) <small>times</small>"),
      ("Run", "\(fixed(speed.after, 2)) <small>ms, float \(fixed(speed.before, 2))</small>"),
      (escaped(report.metricName), report.accuracy.map { fixed($0, 5) } ?? "-"),
    ].map { "<div class=\"card\"><div class=\"muted\">\($0)</div><div class=\"value\">\($1)</div></div>" }.joined()
  }

  /// The choices that were tried, accuracy over size.
  private var trials: String {
    guard report.trials.count > 1 else { return "" }
    let lines = report.trials.map { trial in
      "<tr><td>\(trial.raisedCount)</td><td>\(trial.floatCount)</td><td>\(megabytes(trial.byteCount)) MB</td>"
        + "<td>\(fixed(trial.accuracy, 5))</td></tr>"
    }.joined()
    let floor = report.floor.map { "<p class=\"muted\">The floor is \($0).</p>" } ?? ""
    return
      "<section><h2>Choices tried</h2><table><thead><tr><th>layers with more bits</th><th>of these floats</th><th>weights</th>"
      + "<th>\(escaped(report.metricName))</th></tr></thead><tbody>\(lines)</tbody></table>\(floor)</section>"
  }

  private var rows: String {
    let largest = report.layers.reduce(1) { max($0, $1.layer.byteCount) }
    return report.layers.map { result in
      let share = 100 * Double(result.byteCount) / Double(largest)
      return "<tr><td class=\"name\">\(escaped(result.layer.path))</td><td>\(result.layer.kind.rawValue)</td>"
        + "<td>\(result.bitsText)</td><td>\(result.blockText)</td><td>\(kilobytes(result.layer.byteCount))</td>"
        + "<td>\(kilobytes(result.byteCount))</td><td>\(decibels(result.signalToNoise))</td>"
        + "<td>\(decibels(result.outputSignalToNoise))</td>"
        + "<td class=\"bar\"><span style=\"width:\(fixed(share, 1))%;background:var(--c0)\"></span></td></tr>"
    }.joined()
  }

  private func decibels(_ value: Double?) -> String { value.map { $0.isFinite ? fixed($0, 1) : "exact" } ?? "-" }
  private func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1e6, 2) }
  private func kilobytes(_ bytes: Int) -> String { "\(fixed(Double(bytes) / 1e3, 1)) kB" }
}
