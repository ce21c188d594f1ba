public import MNNGraph

/// How models run: on which backends, with how many threads, how precise, how thrifty.
public struct RuntimeManager: Sendable {
  /// In order of preference. What none of them supports runs by the operators' reference meaning.
  public let backends: [any Backend]
  public let settings: ExecutionSettings
  /// Which passes may run on models that are loaded with this, and how many changes they may make: for finding what breaks one.
  public var passes = PassControl()
  /// How many plans a model keeps, one per set of input shapes.
  public var planCapacity = 8
  /// How many times the standard limits of work (``WorkBudget/Limits``) models may take that are loaded with this; infinity for none.
  ///
  /// A model may take what its weights and inputs explain: a small file that asks for gigabytes, or for hours, is refused before it
  /// runs.
  public var workFactor = 1.0
  /// Whether the sizes of inputs explain work: true where inputs are data, false where they are drawn at random, as large as a model
  /// asks for.
  public var inputsExplainWork = true
  /// A file that keeps packed weights from one start of the program to the next; nil for none.
  ///
  /// It is read when set and written, under a temporary name first, when a model packed something new. A file that is
  /// missing, torn, foreign or of another version is as good as none; one that cannot be written changes nothing, see
  /// ``updateCache()``. Weights are found by their contents and the kernels' form, so several models may share a file.
  public var cachePath: String? {
    didSet { weightCache = cachePath.map { WeightCache(path: $0) } }
  }
  private(set) var weightCache: WeightCache?

  /// Writes what was packed since the cache file was written, where that was not possible before.
  ///
  /// - Throws: ``RunError/Code/file`` if the file cannot be written.
  public func updateCache() throws(RunError) {
    do throws(GraphError) { try weightCache?.save() } catch {
      throw RunError(.file, "the cache file cannot be written", found: error.description, advice: "check its directory")
    }
  }

  /// The names of all passes that may run on a model: while loading, while planning, and those of the backends. What
  /// ``PassControl/disabled`` takes.
  public var passNames: [String] {
    let pipelines = [.expansion(for: settings), .simplify, .plan] + backends.flatMap { $0.pipelines(settings: settings) }
    var seen: Set<String> = []
    return pipelines.flatMap(\.names).filter { seen.insert($0).inserted }
  }

  /// More threads than this are taken for a mistake.
  public static let maximumThreads = 256

  /// How many cores this process may use: those it is bound to, at most what its container grants.
  public static var availableCores: Int { Cores.shared.count }

  /// - Parameters:
  ///   - backends: in order of preference.
  ///   - threads: 1 to ``maximumThreads``. More than ``availableCores`` are not started, and requests that run at the same time
  ///     share those; results do not depend on it.
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
    settings = ExecutionSettings(
      threads: min(threads, Cores.shared.count), precision: precision, memory: memory, power: power)
  }
}

extension PassPipeline {
  /// What loading does first: weights in few bits become floats, unless the settings keep them.
  static func expansion(for settings: ExecutionSettings) -> PassPipeline {
    PassPipeline([.expandWeights(keepsFactors: settings.memory == .low)])
  }
}
