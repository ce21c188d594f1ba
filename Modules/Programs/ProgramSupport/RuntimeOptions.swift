public import ArgumentParser
import MNNBackendCPU
import MNNGraph
public import MNNRuntime

/// The options that say how a model runs, the same in every program.
public struct RuntimeOptions: ParsableArguments {
  @Option(help: "cpu or auto.")
  public var backend = "auto"

  @Option(help: "Threads, from 1.")
  public var threads = 1

  @Option(help: "normal, high, low or lowBF16.")
  public var precision = "normal"

  @Option(help: "normal, high or low.")
  public var memory = "normal"

  @Option(help: "normal, high or low.")
  public var power = "normal"

  @Option(help: ArgumentHelp("Whether shapes may change from run to run: true or false.", valueName: "bool"))
  public var shapeMutable = true

  public init() {}

  /// - Throws: ``RunError`` or ``ProgramError`` naming the option.
  public func runtime() throws -> RuntimeManager {
    guard ["cpu", "auto"].contains(backend.lowercased()) else {
      throw ProgramError("--backend: expected cpu or auto, found \(backend)")
    }
    return try RuntimeManager(
      backends: [CPUBackend()], threads: threads, precision: word(precision, "--precision"),
      memory: word(memory, "--memory"), power: word(power, "--power"))
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
