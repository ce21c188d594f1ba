public import ArgumentParser
import Foundation
public import MNNGraph
public import MNNQuant
public import MNNRuntime
import MNNSchema
import ProgramSupport

/// The options that say how much accuracy quantizing may cost, and where that is told.
public struct AccuracyOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("quantFloor"),
    help: ArgumentHelp(
      "The lowest accuracy, as 0.99: layers that harm it most keep more bits until it holds, or no model is written.",
      valueName: "X"))
  public var floor: Double?

  @Option(
    name: .customLong("quantMetric"),
    help: ArgumentHelp(
      "What accuracy is: cosine or top1, of results with those of the float model, or a program that is called with a .mnn file and prints a number.",
      valueName: "NAME"))
  public var metric = "cosine"

  @Option(
    name: .customLong("quantSamples"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files of arrays named as the inputs, a sample each. Without them inputs are drawn.", valueName: "FILE.npz"))
  public var samples: [String] = []

  @Option(
    name: .customLong("quantReport"), help: ArgumentHelp("A page of size, speed and accuracy.", valueName: "FILE.html"))
  public var page: String?

  public init() {}

  /// Samples that are drawn where there are none.
  private static let drawnCount = 4

  /// Quantizes a graph as the options say; with neither floor nor samples nor page, nothing is run.
  ///
  /// - Parameter title: names the model on the page.
  public func quantize(
    _ graph: Graph, _ choice: WeightChoice, runtime: RuntimeManager, title: String
  ) throws -> QuantizationReport {
    let metric: AccuracyMetric
    switch self.metric {
    case "cosine": metric = .cosine
    case "top1": metric = .topOne
    default: metric = try programMetric()
    }
    var quantizer = Quantizer(choice, metric: metric, floor: floor, runtime: runtime)
    if !samples.isEmpty {
      quantizer.samples = try Samples(contentsOf: samples, for: graph)
    } else if floor != nil || page != nil {
      quantizer.samples = try Samples.drawn(Self.drawnCount, for: graph)
    }
    let report = try quantizer.quantize(graph)
    if let page, let samples = quantizer.samples {
      try QuantPage(title: title, report: report, speed: Speed(graph, report.graph, samples, runtime)).write(to: page)
    }
    return report
  }

  private func programMetric() throws -> AccuracyMetric {
    let path = metric
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw ProgramError("--quantMetric \(path): expected cosine, top1 or a program that can be run")
    }
    return .custom(name: URL(fileURLWithPath: path).lastPathComponent) { graph in
      let model = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).mnn")
      defer { try? FileManager.default.removeItem(at: model) }
      try graph.writeMNN(to: model.path)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = [model.path]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw ProgramError("\(path) ended with code \(process.terminationStatus)") }
      guard let word = text.split(whereSeparator: \.isWhitespace).last, let value = Double(word) else {
        throw ProgramError("\(path) printed no number: \(text.prefix(80))")
      }
      return value
    }
  }

  /// What the options found, in words.
  public static func summary(_ report: QuantizationReport) -> String {
    var text = "\(LayerTable(report.layers))"
    if let accuracy = report.accuracy {
      text += "\n\(report.metricName) \(fixed(accuracy, 5))"
      if let floor = report.floor { text += ", at least \(floor) asked for" }
      if report.sampleCount > 0 { text += "; \(report.sampleCount) samples" }
      if report.samplesAreDrawn { text += " drawn at random, which need not be like what the model will see" }
      text += "; \(report.trials.count) choices tried"
    }
    return text
  }
}
