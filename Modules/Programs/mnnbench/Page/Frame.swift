import ProgramSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The drawing area of a chart, in the units of its SVG.
struct Frame {
  var width: Double
  var height: Double
  var left: Double
  var bottom: Double
  var top = 10.0
  var right: Double { width - 12 }
  var innerWidth: Double { right - left }

  /// Positions from 0 to 1, left to right.
  func x(_ position: Double) -> Double { left + position * innerWidth }
  /// Positions from 0 to 1, bottom to top.
  func y(_ position: Double) -> Double { height - bottom - position * (height - bottom - top) }

  /// Horizontal lines with their values.
  func grid(_ axis: Axis, unit: String) -> String {
    axis.ticks.map { value in
      let place = format(y(axis.position(value)), 1)
      return "<line class=\"grid\" x1=\"\(format(left, 1))\" x2=\"\(format(right, 1))\" y1=\"\(place)\" y2=\"\(place)\"/>"
        + "<text class=\"tick\" x=\"\(format(left - 6, 1))\" y=\"\(place)\" dy=\"0.32em\" text-anchor=\"end\">"
        + "\(axis.label(value))\(unit)</text>"
    }.joined()
  }

  /// Vertical lines with their values.
  func columns(_ axis: Axis, unit: String) -> String {
    axis.ticks.map { value in
      let place = format(x(axis.position(value)), 1)
      return
        "<line class=\"grid\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(format(top, 1))\" y2=\"\(format(height - bottom, 1))\"/>"
        + "<text class=\"tick\" x=\"\(place)\" y=\"\(format(height - bottom + 15, 1))\" text-anchor=\"middle\">"
        + "\(axis.label(value))\(unit)</text>"
    }.joined()
  }

  func svg(_ content: String, label: String) -> String {
    "<svg role=\"img\" aria-label=\"\(label)\" viewBox=\"0 0 \(format(width, 0)) \(format(height, 0))\">\(content)</svg>"
  }
}

/// A range of values along a side of a chart.
struct Axis {
  var from: Double
  var to: Double
  var isLogarithmic: Bool

  /// 0 at `from`, 1 at `to`; values outside lie on the border.
  func position(_ value: Double) -> Double {
    let part = isLogarithmic ? log(max(value, 1e-300) / from) / log(to / from) : (value - from) / max(to - from, 1e-300)
    return min(1, max(0, part))
  }

  /// Round values inside the range.
  var ticks: [Double] {
    if isLogarithmic {
      let powers = (Int(log10(from).rounded(.down))...Int(log10(to).rounded(.up))).map { pow(10, Double($0)) }
      return powers.filter { $0 >= from * 0.999 && $0 <= to * 1.001 }
    }
    let rough = (to - from) / 4
    guard rough > 0, rough.isFinite else { return [] }
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    return (0...8).map { from + Double($0) * step }.filter { $0 <= to }
  }

  func label(_ value: Double) -> String {
    if value == 0 { return "0" }
    let text = fixed(value, value >= 10 ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : 3)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
