import ArgumentParser
import Foundation
import MNNGraph
import MNNRuntime
import ProgramSupport

@main
struct MNNRun: Program {
  static let programName = "mnnrun"

  static let configuration = CommandConfiguration(
    commandName: "mnnrun", abstract: "Runs a model once and writes its outputs as .npy files.")

  @Option(help: "The .mnn file.")
  var model: String?

  @Option(
    name: .customLong("input"),
    help: ArgumentHelp("A .npy array, a .png or .jpg picture; random if not given.", valueName: "NAME=FILE"))
  var inputs: [String] = []

  @Option(help: "Multiplies the pixels (0 to 255) of a picture.")
  var scale: Float = 1

  @Option(help: "Added to them then.")
  var offset: Float = 0

  @Option(
    help: "The folder for NAME.npy of every output (/ : \\ and space become _); index.json there says which file is which output."
  )
  var outputDir: String?

  @Option(help: "The values to give out, separated by commas; any of the model's.")
  var outputs: String?

  @Option(help: "Show the N largest values of each output's last axis.")
  var top: Int = 0

  @Option(help: ArgumentHelp("Many cases: [{\"id\", \"model\", \"inputs\", \"outputDir\"}, …].", valueName: "LIST.json"))
  var batch: String?

  @Flag(help: "Show how every node runs: algorithm, numbers, and what of the settings it does not honor and why.")
  var plan = false

  @Flag(help: "Compare with a run without any pass, those of the backend included, and name the one change that matters.")
  var bisect = false

  @Flag(help: "Show what the processor offers, and end.")
  var device = false

  @OptionGroup var options: RuntimeOptions

  mutating func run() throws {
    if device { return print(try options.deviceDescription()) }
    if let batch { return try Batch(contentsOf: batch).run(options: options) }
    guard let model else { throw ProgramError("--model is missing; see --help") }
    let names = outputs.map { $0.split(separator: ",").map(String.init) } ?? []
    var runtime = try options.runtime()
    runtime.inputsExplainWork = !inputs.isEmpty
    let module = try Module(contentsOf: model, outputs: names, runtime: runtime, shapeMutable: options.shapeMutable)
    let pictures = PictureInput(scale: scale, offset: offset)
    let tensors = try ModelInputs.tensors(for: module, options: inputs, work: options.work, otherFiles: pictures.tensor)
    if bisect {
      return try PassSearch(model: model, outputs: names, tensors: tensors, shapeMutable: options.shapeMutable).run(runtime)
    }
    let start = ContinuousClock.now
    let results: [Tensor] = try module.forward(tensors)
    let elapsed = ContinuousClock.now - start
    if plan {
      let summary = try module.plan(forInputs: tensors.map(\.type))
      print(summary.stepsText + "\n" + summary.arithmeticText)
    }
    if let outputDir { try OutputFolder(outputDir).write(results, names: module.outputs.map(\.name)) }
    for (port, result) in zip(module.outputs, results) {
      print("\(port.name): \(result.type)" + (top > 0 ? try topValues(result) : ""))
    }
    print("time: \(milliseconds(elapsed)) ms (first run, planning included)")
  }

  /// The largest values of the first row, as a classifier's answer.
  private func topValues(_ tensor: Tensor) throws -> String {
    let row = Array(try tensor.scalars(as: Float.self).prefix(tensor.shape.last ?? 1))
    let best = row.indices.sorted { row[$0] > row[$1] }.prefix(top)
    return "  top: " + best.map { "\($0) (\(String(format: "%.4f", row[$0])))" }.joined(separator: ", ")
  }

  private func milliseconds(_ duration: Duration) -> String {
    String(format: "%.2f", Double(duration.components.attoseconds) / 1e15 + Double(duration.components.seconds) * 1e3)
  }
}
