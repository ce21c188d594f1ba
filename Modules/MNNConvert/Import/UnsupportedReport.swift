/// Collects the operators of a model that cannot be translated, so that all are reported at once.
struct UnsupportedReport {
  private var found: [UnsupportedOperator] = []

  mutating func note(_ name: String, domain: String = "", opset: Int64 = 1, node: String) {
    guard let index = found.firstIndex(where: { $0.name == name && $0.domain == domain && $0.opset == opset }) else {
      found.append(UnsupportedOperator(name: name, domain: domain, opset: opset, nodes: [node], count: 1))
      return
    }
    found[index].count += 1
    if found[index].nodes.count < 3 { found[index].nodes.append(node) }
  }

  /// Throws if there are any.
  func check() throws(ImportError) {
    guard !found.isEmpty else { return }
    throw ImportError(
      .unsupportedOperators, "operators that are not supported: \(found.count)",
      advice: "replace them before exporting, or see --OP for what is supported",
      unsupported: found.sorted { ($0.domain, $0.name, $0.opset) < ($1.domain, $1.name, $1.opset) })
  }
}
