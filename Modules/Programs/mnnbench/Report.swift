import Foundation
import MNNGraph
import ProgramSupport

/// Milliseconds of many runs, as order statistics.
struct Latency: Encodable {
  var median, min, p90, p99: Double
  var runs: Int

  init(_ times: [Double]) {
    let sorted = times.sorted()
    func quantile(_ q: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Swift.min(sorted.count - 1, Int(q * Double(sorted.count)))]
    }
    median = quantile(0.5)
    min = sorted.first ?? 0
    p90 = quantile(0.9)
    p99 = quantile(0.99)
    runs = sorted.count
  }
}

/// What a measurement found.
struct Report: Encodable, CustomStringConvertible {
  var model: String
  var threads: Int
  var latencyMilliseconds: Latency
  var loadMilliseconds: Double
  var peakResidentBytes: Int
  var plannedBytes: Int
  var isDebugBuild: Bool
  /// The 90th percentile is far above the median: something else ran on the machine.
  var isNoisy: Bool

  init(model: String, threads: Int, latency: Latency, load: Double, plannedBytes: Int) {
    self.model = model
    self.threads = threads
    latencyMilliseconds = latency
    loadMilliseconds = load
    self.plannedBytes = plannedBytes
    peakResidentBytes = Report.peakResidentBytes()
    isDebugBuild = MNNGraph.isDebugBuild
    isNoisy = latency.p90 > 1.25 * latency.median
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
    var text = String(
      format:
        "median %.3f ms   min %.3f   p90 %.3f   p99 %.3f   (%d runs)\nload %.1f ms   peak resident %.1f MB   planned %.1f MB",
      l.median, l.min, l.p90, l.p99, l.runs, loadMilliseconds, Double(peakResidentBytes) / 1e6, Double(plannedBytes) / 1e6)
    if isNoisy { text += "\nnoisy: the 90th percentile is more than 1.25 times the median; something else runs on this machine" }
    return text
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(Array(try encoder.encode(self)), to: path)
  }
}
