public import MNNGraph
public import MNNRuntime

/// Quantizes the weights of a model and says what that costs; with a floor, as much as the floor allows.
public struct Quantizer: Sendable {
  public var choice: WeightChoice
  /// What the model is tried on; nil for nothing but the weights.
  public var samples: Samples?
  public var metric: AccuracyMetric
  /// The lowest value of the metric that is accepted. Layers that change results most for their size are then kept in more bits or as
  /// floats, until the floor holds.
  public var floor: Double?
  public var runtime: RuntimeManager

  public init(
    _ choice: WeightChoice, samples: Samples? = nil, metric: AccuracyMetric = .cosine, floor: Double? = nil,
    runtime: RuntimeManager
  ) {
    self.choice = choice
    self.samples = samples
    self.metric = metric
    self.floor = floor
    self.runtime = runtime
  }

  /// Quantizes a model.
  ///
  /// - Throws: ``QuantizationError/Code/floorUnreachable`` if no choice holds the floor.
  public func quantize(_ graph: Graph) throws(QuantizationError) -> QuantizationReport {
    var search = FloorSearch(graph, self)
    return try search.run()
  }
}

/// What quantizing a model gave.
public struct QuantizationReport: Sendable {
  public var graph: Graph
  /// How each layer is kept.
  public var choice: WeightChoice
  public var layers: [QuantizedLayer]
  /// The value of the metric, if there were samples or the metric needs none.
  public var accuracy: Double?
  public var metricName: String
  public var floor: Double?
  /// The samples, and whether they were drawn.
  public var sampleCount: Int
  public var samplesAreDrawn: Bool
  /// Every choice that was tried, in order.
  public var trials: [Trial]

  public struct Trial: Sendable, Hashable {
    /// Layers that are kept in more bits than was asked for, and of these as floats.
    public var raisedCount: Int
    public var floatCount: Int
    /// Bytes of the weights of all layers.
    public var byteCount: Int
    public var accuracy: Double
  }

  public var byteCountBefore: Int { layers.reduce(0) { $0 + $1.layer.byteCount } }
  public var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }
}

/// Finds the fewest layers to keep in more bits.
struct FloorSearch {
  private let source: Graph
  private let quantizer: Quantizer
  private var codes = LayerCodes()
  private var trials: [QuantizationReport.Trial] = []

  init(_ source: Graph, _ quantizer: Quantizer) { (self.source, self.quantizer) = (source, quantizer) }

  private typealias Result = (graph: Graph, layers: [QuantizedLayer], accuracy: Double?)

  mutating func run() throws(QuantizationError) -> QuantizationReport {
    if let floor = quantizer.floor, !floor.isFinite {
      throw QuantizationError(.settingInvalid, "the floor is no number", found: "\(floor)")
    }
    var meter: AccuracyMeter?
    if let samples = quantizer.samples {
      meter = try AccuracyMeter(source, samples, quantizer.metric, quantizer.runtime)
    } else if case .custom = quantizer.metric {
      meter = try AccuracyMeter(source, Samples([]), quantizer.metric, quantizer.runtime)
    }
    var choice = quantizer.choice
    var result = try attempt(choice, meter)
    var order: [QuantizedLayer] = []
    if let samples = quantizer.samples, !samples.inputs.isEmpty {
      let noise = try OutputNoise(source, choice, codes: &codes, samples: samples, runtime: quantizer.runtime)
      order = ranked(result.layers, noise)
      let known = Dictionary(order.map { ($0.layer, $0) }, uniquingKeysWith: { first, _ in first })
      result.layers = result.layers.map { known[$0.layer] ?? $0 }
    } else {
      order = ranked(result.layers, OutputNoise())
    }
    if let floor = quantizer.floor {
      guard let meter else {
        throw QuantizationError(
          .samplesInvalid, "a floor needs samples, or a metric of one's own", advice: "give samples, or draw some")
      }
      let known = result.layers
      (choice, result) = try reach(floor, choice, result, order, meter)
      // What the asked-for bits change in a layer's results says why it has more.
      for i in result.layers.indices where result.layers[i].form == known[i].form {
        result.layers[i].outputSignalToNoise = known[i].outputSignalToNoise
      }
    }
    return QuantizationReport(
      graph: result.graph, choice: choice, layers: result.layers, accuracy: result.accuracy, metricName: quantizer.metric.name,
      floor: quantizer.floor, sampleCount: quantizer.samples?.inputs.count ?? 0,
      samplesAreDrawn: quantizer.samples?.areDrawn ?? false, trials: trials)
  }

  private mutating func attempt(_ choice: WeightChoice, _ meter: AccuracyMeter?) throws(QuantizationError) -> Result {
    var quantizer = WeightQuantizer(choice, codes: codes)
    let graph = try quantizer.quantized(source)
    codes = quantizer.codes
    let layers = quantizer.layers
    guard let meter else { return (graph, layers, nil) }
    let accuracy = try meter.measure(graph)
    let asked = layers.map { self.quantizer.choice.form(of: $0.layer) }
    trials.append(
      QuantizationReport.Trial(
        raisedCount: zip(layers, asked).count { $0.form != $1.fitting($0.layer.kind) },
        floatCount: layers.count { $0.form == .floats },
        byteCount: layers.reduce(0) { $0 + $1.byteCount }, accuracy: accuracy))
    return (graph, layers, accuracy)
  }

  /// Layers that are not floats, those first whose noise is largest for the bytes that more bits cost. Noise adds up from layer to
  /// layer, each share of the layer's own results.
  private func ranked(_ layers: [QuantizedLayer], _ noise: OutputNoise) -> [QuantizedLayer] {
    let places = Dictionary(
      source.weightSites(body: nil).map { ($0.layer, [$0.node.id.index]) }, uniquingKeysWith: { first, _ in first })
    var list: [(layer: QuantizedLayer, weight: Double)] = []
    for var layer in layers where layer.form != .floats {
      var ratio = layer.signalToNoise.map { energyRatio(decibels: -$0) } ?? 0
      if let place = places[layer.layer], let energy = noise.energies[place] {
        layer.outputSignalToNoise = decibels(signal: energy.signal, noise: energy.noise)
        if energy.signal > 0 { ratio = energy.noise / energy.signal }
      }
      list.append((layer, ratio / Double(max(layer.layer.count, 1))))
    }
    return list.sorted { $0.weight > $1.weight }.map(\.layer)
  }

  /// Raises the first layers of the order by one step, as few as hold the floor; if all are not enough, all of them, and then by the
  /// next step.
  private mutating func reach(
    _ floor: Double, _ start: WeightChoice, _ first: Result, _ order: [QuantizedLayer], _ meter: AccuracyMeter
  ) throws(QuantizationError) -> (WeightChoice, Result) {
    var (choice, result) = (start, first)
    var best = result.accuracy ?? -.infinity
    if best >= floor { return (choice, result) }
    for step in Step.allCases {
      let layers = order.filter { step.raised(choice.form(of: $0.layer)) != nil }
      if layers.isEmpty { continue }
      func raised(_ count: Int) -> WeightChoice {
        var next = choice
        for layer in layers.prefix(count) {
          if let form = step.raised(choice.form(of: layer.layer)) { next.layers[layer.layer.path] = form }
        }
        return next
      }
      let all = try attempt(raised(layers.count), meter)
      best = max(best, all.accuracy ?? -.infinity)
      guard let accuracy = all.accuracy, accuracy >= floor else {
        (choice, result) = (raised(layers.count), all)
        continue
      }
      // Between none, which is below the floor, and all, which hold it.
      var (below, above, found) = (0, layers.count, all)
      while above - below > 1 {
        let middle = (below + above) / 2
        let trial = try attempt(raised(middle), meter)
        if let accuracy = trial.accuracy, accuracy >= floor {
          (above, found) = (middle, trial)
        } else {
          below = middle
        }
      }
      return (raised(above), found)
    }
    throw QuantizationError(
      .floorUnreachable, "no choice of bits holds the floor, not even floats",
      expected: "\(meter.metric.name) of at least \(floor)",
      found: "\(best)", advice: "ask for less, or look at what the metric says of the float model")
  }

  /// What a layer is kept as next.
  private enum Step: CaseIterable {
    case sixBits, eightBits, floats

    func raised(_ form: WeightChoice.Form) -> WeightChoice.Form? {
      guard case .codes(var quantization) = form else { return nil }
      let bits: Int
      switch self {
      case .floats: return .floats
      case .sixBits: bits = 6
      case .eightBits: bits = 8
      }
      guard quantization.bits < bits else { return nil }
      quantization.bits = bits
      quantization.method = .range
      return .codes(quantization)
    }
  }
}

extension WeightChoice.Form {
  fileprivate func fitting(_ kind: WeightLayer.Kind) -> WeightChoice.Form {
    guard case .codes(let quantization) = self else { return self }
    return .codes(quantization.fitting(kind))
  }
}
