public import ArgumentParser
import MNNBackendCPU
import MNNGraph
public import MNNRuntime

/// The options that say how a model runs, the same in every program.
public struct RuntimeOptions: ParsableArguments, Sendable {
  @Option(help: "cpu or auto.")
  public var backend = "auto"

  @Option(help: "Threads, from 1; results do not depend on it. Without it, one per core that the process may use.")
  public var threads = RuntimeManager.availableCores

  @Option(help: "normal, high, low or lowBF16.")
  public var precision = "normal"

  @Option(help: "normal, high or low.")
  public var memory = "normal"

  @Option(help: "normal, high or low.")
  public var power = "normal"

  @Option(help: ArgumentHelp("Whether shapes may change from run to run: true or false.", valueName: "bool"))
  public var shapeMutable = true

  @Option(help: ArgumentHelp("N times the standard limits of work that a model may take; inf for none.", valueName: "N"))
  public var work = 1.0

  @Option(
    name: .customLong("disable-pass"),
    help: ArgumentHelp("A pass to leave out, of the backend too; may be given several times.", valueName: "NAME"))
  public var disabledPasses: [String] = []

  @Option(help: ArgumentHelp("How many changes the passes may make in all; --bisect finds the one that matters.", valueName: "N"))
  public var limitPatches: Int?

  public init() {}

  /// - Throws: ``RunError`` or ``ProgramError`` naming the option.
  public func runtime() throws -> RuntimeManager {
    guard ["cpu", "auto"].contains(backend.lowercased()) else {
      throw ProgramError("--backend: expected cpu or auto, found \(backend)")
    }
    guard work > 0 else { throw ProgramError("--work: expected a number above 0, found \(work)") }
    var runtime = try RuntimeManager(
      backends: [CPUBackend()], threads: threads, precision: word(precision, "--precision"),
      memory: word(memory, "--memory"), power: word(power, "--power"))
    runtime.workFactor = work
    for name in disabledPasses where !runtime.passNames.contains(name) {
      throw ProgramError("--disable-pass \(name): expected one of \(runtime.passNames.joined(separator: ", "))")
    }
    if let limitPatches, limitPatches < 0 {
      throw ProgramError("--limit-patches: expected a number of at least 0, found \(limitPatches)")
    }
    runtime.passes = PassControl(disabled: Set(disabledPasses), patchLimit: limitPatches ?? .max)
    return runtime
  }

  /// What the processor offers, up to the level that the environment asks for.
  public func deviceDescription() throws -> String { try CPUBackend().deviceDescription }

  /// The names that ``set(_:to:)`` takes.
  public static let names = ["threads", "precision", "memory", "power", "backend", "shape-mutable"]

  /// Changes the option of a name, for programs that try several values. Values are checked by ``runtime()``.
  ///
  /// - Throws: ``ProgramError`` for a name that is not in ``names``, or a value that is not a number where one is needed.
  public mutating func set(_ name: String, to value: String) throws {
    switch name {
    case "threads":
      guard let number = Int(value) else { throw ProgramError("threads: expected a number, found \(value)") }
      threads = number
    case "precision": precision = value
    case "memory": memory = value
    case "power": power = value
    case "backend": backend = value
    case "shape-mutable":
      guard let flag = Bool(value) else { throw ProgramError("shape-mutable: expected true or false, found \(value)") }
      shapeMutable = flag
    default:
      throw ProgramError("no option \"\(name)\": expected \(RuntimeOptions.names.joined(separator: ", "))")
    }
  }

  private func word<T: RawRepresentable & CaseIterable>(_ text: String, _ option: String) throws -> T
  where T.RawValue == String {
    guard let value = T.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
      let words = T.allCases.map(\.rawValue).joined(separator: ", ")
      throw ProgramError("\(option): expected one of \(words), found \(text)")
    }
    return value
  }
}
