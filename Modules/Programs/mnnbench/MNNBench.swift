import ArgumentParser
import Foundation
import MNNGraph
import MNNRuntime
import ProgramSupport

@main
struct MNNBench: Program {
  static let programName = "mnnbench"

  static let configuration = CommandConfiguration(
    commandName: "mnnbench", abstract: "Measures how long a model takes, and where the time goes.")

  @Option(help: "The .mnn file.")
  var model: String

  @Option(name: .customLong("input"), help: ArgumentHelp("An input; those not given are random.", valueName: "NAME=FILE.npy"))
  var inputs: [String] = []

  @Option(help: "How long to measure.")
  var seconds = 2.0

  @Option(help: "Runs before measuring.")
  var warmup = 3

  @Option(help: ArgumentHelp("Write the figures as JSON.", valueName: "FILE"))
  var json: String?

  @Flag(help: "Show the time per operator and per node, with GFLOP/s and the share of this machine's measured peak.")
  var profile = false

  @Option(help: ArgumentHelp("Write one run as a Chrome trace (chrome://tracing, Perfetto).", valueName: "FILE"))
  var trace: String?

  @OptionGroup var options: RuntimeOptions

  mutating func run() throws {
    try measureAndReport()
    // Last, so that a failure is the one line on standard error that it should be.
    if isDebugBuild {
      FileHandle.standardError.write(Data("mnnbench: warning: this is a debug build; measure with swift build -c release\n".utf8))
    }
  }

  private func measureAndReport() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ProgramError("--seconds: expected more than 0, at most 3600, found \(seconds)")
    }
    guard (0...1_000_000).contains(warmup) else { throw ProgramError("--warmup: expected 0 to 1000000, found \(warmup)") }
    let start = ContinuousClock.now
    let module = try Module(contentsOf: model, runtime: options.runtime(), shapeMutable: options.shapeMutable)
    let tensors = try ModelInputs.tensors(for: module, options: inputs)
    let plan = try module.plan(forInputs: tensors.map(\.type))
    let load = (ContinuousClock.now - start).milliseconds
    for _ in 0..<warmup { _ = try module.forward(tensors) as [Tensor] }
    let times = try measure(module, tensors)
    let report = Report(
      model: model, threads: options.threads, latency: Latency(times), load: load, plannedBytes: plan.arenaByteCount)
    print(report)
    if let json { try report.write(to: json) }
    guard profile || trace != nil else { return }
    let profiler = Profiler()
    let runs = trace == nil ? max(3, min(100, times.count)) : 1
    for _ in 0..<runs { _ = try module.forward(tensors, profiler: profiler) }
    if profile { print(ProfileTable(profiler.records, runs: runs, threads: options.threads)) }
    if let trace { try ChromeTrace(profiler.records).write(to: trace) }
  }

  /// Milliseconds of each run.
  private func measure(_ module: Module, _ tensors: [Tensor]) throws -> [Double] {
    var times: [Double] = []
    let begin = ContinuousClock.now
    while (ContinuousClock.now - begin).milliseconds < seconds * 1e3 || times.count < 5 {
      let start = ContinuousClock.now
      _ = try module.forward(tensors) as [Tensor]
      times.append((ContinuousClock.now - start).milliseconds)
    }
    return times
  }
}

extension Duration {
  var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15 }
}
