import ArgumentParser
import Foundation
import MNNBackendCPU
import MNNGraph
import MNNQuant
import MNNRuntime
import MNNSchema
import ProgramSupport
import QuantSupport

@main
struct MNNQuantProgram: Program {
  static let programName = "mnnquant"
  static let switches: Set<String> = ["--fp16", "--saveExternalData", "--hqq"]

  static let configuration = CommandConfiguration(
    commandName: "mnnquant", abstract: "Makes a .mnn model smaller: weights in a few bits, or in half precision.")

  @Argument(help: ArgumentHelp("The .mnn file to read.", valueName: "SRC"))
  var source: String

  @Argument(help: ArgumentHelp("The .mnn file to write.", valueName: "DST"))
  var target: String

  @OptionGroup(title: "Weights")
  var weights: WeightOptions

  @OptionGroup(title: "Accuracy")
  var accuracy: AccuracyOptions

  @Flag(name: .customLong("fp16"), help: "Weights in half precision, and not in a few bits.")
  var fp16 = false

  @Flag(name: .customLong("saveExternalData"), help: "Weights in a file beside the model, DST.weight.")
  var saveExternalData = false

  @Option(help: ArgumentHelp("N times the standard limits of work that quantizing may take; inf for none.", valueName: "N"))
  var work = 1.0

  mutating func run() throws {
    guard work > 0 else { throw ProgramError("--work: expected a number above 0, found \(work)") }
    guard !fp16 || weights.bits == nil else {
      throw ProgramError("--fp16 and --weightQuantBits: a weight is kept in one of both")
    }
    try requireApart(source, target)
    try WorkBudget(.conversion.scaled(by: work)).run { try quantize() }
  }

  private func quantize() throws {
    let graph = try Graph(contentsOfMNN: source)
    var result = graph
    if let choice = try fp16 ? nil : weights.choice(defaultBits: 8) {
      let found = try accuracy.quantize(graph, choice, runtime: .cpu(), title: target)
      guard !found.layers.isEmpty else {
        throw ProgramError("\(source): no weights are left to quantize: none are constant floats")
      }
      result = found.graph
      try weights.saveChoice(found.layers)
      report(AccuracyOptions.summary(found), about: target)
    }
    var options = MNNWritingOptions()
    options.usesHalfWeights = fp16
    options.savesExternalWeights = saveExternalData
    options.uuid = UUID().uuidString.lowercased()
    options.bizCode = graph.name
    let written = try result.writeMNN(to: target, options: options)
    if let warning = written.warning(tolerance: options.halfTolerance) { writeError("mnnquant: warning: \(warning)") }
    report("\(source): \(fileSizeText(source)); \(target): \(fileSizeText(target))", about: target)
  }
}
