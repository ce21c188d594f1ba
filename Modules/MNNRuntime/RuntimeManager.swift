#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How models run: on which backends, with how many threads, how precise, how thrifty.
public struct RuntimeManager: Sendable {
  /// In order of preference. What none of them supports runs by the operators' reference meaning.
  public let backends: [any Backend]
  public let settings: ExecutionSettings
  /// How many plans a model keeps, one per set of input shapes.
  public var planCapacity = 8

  /// More threads than this are taken for a mistake.
  public static let maximumThreads = 256

  /// - Parameters:
  ///   - backends: in order of preference.
  ///   - threads: 1 to ``maximumThreads``. More than the processor has cores are not started.
  /// - Throws: ``RunError/Code/threadCount``.
  public init(
    backends: [any Backend], threads: Int = 1, precision: ExecutionSettings.Precision = .normal,
    memory: ExecutionSettings.Memory = .normal, power: ExecutionSettings.Power = .normal
  ) throws(RunError) {
    guard (1...RuntimeManager.maximumThreads).contains(threads) else {
      throw RunError(
        .threadCount, "impossible number of threads", expected: "1 to \(RuntimeManager.maximumThreads)",
        found: "\(threads)")
    }
    self.backends = backends
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    settings = ExecutionSettings(
      threads: min(threads, cores), precision: precision, memory: memory, power: power)
  }
}
