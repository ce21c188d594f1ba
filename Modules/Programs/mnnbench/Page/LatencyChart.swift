/// How long each run took, in the order in which they ran.
struct LatencyChart {
  let times: [Double]
  let latency: Latency

  /// More points than this say no more.
  private static let pointLimit = 1500

  var svg: String {
    guard let slowest = times.max(), slowest > 0 else { return "" }
    // One slow run should not press the others to the ground.
    let top = min(slowest, max(2 * latency.p90, 1.2 * latency.median)) * 1.05
    let frame = Frame(width: 960, height: 180, left: 56, bottom: 24)
    let y = Axis(from: 0, to: top, isLogarithmic: false)
    let stride = max(1, times.count / LatencyChart.pointLimit)
    let points = Swift.stride(from: 0, to: times.count, by: stride).map { i -> String in
      let x = frame.x((Double(i) + 0.5) / Double(times.count))
      let isOutside = times[i] > top
      let place = frame.y(y.position(min(times[i], top)))
      return "<circle class=\"\(isOutside ? "outside" : "point")\" cx=\"\(format(x, 1))\" cy=\"\(format(place, 1))\" r=\"2\">"
        + "<title>run \(i + 1): \(format(times[i])) ms</title></circle>"
    }
    let median = frame.y(y.position(latency.median))
    let p90 = frame.y(y.position(min(latency.p90, top)))
    return frame.svg(
      "<rect class=\"band\" x=\"\(format(frame.left, 1))\" width=\"\(format(frame.innerWidth, 1))\" y=\"\(format(p90, 1))\" "
        + "height=\"\(format(max(0, median - p90), 1))\"/>" + frame.grid(y, unit: " ms") + points.joined()
        + "<line class=\"strong\" x1=\"\(format(frame.left, 1))\" x2=\"\(format(frame.right, 1))\" y1=\"\(format(median, 1))\" "
        + "y2=\"\(format(median, 1))\"/>", label: "time of each run")
  }
}
