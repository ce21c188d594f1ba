import ProgramSupport

/// What each node reached against what memory and arithmetic allow.
///
/// - SeeAlso: Williams, Waterman, Patterson: Roofline, CACM 52 (2009).
struct Roofline {
  let nodes: NodeTimes
  let colors: KindColors
  let machine: Machine

  var svg: String {
    let shown = nodes.nodes.filter { $0.operations > 0 && $0.bytes > 0 && $0.milliseconds > 0 }
    guard machine.peak > 0, machine.bandwidth > 0, !shown.isEmpty else { return "<p>No node says what it computes.</p>" }
    func intensity(_ row: NodeTimes.Row) -> Double { Double(row.operations) / Double(row.bytes) }
    let ridge = machine.peak / machine.bandwidth
    let lowest = min(0.1, shown.map(intensity).min() ?? 0.1) / 1.5
    let x = Axis(from: lowest, to: max(1000, 2 * ridge, 1.5 * (shown.map(intensity).max() ?? 1)), isLogarithmic: true)
    let slowest = shown.map(\.gigaflops).min() ?? 1
    let y = Axis(
      from: max(1e-3, min(machine.peak / 100, slowest / 1.5)), to: 1.6 * max(machine.peak, shown.map(\.gigaflops).max() ?? 0),
      isLogarithmic: true)
    let frame = Frame(width: 960, height: 400, left: 64, bottom: 44)
    func point(_ i: Double, _ g: Double) -> String {
      "\(format(frame.x(x.position(i)), 1)),\(format(frame.y(y.position(g)), 1))"
    }
    // Where the slope enters the frame at the bottom or at the left.
    let start = max(x.from, y.from / machine.bandwidth)
    let roof =
      "<polyline class=\"roof\" points=\"\(point(start, start * machine.bandwidth)) \(point(ridge, machine.peak)) "
      + "\(point(x.to, machine.peak))\"/>"
    let names =
      "<text class=\"tick\" text-anchor=\"end\" x=\"\(format(frame.right - 4, 1))\" "
      + "y=\"\(format(frame.y(y.position(machine.peak)) - 6, 1))\">\(format(machine.peak, 0)) GFLOP/s</text>"
      + "<text class=\"tick\" x=\"\(format(frame.x(x.position(1.6 * start)) + 10, 1))\" "
      + "y=\"\(format(frame.y(y.position(1.6 * start * machine.bandwidth)) + 6, 1))\">reading \(format(machine.bandwidth, 0)) GB/s</text>"
      + "<text class=\"tick\" text-anchor=\"middle\" x=\"\(format(frame.x(0.5), 1))\" y=\"\(format(frame.height - 6, 1))\">"
      + "operations per byte of operands and results</text>"
    // Large circles first, so that none hides another.
    let circles = shown.sorted { $0.milliseconds > $1.milliseconds }.map { row -> String in
      let radius = 2.5 + 26 * (row.milliseconds / max(nodes.total, 1e-9)).squareRoot()
      return "<circle class=\"dot\" cx=\"\(format(frame.x(x.position(intensity(row))), 1))\" "
        + "cy=\"\(format(frame.y(y.position(row.gigaflops)), 1))\" r=\"\(format(radius, 1))\" "
        + "style=\"fill:\(colors[row.kind])\"><title>\(escaped(row.operatorName)) \(escaped(row.node))\n"
        + "\(format(row.milliseconds)) ms, \(format(row.gigaflops, 1)) GFLOP/s, "
        + "\(format(100 * row.gigaflops / machine.peak, 0)) % of the peak\n\(escaped(row.algorithm))</title></circle>"
    }
    return frame.svg(
      frame.grid(y, unit: "") + frame.columns(x, unit: "") + roof + circles.joined() + names, label: "roofline of the nodes")
  }
}
