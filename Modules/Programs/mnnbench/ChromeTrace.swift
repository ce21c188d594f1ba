import MNNGraph
import MNNRuntime
import ProgramSupport

/// Records as a Chrome trace: an event per launch, in microseconds.
///
/// - SeeAlso: the Trace Event Format, complete events ("ph": "X").
struct ChromeTrace: Encodable {
  struct Event: Encodable {
    var name: String
    var cat: String
    var ph = "X"
    var ts: Double
    var dur: Double
    var pid = 1
    var tid: String
    var args: [String: String]
  }

  var traceEvents: [Event]
  var displayTimeUnit = "ms"

  init(_ records: [Profiler.Record]) {
    traceEvents = records.map { record in
      Event(
        name: record.node, cat: record.operatorName, ts: record.start.milliseconds * 1e3,
        dur: record.duration.milliseconds * 1e3, tid: record.backend,
        args: [
          "operator": record.operatorName, "algorithm": record.algorithm,
          "inputs": record.inputTypes.map(\.description).joined(separator: " "),
          "results": record.resultTypes.map(\.description).joined(separator: " "),
        ])
    }
  }

  func write(to path: String) throws { try writeJSON(self, to: path) }
}
