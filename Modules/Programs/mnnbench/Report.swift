import MNNGraph
import MNNRuntime
import ProgramSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Milliseconds of many runs, as order statistics.
struct Latency: Encodable {
  var median, mean, min, p90, p99: Double
  var runs: Int

  init(_ times: [Double]) {
    let sorted = times.sorted()
    func quantile(_ q: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Swift.min(sorted.count - 1, Int(q * Double(sorted.count)))]
    }
    median = quantile(0.5)
    mean = sorted.isEmpty ? 0 : sorted.reduce(0, +) / Double(sorted.count)
    min = sorted.first ?? 0
    p90 = quantile(0.9)
    p99 = quantile(0.99)
    runs = sorted.count
  }
}

/// What a measurement found.
struct Report: Encodable, CustomStringConvertible {
  var model: String
  /// What tells it from those measured beside it.
  var label: String
  /// As many as run, which is at most one per core.
  var threads: Int
  var latencyMilliseconds: Latency
  var loadMilliseconds: Double
  var peakResidentBytes: Int
  /// Working memory.
  var plannedBytes: Int
  /// Working memory, packed weights and results.
  var plannedPeakBytes: Int
  /// With which numbers the steps compute, and what of the settings could not be honored.
  var arithmetic: String
  var isDebugBuild: Bool
  var isNoisy: Bool
  /// What disturbed the measurement.
  var noise: [String]

  init(
    model: String, label: String, threads: Int, latency: Latency, load: Double, plan: PlanSummary, noise: [String],
    isVaried: Bool = false
  ) {
    self.model = model
    self.label = label
    self.threads = threads
    latencyMilliseconds = latency
    loadMilliseconds = load
    plannedBytes = plan.arenaByteCount
    plannedPeakBytes = plan.peakBytes
    arithmetic = plan.arithmeticText
    peakResidentBytes = Report.peakResidentBytes()
    isDebugBuild = MNNGraph.isDebugBuild
    self.noise = noise
    if !isVaried, latency.p90 > 1.25 * latency.median {
      self.noise.append("the 90th percentile is \(fixed(latency.p90 / latency.median, 2)) times the median")
    }
    isNoisy = !self.noise.isEmpty
  }

  static func peakResidentBytes() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #else
      // The constant is an enum in C and the parameter is not.
      getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #endif
  }

  var description: String {
    let l = latencyMilliseconds
    func megabytes(_ bytes: Int) -> String { "\(fixed(Double(bytes) / 1e6, 1)) MB" }
    var text = """
      median \(fixed(l.median, 3)) ms   mean \(fixed(l.mean, 3))   min \(fixed(l.min, 3))   p90 \(fixed(l.p90, 3))   p99 \(fixed(l.p99, 3))   \
      (\(l.runs) runs, \(threads) thread\(threads == 1 ? "" : "s"))
      load \(fixed(loadMilliseconds, 1)) ms   peak resident \(megabytes(peakResidentBytes))   planned \
      \(megabytes(plannedBytes)) working, \(megabytes(plannedPeakBytes)) with weights and results
      \(arithmetic)
      """
    if isNoisy { text += "\nnoisy machine: \(noise.joined(separator: "; "))" }
    return text
  }

  func write(to path: String) throws { try writeJSON(self, to: path) }
}
