import MNNGraph

/// A node of a model while it is translated: its inputs as values of the graph, its attributes under the format's own names.
///
/// It remembers which attributes were asked for. What no translator asked for would silently be ignored, so importers refuse it
/// (``requireAllRead(of:)``).
class ImportCall {
  /// The node's name, or its first output's if it has none.
  let name: String
  /// nil where an optional input is left out.
  let inputs: [Value.ID?]
  /// What the results are called; empty where nothing uses one.
  let outputNames: [String]
  private var read: Set<String> = []

  init(name: String, inputs: [Value.ID?], outputNames: [String]) {
    self.name = name
    self.inputs = inputs
    self.outputNames = outputNames
  }

  // MARK: Inputs and outputs

  func input(_ index: Int) throws(ImportError) -> Value.ID {
    guard let input = optionalInput(index) else {
      throw ImportError(
        .invalidInput, "input \(index) is missing", expected: "at least \(index + 1) inputs",
        found: "\(inputs.compactMap { $0 }.count)")
    }
    return input
  }

  func optionalInput(_ index: Int) -> Value.ID? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// All inputs, of which none may be left out.
  func allInputs() throws(ImportError) -> [Value.ID] {
    var result: [Value.ID] = []
    for index in inputs.indices { result.append(try input(index)) }
    return result
  }

  /// True if something may use output `index`.
  func hasOutput(_ index: Int) -> Bool { index < outputNames.count && !outputNames[index].isEmpty }

  // MARK: Attributes

  func noteRead(_ name: String) { read.insert(name) }

  /// Names attributes that have no influence on the result.
  func ignore(_ names: String...) { read.formUnion(names) }

  /// The value of an attribute that must be there.
  func required<T>(_ name: String, _ value: T?) throws(ImportError) -> T {
    guard let value else { throw missing(name) }
    return value
  }

  /// The attribute's value is understood but not allowed.
  func invalid(_ name: String, expected: String, found: String) -> ImportError {
    ImportError(.invalidAttribute, "attribute \"\(name)\" is not valid", expected: expected, found: found)
  }

  func missing(_ name: String) -> ImportError {
    ImportError(.invalidAttribute, "attribute \"\(name)\" is missing")
  }

  func mistyped(_ name: String, _ expected: String, _ found: String) -> ImportError {
    ImportError(.invalidAttribute, "attribute \"\(name)\" has the wrong type", expected: expected, found: found)
  }

  /// Throws if an attribute was given that the translator never asked for.
  func requireAllRead(of given: some Sequence<String>) throws(ImportError) {
    let rest = given.filter { !read.contains($0) }.sorted()
    guard rest.isEmpty else {
      throw ImportError(
        .unsupportedAttribute, "attributes that are not supported: \(rest.joined(separator: ", "))",
        advice: "the result would differ from the exporter's; remove them if they do not matter")
    }
  }
}
