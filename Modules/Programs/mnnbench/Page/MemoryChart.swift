import MNNRuntime
import ProgramSupport

/// How much of the working memory each step needs.
struct MemoryChart {
  let plan: PlanSummary
  let nodes: NodeTimes
  let colors: KindColors

  var svg: String {
    guard !plan.steps.isEmpty, plan.arenaByteCount > 0 else { return "<p>The plan needs no working memory.</p>" }
    let times = Dictionary(
      nodes.nodes.map { ("\($0.node)\u{0}\($0.operatorName)", $0.milliseconds) }, uniquingKeysWith: { first, _ in first })
    let megabytes = Double(plan.arenaByteCount) / 1e6
    let total = plan.steps.reduce(0) { $0 + (times["\($1.node)\u{0}\($1.operatorName)"] ?? 0) }
    let frame = Frame(width: 960, height: 220, left: 64, bottom: 24)
    let y = Axis(from: 0, to: megabytes * 1.08, isLogarithmic: false)
    let x = Axis(from: 0, to: max(total, 1e-9), isLogarithmic: false)
    var now = 0.0
    let bars = plan.steps.map { step -> String in
      let time = times["\(step.node)\u{0}\(step.operatorName)"] ?? 0
      let (begin, end) = (frame.x(x.position(now)), frame.x(x.position(now + time)))
      now += time
      let top = frame.y(y.position(Double(step.liveByteCount) / 1e6))
      return "<rect x=\"\(format(begin, 2))\" width=\"\(format(max(end - begin, 0.4), 2))\" y=\"\(format(top, 1))\" "
        + "height=\"\(format(frame.y(0) - top, 1))\" style=\"fill:\(colors[NodeKind(step.operatorName, step.algorithm)])\"><title>"
        + "\(escaped(step.operatorName)) \(escaped(step.node))\n\(format(Double(step.liveByteCount) / 1e6, 2)) MB in use</title></rect>"
    }
    let planned = format(frame.y(y.position(megabytes)), 1)
    return frame.svg(
      frame.grid(y, unit: " MB") + frame.columns(x, unit: " ms") + bars.joined()
        + "<line class=\"strong\" x1=\"\(format(frame.left, 1))\" x2=\"\(format(frame.right, 1))\" y1=\"\(planned)\" y2=\"\(planned)\"/>",
      label: "working memory over time")
  }
}
