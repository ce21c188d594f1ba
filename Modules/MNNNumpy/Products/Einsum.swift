import MNNGraph

/// Einstein's summation convention.
enum Einsum {
  /// Labels of axes that `...` stands for; letters have their own code.
  private static let ellipsisBase = 1 << 20

  static func apply(_ subscripts: String, _ operands: [Tensor]) throws(GraphError) -> Tensor {
    let text = subscripts.filter { !$0.isWhitespace }
    let sides = text.split(separator: "->", omittingEmptySubsequences: false).map(String.init)
    guard sides.count <= 2 else { throw invalid(subscripts, "at most one ->") }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard terms.count == operands.count else {
      throw GraphError(
        .attributeInvalid, "einsum \"\(subscripts)\" does not fit the operands", expected: "\(terms.count) operands",
        found: "\(operands.count)")
    }
    var inputs: [Labelled] = []
    var dots = 0
    for (term, operand) in zip(terms, operands) {
      let (labels, count) = try labels(term, rank: operand.rank, subscripts)
      dots = max(dots, count)
      inputs.append(Labelled(operand, labels))
    }
    let output = try output(sides.count == 2 ? sides[1] : nil, inputs, dots, subscripts)
    try checkSizes(inputs, subscripts)
    return try run(inputs, output)
  }

  private static func invalid(_ subscripts: String, _ expected: String) -> GraphError {
    GraphError(.attributeInvalid, "einsum \"\(subscripts)\" cannot be read", expected: expected)
  }

  /// The labels of one operand; the axes of an ellipsis are counted from the last.
  private static func labels(
    _ term: String, rank: Int, _ subscripts: String
  ) throws(GraphError) -> (labels: [Int], dots: Int) {
    let parts = term.split(separator: "...", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.contains(where: { $0.contains(".") }) else {
      throw invalid(subscripts, "one ellipsis per term")
    }
    func letters(_ text: String) throws(GraphError) -> [Int] {
      var result: [Int] = []
      for scalar in text.unicodeScalars {
        guard scalar.isASCII, scalar.properties.isAlphabetic else { throw invalid(subscripts, "letters") }
        result.append(Int(scalar.value))
      }
      return result
    }
    let front = try letters(parts[0])
    guard parts.count == 2 else {
      guard front.count == rank else { throw invalid(subscripts, "\(rank) letters for an operand of rank \(rank)") }
      return (front, 0)
    }
    let back = try letters(parts[1])
    let dots = rank - front.count - back.count
    guard dots >= 0 else { throw invalid(subscripts, "at most \(rank) letters for an operand of rank \(rank)") }
    return (front + (0..<dots).map { ellipsisBase + dots - 1 - $0 } + back, dots)
  }

  /// The labels of the result: as written, or those that occur once, in alphabetical order.
  private static func output(
    _ text: String?, _ inputs: [Labelled], _ dots: Int, _ subscripts: String
  ) throws(GraphError) -> [Int] {
    let all = inputs.flatMap(\.labels)
    guard let text else {
      let single = Set(all.filter { $0 < ellipsisBase && all.filter { [label = $0] in $0 == label }.count == 1 })
      return (0..<dots).map { ellipsisBase + dots - 1 - $0 } + single.sorted()
    }
    let hasDots = text.contains("...")
    let letters = text.replacing("...", with: "").count
    let (labels, _) = try labels(text, rank: letters + (hasDots ? dots : 0), subscripts)
    for label in labels where !all.contains(label) {
      throw invalid(subscripts, "letters of the result that occur in an operand")
    }
    guard Set(labels).count == labels.count else { throw invalid(subscripts, "each letter of the result once") }
    return labels
  }

  private static func checkSizes(_ inputs: [Labelled], _ subscripts: String) throws(GraphError) {
    var sizes: [Int: Int] = [:]
    for input in inputs {
      for (axis, label) in input.labels.enumerated() {
        let size = input.view.shape[axis]
        guard let known = sizes[label], known != 1, size != 1 else {
          sizes[label] = max(sizes[label] ?? size, size)
          continue
        }
        guard known == size else {
          throw GraphError(
            .shapeMismatch, "einsum \"\(subscripts)\": sizes of axes with one label differ", expected: "\(known)",
            found: "\(size)")
        }
      }
    }
  }

  private static func run(_ inputs: [Labelled], _ output: [Int]) throws(GraphError) -> Tensor {
    guard var result = inputs.first else { throw GraphError(.inputMissing, "einsum needs an operand") }
    if inputs.count == 1 { result = try result.withoutRepeats().summing(except: Set(output)) }
    for i in 1..<max(inputs.count, 1) {
      let later = inputs[(i + 1)...].reduce(into: Set(output)) { $0.formUnion($1.labels) }
      result = try Contraction.contract(result, inputs[i], output: later)
    }
    return try result.arranged(output)
  }
}
