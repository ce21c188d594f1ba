import MNNGraph

/// The plans used last.
struct PlanCache: Sendable {
  struct Key: Hashable, Sendable {
    let types: [TensorType]
    let contents: [Tensor?]
    private let shapes: [[Int]?]

    init(_ operands: [Operand]) {
      types = operands.map(\.type)
      contents = operands.map(\.constant)
      shapes = types.map(\.shape.sizes)
    }

    /// Whether a run with these inputs uses the plan. Allocates nothing, as every run asks.
    func matches(_ inputs: [Tensor], bindsContents: Bool) -> Bool {
      guard inputs.count == types.count else { return false }
      for i in inputs.indices {
        guard inputs[i].dtype == types[i].dtype, inputs[i].shape == shapes[i] else { return false }
        if bindsContents, contents[i] != (inputs[i].isShape ? inputs[i] : nil) { return false }
      }
      return true
    }
  }

  let capacity: Int
  /// Most recently used last.
  private var entries: [(key: Key, entry: Program.Entry)] = []

  init(capacity: Int) { self.capacity = capacity }

  mutating func entry(where isWanted: (Key) -> Bool) -> Program.Entry? {
    // Not lastIndex(where:), which copies each entry.
    var index = entries.count - 1
    while index >= 0, !isWanted(entries[index].key) { index -= 1 }
    guard index >= 0 else { return nil }
    if index != entries.count - 1 { entries.append(entries.remove(at: index)) }
    return entries[entries.count - 1].entry
  }

  mutating func insert(_ entry: Program.Entry, for key: Key) {
    entries.removeAll { $0.key == key }
    entries.append((key, entry))
    if entries.count > capacity { entries.removeFirst() }
  }
}

extension Tensor {
  /// Whether a plan may be bound to the contents, as shapes may depend on them: a short vector of integers.
  var isShape: Bool { dtype.isInteger && rank <= 1 && count <= 64 }
}
