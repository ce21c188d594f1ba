import ArgumentParser
import Foundation
import MNNBackendCPU
import MNNConvert
import MNNGraph
import MNNQuant
import MNNRuntime
import MNNSchema
import ProgramSupport
import QuantSupport

@main
struct MNNConvertProgram: Program {
  static let programName = "mnnconvert"
  static let switches = MNNOptions.switches.union([
    "--fp16", "--saveExternalData", "--hqq", "--info", "--OP", "--check", "--bisect", "--verify", "--no-verify", "--check-only",
    "--json",
  ])

  static let configuration = CommandConfiguration(
    commandName: "mnnconvert", abstract: "Converts models to .mnn.")

  @Option(
    name: [.customShort("f"), .customLong("framework")],
    help: "The format of the model: \(MNNConvertProgram.formatNames); by its contents if left out.")
  var framework: String?

  @Option(
    name: .customLong("modelFile"), help: ArgumentHelp("The model to read; of a saved model its folder.", valueName: "FILE"))
  var modelFile: String?

  @Option(name: .customLong("MNNModel"), help: ArgumentHelp("The .mnn file to write.", valueName: "FILE"))
  var mnnModel: String?

  @Option(name: .customLong("JsonFile"), help: ArgumentHelp("Write the model as JSON (with -f MNN).", valueName: "FILE"))
  var jsonFile: String?

  @Option(name: .customLong("bizCode"), help: "A note that the model carries.")
  var bizCode = "MNNTest"

  @Option(help: "Of a saved model or a TFLite model: which of its signatures (sets of inputs and outputs) is meant.")
  var signature: String?

  @Option(help: "The size of the first axis of inputs where the model leaves it open.")
  var batch: Int?

  @Flag(name: .customLong("fp16"), help: "Weights in half precision.")
  var fp16 = false

  @OptionGroup(title: "Weights")
  var weights: WeightOptions

  @OptionGroup(title: "Accuracy")
  var accuracy: AccuracyOptions

  @Flag(name: .customLong("saveExternalData"), help: "Weights in a file beside the model, FILE.weight.")
  var saveExternalData = false

  @Flag(
    help: """
      Print what the model is: for .mnn files inputs, outputs and notes, in MNN's words; for others, and with --json, also operators, \
      parameters, operations and memory.
      """)
  var info = false

  @Flag(help: "With --info: as JSON.")
  var json = false

  @Flag(name: .customLong("OP"), help: "List the operators of the format that are supported.")
  var op = false

  @Option(
    name: .customLong("disable-pass"), help: ArgumentHelp("A pass to leave out; may be given several times.", valueName: "NAME"))
  var disabledPasses: [String] = []

  @OptionGroup(title: "Proof")
  var verification: VerificationOptions

  @Flag(help: "Check the graph after every pass, and compare the written model with its source as --verify does.")
  var check = false

  @Flag(help: "Where the written model differs from its source: name the pass that makes it so.")
  var bisect = false

  @Flag(name: .customLong("check-only"), help: "Read the model and say what of it is not supported; write nothing.")
  var checkOnly = false

  @Option(help: ArgumentHelp("N times the standard limits of work that a conversion may take; inf for none.", valueName: "N"))
  var work = 1.0

  @OptionGroup(title: "Options of MNN's converter")
  var mnn: MNNOptions

  @Flag(help: "Print the version of the format that is written.")
  var version = false

  private static let formatNames = (ModelFormat.all.map(\.name) + ["JSON"]).joined(separator: ", ")

  mutating func run() throws {
    if version { return print("3.6.1") }
    guard work > 0 else { throw ProgramError("--work: expected a number above 0, found \(work)") }
    for note in try mnn.notes() { warn(note) }
    let framework = try framework ?? guessedFramework()
    if framework == "JSON" { return try convertJSON() }
    guard let format = ModelFormat(named: framework) else {
      if let advice = MNNOptions.advice(for: framework) { throw ProgramError("-f \(framework): \(advice)") }
      throw ProgramError("-f \(framework): expected \(Self.formatNames) (upper case)")
    }
    if op { return listOperators(format) }
    guard let modelFile else { throw ProgramError("--modelFile is missing") }
    if info {
      guard mnnModel == nil, jsonFile == nil else {
        throw ProgramError("--info writes no file: leave out --MNNModel and --JsonFile")
      }
      if format == .mnn, !json { return print(try ModelInfo(contentsOfMNN: modelFile)) }
      return try WorkBudget(.conversion.scaled(by: work)).run {
        let report = ModelReport(try converter().graph(contentsOf: modelFile, format: format), format: format.name)
        print(json ? try report.json : report.text)
      }
    }
    if json { throw ProgramError("--json needs --info") }
    if checkOnly { return try WorkBudget(.conversion.scaled(by: work)).run { try report(modelFile, format) } }
    guard mnnModel != nil || jsonFile != nil else {
      throw ProgramError("--MNNModel is missing" + (format == .mnn ? " (or --JsonFile, or --info)" : ""))
    }
    try requireApart(modelFile)
    if let jsonFile {
      guard format == .mnn else { throw ProgramError("--JsonFile needs -f MNN") }
      try ModelJSON.write(contentsOfMNN: modelFile, to: jsonFile)
      say("\(jsonFile): \(fileSize(jsonFile))")
    }
    guard let mnnModel else { return }
    if format == .mnn, !fp16, !saveExternalData, batch == nil, signature == nil, !check, !mnn.changesGraph,
      verification.folder == nil,
      weights.bits == nil,
      weights.choiceFile == nil
    {
      try ModelJSON.copy(contentsOfMNN: modelFile, to: mnnModel)
      return say("\(mnnModel): \(fileSize(mnnModel))")
    }
    let verify = try WorkBudget(.conversion.scaled(by: work)).run { try convert(modelFile, format, to: mnnModel) }
    try verify()
  }

  /// The format of a model whose format is not told, by its contents.
  private func guessedFramework() throws -> String {
    guard let modelFile else { throw ProgramError("-f is missing: expected \(Self.formatNames)") }
    guard let format = try ModelFormat.guess(contentsOf: modelFile) else {
      throw ProgramError("\(modelFile): looks like no format that is known; -f is missing: expected \(Self.formatNames)")
    }
    return format.name
  }

  private func converter() throws -> Converter {
    var converter = Converter()
    converter.batch = batch
    converter.signature = signature
    try mnn.apply(to: &converter)
    return converter
  }

  /// Says whether a model can be converted.
  private func report(_ source: String, _ format: ModelFormat) throws {
    let graph = try converter().graph(contentsOf: source, format: format)
    say("\(source): \(format.name), \(graph.nodeCount) nodes, all supported")
    sayPorts(graph)
  }

  /// - Returns: what compares the written model with its source, for after the work of the conversion has ended.
  private func convert(_ source: String, _ format: ModelFormat, to target: String) throws -> () throws -> Void {
    var converter = try converter()
    converter.writing.usesHalfWeights = fp16
    converter.writing.savesExternalWeights = saveExternalData
    let choice = try weights.choice()
    converter.writing.bizCode = bizCode
    converter.writing.uuid = UUID().uuidString.lowercased()
    let names = try RuntimeManager.cpu().passNames
    for name in disabledPasses where !names.contains(name) && !converter.pipeline.names.contains(name) {
      throw ProgramError("--disable-pass \(name): expected one of \(names.joined(separator: ", "))")
    }
    converter.pipeline.disabled = Set(disabledPasses)
    if check { converter.pipeline.checksGraph = true }
    let original = try converter.graph(contentsOf: source, format: format)
    var graph = original
    let report = try converter.simplify(&graph, from: format)
    // Half precision wins over few bits, as in MNN.
    if fp16, choice != nil { warn("--fp16 keeps weights in half precision: they are not quantized") }
    var quantized: Graph?
    if let choice, !fp16 {
      let found = try accuracy.quantize(graph, choice, runtime: .cpu(), title: target)
      graph = found.graph
      quantized = graph
      try weights.saveChoice(found.layers)
      say(AccuracyOptions.summary(found))
    }
    let written = try converter.write(graph, to: target)
    if let warning = written.warning(tolerance: converter.writing.halfTolerance) { warn(warning) }
    say(
      "\(source): \(original.nodeCount) nodes; \(graph.nodeCount) after "
        + (report.total == 0 ? "no change" : report.changes.map { "\($0.pass) ×\($0.count)" }.joined(separator: ", ")))
    sayPorts(graph)
    say("\(target): \(fileSize(target))" + (saveExternalData ? ", \(target).weight: \(fileSize(target + ".weight"))" : ""))
    return verifying(original, quantized, converter.pipeline(for: format), target)
  }

  private func verifying(_ source: Graph, _ quantized: Graph?, _ pipeline: PassPipeline, _ target: String) -> () throws -> Void {
    var options = verification
    if check { options.insists = true }
    let verifier = Verifier(options: options, target: target, say: say, warn: warn)
    if let folder = options.folder { return { try verifier.compare(withResultsIn: folder) } }
    if options.skips { return {} }
    let names = { (isRight: (Graph, PassControl) throws -> Bool) throws -> String? in
      // The passes of the backend go on counting where those of the conversion end.
      let found = try Bisection.run(under: PassControl(disabled: Set(disabledPasses))) { control in
        var (copy, control) = (source, control)
        try pipeline.run(on: &copy, under: &control)
        return try isRight(copy, control)
      }
      return found?.text
    }
    let bisects = bisect && quantized == nil
    let form: Verifier.Form = quantized != nil ? .quantized : fp16 ? .sourceOfHalves : .source
    return { try verifier.compare(with: quantized ?? source, as: form, bisect: bisects ? names : nil) }
  }

  private func sayPorts(_ graph: Graph) {
    say("inputs:  " + graph.inputs.map { "\(graph[$0].name) \(graph[$0].type?.description ?? "?")" }.joined(separator: ", "))
    say("outputs: " + graph.outputs.map { "\(graph[$0].name) \(graph[$0].type?.description ?? "?")" }.joined(separator: ", "))
  }

  /// Prints what was done: on standard error if a file goes to standard output.
  private func say(_ text: String) {
    let isTaken = [mnnModel, jsonFile].contains { $0.map(AtomicFile.isStandardOutput) ?? false }
    guard isTaken else { return print(text) }
    _ = "\(text)\n".withCString { write(2, $0, strlen($0)) }
  }

  private func warn(_ text: String) { _ = "mnnconvert: warning: \(text)\n".withCString { write(2, $0, strlen($0)) } }

  private func convertJSON() throws {
    guard !op else { return print("Dump JSON support Ops\nTotal: 0") }
    guard let modelFile else { throw ProgramError("--modelFile is missing") }
    guard let mnnModel else { throw ProgramError("--MNNModel is missing") }
    try requireApart(modelFile)
    try ModelJSON.writeMNN(contentsOfJSON: modelFile, to: mnnModel)
    say("\(mnnModel): \(fileSize(mnnModel))")
  }

  private func listOperators(_ format: ModelFormat) {
    print("Dump \(format.name) support Ops")
    let names = Converter.operators(of: format)
    for name in names { print(name) }
    print("Total: \(names.count)")
  }

  private func requireApart(_ source: String) throws {
    for target in [mnnModel, jsonFile].compactMap({ $0 }) { try QuantSupport.requireApart(source, target) }
  }

  private func fileSize(_ path: String) -> String {
    let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    return bytes < 1_000_000 ? String(format: "%.1f kB", Double(bytes) / 1e3) : String(format: "%.1f MB", Double(bytes) / 1e6)
  }
}
