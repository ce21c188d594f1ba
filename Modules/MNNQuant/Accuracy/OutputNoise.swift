import MNNGraph
import MNNRuntime

/// What the codes of each layer change in the layer's own results, with inputs as they are in the float model: one run of a model that
/// has every layer twice tells it of all layers.
struct OutputNoise {
  /// By the place of a layer in the main graph, signal and noise.
  private(set) var energies: [LayerCodes.Place: (signal: Double, noise: Double)] = [:]

  /// Nothing is known.
  init() {}

  /// - Parameter codes: what is known already; what is made is kept there.
  init(
    _ graph: Graph, _ choice: WeightChoice, codes: inout LayerCodes, samples: Samples, runtime: RuntimeManager
  ) throws(QuantizationError) {
    var twins = graph
    var outputs: [Value.ID] = []
    var places: [LayerCodes.Place] = []
    for site in graph.weightSites(body: nil) {
      guard case .codes(let asked) = choice.form(of: site.layer), site.weights.allSatisfy({ $0.tensor.isFinite }) else {
        continue
      }
      let place = [site.node.id.index]
      let made = try codes.make(site, at: place, asked.fitting(site.layer.kind))
      outputs += try asQuantizationError(site.layer.path) { () throws(GraphError) in
        try twins.appendTwin(of: site, made, number: places.count)
      }
      places.append(place)
    }
    guard !places.isEmpty else { return }
    twins.setOutputs(outputs)
    for result in try AccuracyMeter.results(of: twins, on: samples, runtime) {
      for (i, place) in places.enumerated() {
        let known = energies[place] ?? (0, 0)
        let (signal, noise) = try asQuantizationError { () throws(GraphError) in
          (try result[2 * i].scalars(as: Double.self)[0], try result[2 * i + 1].scalars(as: Double.self)[0])
        }
        energies[place] = (known.signal + signal, known.noise + noise)
      }
    }
  }
}

extension Graph {
  /// Adds a layer with its weights in codes beside the layer; returns the energy of the layer's results and of the difference.
  fileprivate mutating func appendTwin(
    of site: WeightSite, _ made: LayerCodes.Made, number: Int
  ) throws(GraphError) -> [Value.ID] {
    var builder = GraphBuilder(self, prefix: "twin\(number)")
    self = Graph()
    defer { self = builder.take() }
    var inputs = site.node.inputs
    for (input, constant) in made.constants { inputs[input] = try constant.append(to: &builder, name: "twin\(number)/weight") }
    let y = site.node.results[0]
    let twin = try builder.add(results: site.operatorOnRows, inputs)[0]
    let difference = try builder.add(Binary(.subtract), y, twin)
    return try [("signal", y), ("noise", difference)].map { (name, value) throws(GraphError) in
      let sum = Reduce(.sumSquare, keepsDimensions: false)
      return try builder.add(results: sum, [value], name: "\(name)\(number)")[0]
    }
  }
}
