public import MNNGraph
import MNNRuntime

/// How near a quantized model is to the model that it was made of; larger is nearer.
public enum AccuracyMetric: Sendable {
  /// The smallest cosine between results, of all samples and outputs.
  case cosine
  /// The share of rows along the last axis whose largest element stays the same, of the output where it is smallest.
  case topOne
  /// What a program or a closure says of a model. The name is for people.
  case custom(name: String, @Sendable (Graph) throws -> Double)

  public var name: String {
    switch self {
    case .cosine: "cosine"
    case .topOne: "top-1 agreement"
    case .custom(let name, _): name
    }
  }
}

/// Tries models on samples and compares their results with those of the first.
struct AccuracyMeter {
  let samples: Samples
  let metric: AccuracyMetric
  let runtime: RuntimeManager
  private let expected: [[Tensor]]

  /// - Parameter graph: the model that quantized ones are compared with.
  init(_ graph: Graph, _ samples: Samples, _ metric: AccuracyMetric, _ runtime: RuntimeManager) throws(QuantizationError) {
    (self.samples, self.metric, self.runtime) = (samples, metric, runtime)
    if case .custom = metric { expected = [] } else { expected = try AccuracyMeter.results(of: graph, on: samples, runtime) }
  }

  /// What a graph gives for every sample.
  static func results(of graph: Graph, on samples: Samples, _ runtime: RuntimeManager) throws(QuantizationError) -> [[Tensor]] {
    do {
      let module = try Module(graph: graph, runtime: runtime)
      return try samples.inputs.map { sample in
        let results = try module.forward(sample)
        return module.outputs.compactMap { results[$0.name] }
      }
    } catch {
      throw QuantizationError(.measuringFailed, "the model does not run on the samples", found: "\(error)")
    }
  }

  func measure(_ graph: Graph) throws(QuantizationError) -> Double {
    if case .custom(let name, let body) = metric {
      let value: Double
      do { value = try body(graph) } catch {
        throw QuantizationError(.measuringFailed, "the metric \(name) cannot be measured", found: "\(error)")
      }
      guard value.isFinite else {
        throw QuantizationError(.measuringFailed, "the metric \(name) is no number", found: "\(value)")
      }
      return value
    }
    let found = try AccuracyMeter.results(of: graph, on: samples, runtime)
    return try asQuantizationError { () throws(GraphError) in
      if case .topOne = metric { return try agreement(found) }
      var lowest = 1.0
      for (a, b) in zip(expected.joined(), found.joined()) { lowest = min(lowest, try cosine(a, b)) }
      return lowest
    }
  }

  private func cosine(_ a: Tensor, _ b: Tensor) throws(GraphError) -> Double {
    let (x, y) = (try a.scalars(as: Double.self), try b.scalars(as: Double.self))
    guard a.shape == b.shape else { return -1 }
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for i in x.indices where x[i].isFinite || y[i].isFinite {
      xx += x[i] * x[i]
      yy += y[i] * y[i]
      xy += x[i] * y[i]
    }
    guard xx > 0, yy > 0 else { return xx == yy ? 1 : 0 }
    let value = xy / (xx * yy).squareRoot()
    return value.isFinite ? min(value, 1) : -1
  }

  private func agreement(_ found: [[Tensor]]) throws(GraphError) -> Double {
    var lowest = 1.0
    for output in (expected.first ?? []).indices {
      var (same, all) = (0, 0)
      for (a, b) in zip(expected, found) where (a[output].shape.last ?? 1) > 1 && a[output].shape == b[output].shape {
        let width = a[output].shape.last ?? 1
        let (x, y) = (try a[output].scalars(as: Float.self), try b[output].scalars(as: Float.self))
        for start in stride(from: 0, to: x.count, by: width) {
          let row = start..<start + width
          all += 1
          if row.max(by: { x[$0] < x[$1] }) == row.max(by: { y[$0] < y[$1] }) { same += 1 }
        }
      }
      if all > 0 { lowest = min(lowest, Double(same) / Double(all)) }
    }
    return lowest
  }
}
