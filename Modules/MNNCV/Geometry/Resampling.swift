import Foundation

/// For every pixel of a resized axis: which pixels are read, and their weights.
struct Resampling {
  var taps: Int
  var indices: [Int32]
  var weights: [Float]

  /// Weights with 11 bits of fraction.
  var fixed: [Int16] { weights.map { Int16(converting: max(-32768, min(32767, ($0 * 2048).rounded(.toNearestOrEven)))) } }

  /// The same for two taps with weights of 8 bits of fraction.
  var inBytes: Resampling {
    var table = self
    for i in stride(from: 0, to: weights.count, by: 2) {
      table.weights[i + 1] = (weights[i + 1] * 256).rounded(.toNearestOrEven) / 256
      table.weights[i] = 1 - table.weights[i + 1]
    }
    return table
  }

  /// - Parameter step: pixels of the source per pixel of the result.
  static func linear(from count: Int, to size: Int, step: Double) -> Resampling {
    var table = Resampling(taps: 2, indices: [], weights: [])
    for i in 0..<size {
      var position = (Double(i) + 0.5) * step - 0.5
      position = max(0, min(Double(count - 1), position))
      let first = Int(converting: position)
      let part = Float(position - Double(first))
      table.append([first, first + 1], [1 - part, part], count)
    }
    return table
  }

  static func cubic(from count: Int, to size: Int, step: Double) -> Resampling {
    var table = Resampling(taps: 4, indices: [], weights: [])
    for i in 0..<size {
      let position = (Double(i) + 0.5) * step - 0.5
      let first = Int(converting: position.rounded(.down))
      let weights = cubicWeights(position - Double(first))
      table.append([first - 1, first, first + 1, first + 2], weights, count)
    }
    return table
  }

  static func lanczos(from count: Int, to size: Int, step: Double) -> Resampling {
    var table = Resampling(taps: 8, indices: [], weights: [])
    for i in 0..<size {
      let position = Float((Double(i) + 0.5) * step - 0.5)
      let first = Int(converting: position.rounded(.down))
      table.append(Array(first - 3...first + 4), lanczosWeights(Double(position - Float(first))), count)
    }
    return table
  }

  /// Linear between the pixels at whose border an enlarged pixel begins: what `INTER_AREA` is when an axis grows.
  static func enlargingArea(from count: Int, to size: Int, step: Double) -> Resampling {
    var table = Resampling(taps: 2, indices: [], weights: [])
    for i in 0..<size {
      let first = Int(converting: (Double(i) * step).rounded(.down))
      var part = Float(Double(i + 1) - Double(first + 1) / step)
      part = part <= 0 ? 0 : part - part.rounded(.down)
      let isLast = first >= count - 1
      table.append([min(first, count - 1), first + 1], isLast ? [1, 0] : [1 - part, part], count)
    }
    return table
  }

  private mutating func append(_ positions: [Int], _ values: [Float], _ count: Int) {
    indices += positions.map { Int32(max(0, min(count - 1, $0))) }
    weights += values
  }

  /// Of the four pixels around a position `x` past the second; Keys' with a = -0.75.
  static func cubicWeights(_ x: Double) -> [Float] {
    let a = -0.75
    let w0 = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a
    let w1 = ((a + 2) * x - (a + 3)) * x * x + 1
    let w2 = ((a + 2) * (1 - x) - (a + 3)) * (1 - x) * (1 - x) + 1
    return [Float(w0), Float(w1), Float(w2), Float(1 - w0 - w1 - w2)]
  }

  /// Of the eight pixels around a position `x` past the fourth, normalized.
  static func lanczosWeights(_ x: Double) -> [Float] {
    guard x >= Double(Float.ulpOfOne) else { return [0, 0, 0, 1, 0, 0, 0, 0] }
    let raw = (0..<8).map { k in
      let y = (x + 3 - Double(k)) * .pi / 4
      return sin(4 * y) * sin(y) / (y * y)
    }
    let sum = raw.reduce(0, +)
    return raw.map { Float($0 / sum) }
  }
}

/// For every part of an axis that is cut into equal parts: the pixels it covers and the share of it that each has.
struct Coverage {
  var starts: [Int] = [0]
  var indices: [Int32] = []
  var weights: [Float] = []

  init(from count: Int, to size: Int, step: Double) {
    for part in 0..<size {
      let (start, end) = (Double(part) * step, min(Double(part + 1) * step, Double(count)))
      let width = min(step, Double(count) - start)
      let (first, last) = (Int(converting: start.rounded(.up)), min(Int(converting: end.rounded(.down)), count - 1))
      if Double(first) - start > 1e-3 { append(first - 1, (Double(first) - start) / width) }
      if first < last { for x in first..<last { append(x, 1 / width) } }
      if end - Double(last) > 1e-3 { append(last, min(min(end - Double(last), 1), width) / width) }
      starts.append(indices.count)
    }
  }

  private mutating func append(_ index: Int, _ weight: Double) {
    indices.append(Int32(index))
    weights.append(Float(weight))
  }
}
