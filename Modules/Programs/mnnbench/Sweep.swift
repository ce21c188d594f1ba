import ProgramSupport

/// The combinations of option values to try: `threads=1,2 precision=normal,low` are four.
struct Sweep {
  private let axes: [(name: String, values: [String])]

  /// More combinations than this are taken for a mistake.
  private static let limit = 64

  init(_ texts: [String]) throws {
    var axes: [(name: String, values: [String])] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let values = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
      guard !values.isEmpty, RuntimeOptions.names.contains(parts[0]) else {
        throw ProgramError(
          "--sweep \(text): expected OPTION=VALUE,VALUE… with one of \(RuntimeOptions.names.joined(separator: ", "))")
      }
      guard !axes.contains(where: { $0.name == parts[0] }) else { throw ProgramError("--sweep \(parts[0]) is given twice") }
      axes.append((parts[0], values))
    }
    let count = axes.reduce(1) { $0.multipliedReportingOverflow(by: $1.values.count).partialValue }
    guard axes.count <= RuntimeOptions.names.count, (1...Sweep.limit).contains(count) else {
      throw ProgramError("--sweep: expected at most \(Sweep.limit) combinations, found \(count)")
    }
    self.axes = axes
  }

  /// The options of each combination, with the values in words.
  func settings(from options: RuntimeOptions) throws -> [(label: String, options: RuntimeOptions)] {
    var result = [(label: "", options: options)]
    for axis in axes {
      var next: [(label: String, options: RuntimeOptions)] = []
      for setting in result {
        for value in axis.values {
          var changed = setting
          try changed.options.set(axis.name, to: value)
          changed.label += (changed.label.isEmpty ? "" : " ") + "\(axis.name)=\(value)"
          next.append(changed)
        }
      }
      result = next
    }
    return result
  }
}
