import ArgumentParser
import MNNGraph
import MNNRuntime
import ProgramSupport

@main
struct MNNBench: Program {
  static let programName = "mnnbench"

  static let configuration = CommandConfiguration(
    commandName: "mnnbench", abstract: "Measures how long a model takes, and where the time goes.",
    discussion: """
      mnnbench --model M.mnn --threads 2 --profile
      mnnbench --model M.mnn --html report.html
      mnnbench --compare a.mnn b.mnn --threads 1
      mnnbench --model M.mnn --sweep threads=1,2 precision=normal,low
      mnnbench --model M.mnn --vary input_ids=1x8..128
      """)

  @Option(help: "The .mnn file.")
  var model: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Measure several models in turns, so that what disturbs one disturbs all.", valueName: "FILE.mnn"))
  var compare: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Measure every combination of these options in turns.", valueName: "OPTION=VALUE,…"))
  var sweep: [String] = []

  @Option(name: .customLong("input"), help: ArgumentHelp("An input; those not given are random.", valueName: "NAME=FILE.npy"))
  var inputs: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Draw the shapes of inputs anew for every run: 1x8..128. Equal ranges, or ranges of one name (n:8..128), are drawn equal.",
      valueName: "NAME=SIZExSIZE…"))
  var vary: [String] = []

  @Option(help: "How long to measure each.")
  var seconds = 2.0

  @Option(help: "Runs before measuring.")
  var warmup = 3

  @Option(help: ArgumentHelp("Keep packed weights in this file from one start to the next.", valueName: "FILE"))
  var cache: String?

  @Option(help: ArgumentHelp("Write the figures as JSON.", valueName: "FILE"))
  var json: String?

  @Option(help: ArgumentHelp("Write a page with charts that needs nothing else.", valueName: "FILE"))
  var html: String?

  @Flag(help: "Show the time per operator and per node, with GFLOP/s and the share of this machine's measured peak.")
  var profile = false

  @Option(help: ArgumentHelp("Write one run as a Chrome trace (chrome://tracing, Perfetto).", valueName: "FILE"))
  var trace: String?

  @OptionGroup var options: RuntimeOptions

  mutating func run() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ProgramError("--seconds: expected more than 0, at most 3600, found \(seconds)")
    }
    guard (0...1_000_000).contains(warmup) else { throw ProgramError("--warmup: expected 0 to 1000000, found \(warmup)") }
    guard inputs.isEmpty || vary.isEmpty else { throw ProgramError("--input and --vary: expected one of them") }
    if compare.isEmpty, sweep.isEmpty { try measureOne() } else { try measureSeveral() }
    // Last, so that a failure is the one line on standard error that it should be.
    if isDebugBuild {
      writeError("mnnbench: warning: this is a debug build; measure with swift build -c release")
    }
  }

  private func measureOne() throws {
    guard let model else { throw ProgramError("--model is missing: expected the .mnn file to measure") }
    let subject = try Subject(model: model, label: model, options: options, inputs: inputs, vary: vary, cache: cache)
    for _ in 0..<warmup {
      try subject.draw()
      try subject.run()
    }
    let noise = NoiseMeter()
    try subject.measure(seconds: seconds, atLeast: 5)
    let report = subject.report(noise: noise.findings(threads: subject.threads))
    print(report)
    if let json { try report.write(to: json) }
    guard profile || trace != nil || html != nil else { return }
    let profiler = Profiler()
    let runs = trace == nil || html != nil || profile ? max(3, min(100, report.latencyMilliseconds.runs)) : 1
    for _ in 0..<runs { try subject.run(profiler) }
    let machine = profile || html != nil ? try Machine.measured(threads: subject.threads) : nil
    let timing = NodeTimes(profiler.records, runs: runs)
    if profile { print(ProfileTable(timing, peak: machine)) }
    if let trace { try ChromeTrace(profiler.records.suffix(profiler.records.count / runs)).write(to: trace) }
    if let html, let machine {
      try AtomicFile.write(
        Array(Page(report: report, times: subject.times, nodes: timing, plan: subject.plan, machine: machine).html.utf8), to: html
      )
    }
  }

  private func measureSeveral() throws {
    guard !profile, trace == nil, html == nil else {
      throw ProgramError("--profile, --trace and --html show one model: leave out --compare and --sweep")
    }
    guard model == nil || compare.isEmpty else {
      throw ProgramError("--model and --compare: expected one of them; --compare takes all models")
    }
    guard compare.count != 1 else { throw ProgramError("--compare: expected two models or more, found 1") }
    let models = compare.isEmpty ? [model].compactMap { $0 } : compare
    guard !models.isEmpty else { throw ProgramError("--model is missing: expected the .mnn file to measure") }
    let settings = try Sweep(sweep).settings(from: options)
    var subjects: [Subject] = []
    for model in models {
      for setting in settings {
        let label = [models.count > 1 ? model : "", setting.label].filter { !$0.isEmpty }.joined(separator: " ")
        subjects.append(
          try Subject(model: model, label: label, options: setting.options, inputs: inputs, vary: vary, cache: cache))
      }
    }
    for subject in subjects {
      for _ in 0..<warmup {
        try subject.draw()
        try subject.run()
      }
    }
    let noise = NoiseMeter()
    let rounds = 5
    for _ in 0..<rounds {
      for subject in subjects { try subject.measure(seconds: seconds / Double(rounds), atLeast: 1) }
    }
    let findings = noise.findings(threads: subjects.map(\.threads).min() ?? 1)
    let table = ComparisonTable(subjects.map { $0.report(noise: findings) })
    print(table)
    if let json { try table.write(to: json) }
  }
}

extension Duration {
  var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15 }
}
