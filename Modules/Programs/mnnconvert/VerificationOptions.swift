import ArgumentParser
import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime
import ProgramSupport

/// How a written model is compared with what it was made of.
struct VerificationOptions: ParsableArguments {
  @Flag(name: .customLong("no-verify"), help: "Do not compare the written model with its source.")
  var skips = false

  @Flag(
    name: .customLong("verify"),
    help: "Compare the written model with its source also where that takes long. Small models are always compared.")
  var insists = false

  @Option(
    name: .customLong("testdir"),
    help: ArgumentHelp(
      """
      Compare the written model with recorded results: test_data_set_0/input_0.pb and output_0.pb (ONNX), input_0_NAME.npy and \
      output_0_NAME.npy, inputs.npz and outputs.npz, or input.json and NAME.txt (MNN).
      """, valueName: "FOLDER"))
  var folder: String?

  @Option(
    name: [.customLong("threshold"), .customLong("thredhold")],
    help: "The largest difference allowed, as a share of an output's largest magnitude; 0.001, or 0.01 with --testdir.")
  var threshold: Double?

  mutating func validate() throws {
    if skips, insists || folder != nil { throw ValidationError("--no-verify excludes --verify and --testdir") }
    if let threshold, !(threshold > 0) { throw ValidationError("--threshold: expected a number above 0, found \(threshold)") }
  }
}

/// Compares a written model with its source, or with recorded results.
struct Verifier {
  let options: VerificationOptions
  /// The file that was written.
  let target: String
  let say: (String) -> Void
  let warn: (String) -> Void

  /// What may take longer is not compared unless it is asked for: seconds of a run, bytes of weights.
  private static let (seconds, weightBytes) = (5.0, 128 << 20)
  /// Differences up to so many times what rounding explains are rounding.
  private static let noiseFactor = 10.0

  /// What a graph that a model is compared with is to it.
  enum Form {
    /// The model as it was read.
    case source
    /// The same, while the written model has halves for weights.
    case sourceOfHalves
    /// What few bits made of the source.
    case quantized
  }

  /// - Parameters:
  ///   - graph: what the model is meant to be.
  ///   - form: what the graph is to the written model.
  ///   - bisect: names what made the result wrong, given a test of graphs.
  /// - Throws: ``ProgramError`` if a difference is above the bound.
  func compare(with graph: Graph, as form: Form, bisect: ((_ isRight: (Graph, PassControl) throws -> Bool) throws -> String?)?)
    throws
  {
    if let reason = reasonNotTo(graph) {
      if options.insists { throw ProgramError("\(target) cannot be verified: \(reason)") }
      return say("not verified: \(reason)")
    }
    var runtime = try RuntimeManager.cpu()
    // What is drawn at random is as large as the model asks for, and explains no work.
    runtime.inputsExplainWork = options.insists
    let verification: Verification
    switch expected(of: graph, runtime) {
    case .success(let found): verification = found
    case .failure(let error):
      if options.insists { throw error }
      return say("not verified: the source does not run on random inputs: \(error)")
    }
    let found: [OutputComparison]
    switch results(verification, runtime) {
    case .success(let comparisons): found = comparisons
    case .failure(let error) where error.code == .cancelled:
      return say("not verified: a run takes longer than \(Int(Verifier.seconds)) s; --verify waits for it")
    case .failure(let error) where error.underlying?.code == .workExceeded: return say("not verified: \(error)")
    case .failure(let error): throw wrong("\(target) does not run on inputs on which its source runs: \(error)")
    }
    // Halves change results as codes do: what that costs is for the user to judge, but a wrong model would be further off.
    let bound = options.threshold ?? (form == .sourceOfHalves ? 0.1 : 1e-3)
    let worst = found.map(\.relativeDifference).max() ?? 0
    let means = "against the \(form == .quantized ? "quantized graph" : "source") by \(verification.source.rawValue)"
    guard worst > bound else {
      return say(
        "verified: \(found.count) output\(found.count == 1 ? "" : "s"), largest difference \(short(worst)) of the largest magnitude, \(means)"
      )
    }
    let noise = try verification.roundingNoise(of: graph, runtime: runtime)
    if worst <= noise * Verifier.noiseFactor {
      return say(
        "verified: largest difference \(short(worst)) of the largest magnitude, \(means); the model amplifies rounding: inputs changed "
          + "in their last bits alone change it by \(short(noise))")
    }
    say(ComparisonTable.text(found))
    var advice = "--bisect names the pass that does it"
    if let bisect {
      let text = try bisect { graph, passes in
        var limited = runtime
        limited.passes = passes
        return try verification.compare(graph, runtime: limited).allSatisfy { $0.relativeDifference <= bound }
      }
      advice = text ?? "no pass does it: the difference comes from writing or reading the file"
    }
    throw wrong(
      "\(target) differs by \(short(worst)) of the largest magnitude from its source (allowed: \(short(bound))); \(advice)")
  }

  /// Removes what was written: a model that is known to be wrong must not be mistaken for a good one.
  private func wrong(_ text: String) -> ProgramError {
    for path in [target, target + ".weight"] { try? FileManager.default.removeItem(atPath: path) }
    return ProgramError(text + "; the file was removed, --no-verify keeps it")
  }

  /// Compares with the recorded results of a folder.
  func compare(withResultsIn folder: String) throws {
    let module = try Module(contentsOf: target, runtime: .cpu())
    let bound = options.threshold ?? 1e-2
    var worst: (difference: Double, set: String) = (0, "")
    for set in try RecordedResults(folder: folder, inputs: module.inputs, outputs: module.outputs).sets {
      let found = try Verification(inputs: set.inputs, recorded: set.outputs).compare(module)
      say("\(set.path):\n" + ComparisonTable.text(found))
      let difference = found.map(\.relativeDifference).max() ?? 0
      if difference > worst.difference || difference.isNaN { worst = (difference, set.path) }
    }
    guard worst.difference <= bound else {
      throw ProgramError(
        "\(target) differs by \(short(worst.difference)) of the largest magnitude from \(worst.set) (allowed: \(short(bound)))")
    }
  }

  private func expected(of graph: Graph, _ runtime: RuntimeManager) -> Result<Verification, any Error> {
    Result {
      try Verification(
        of: graph, inputs: ModelInputs.tensors(of: graph), runtime: runtime,
        seconds: options.insists ? .infinity : Verifier.seconds)
    }
  }

  private func results(_ verification: Verification, _ runtime: RuntimeManager) -> Result<[OutputComparison], RunError> {
    Result { () throws(RunError) in try verification.compare(Module(contentsOf: target, runtime: runtime)) }
  }

  private func reasonNotTo(_ graph: Graph) -> String? {
    if !isRegularFile(target) {
      return "what is written to a stream cannot be read again"
    }
    if graph.drawsRandomNumbers { return "the model draws random numbers" }
    let bytes = graph.constantByteCount
    if !options.insists, bytes > Verifier.weightBytes {
      return "\(bytes >> 20) MB of weights; models above \(Verifier.weightBytes >> 20) MB are compared with --verify"
    }
    return nil
  }
}

/// Whether what was written can be read again.
private func isRegularFile(_ path: String) -> Bool {
  let attributes = try? FileManager.default.attributesOfItem(atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
  return attributes?[.type] as? FileAttributeType == .typeRegular
}

/// A number as people read it.
func short(_ value: Double) -> String { String(format: "%.2g", value) }

/// What was found of each output, in columns.
enum ComparisonTable {
  static func text(_ found: [OutputComparison]) -> String {
    let head = ["output", "largest difference", "relative", "cosine", "same maximum"]
    let rows = found.map { output -> [String] in
      guard output.expectedType.shape == output.foundType.shape else {
        return [output.name, "shape \(output.foundType.shape), expected \(output.expectedType.shape)", "", "", ""]
      }
      let share = output.sameMaximum.map { String(format: "%.1f %%", 100 * $0) } ?? ""
      return [
        output.name, short(output.largestDifference), short(output.relativeDifference), String(format: "%.7f", output.cosine),
        share,
      ]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    return ([head] + rows).map { row in
      "  " + zip(row, widths).map { padded($0, to: $1 + 2) }.joined().trimmingCharacters(in: .whitespaces)
    }.joined(separator: "\n")
  }
}
