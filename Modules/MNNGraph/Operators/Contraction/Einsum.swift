/// Einstein's sum: products over named axes, summed over the names that the result does not have.
///
/// - Inputs: one or more of one type, as many as the equation has terms.
/// - Result: the axes that the equation names after `->`, or the names that occur once, in alphabetical order. `...` stands
///   for axes that broadcast.
/// - SeeAlso: ONNX Einsum, opset 12; `.mnn` operator Einsum.
public struct Einsum: CompositeOperator, Codable {
  public var equation: String

  public init(_ equation: String) { self.equation = equation }

  /// A name of an axis: a letter, or a broadcast axis counted from the last.
  enum Label: Hashable {
    case letter(Character)
    case broadcast(Int)
  }

  struct Terms {
    var inputs: [[Label]]
    var result: [Label]
  }

  private func malformed(_ expected: String) -> GraphError {
    GraphError(.attributeInvalid, "the equation does not fit", expected: expected, found: "\"\(equation)\"")
  }

  /// The equation's names for the axes of inputs of these ranks.
  func terms(ranks: [Int]) throws(GraphError) -> Terms {
    let text = equation.filter { $0 != " " }
    var sides = [Substring(text), nil]
    if let arrow = text.firstIndex(of: "-") {
      guard text[arrow...].hasPrefix("->") else { throw malformed("-> before the result") }
      sides = [text[..<arrow], text[arrow...].dropFirst(2)]
    }
    let parts = (sides[0] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == ranks.count else { throw malformed("\(ranks.count) terms, one an input") }
    var inputs: [[Label]] = []
    var widest = 0
    for (part, rank) in zip(parts, ranks) {
      let letters = part.count { $0 != "." }
      let labels = try parse(part, broadcastAxes: rank - letters)
      guard labels.count == rank else { throw malformed("\(rank) axes in \"\(part)\"") }
      widest = max(widest, labels.count - letters)
      inputs.append(labels)
    }
    if let side = sides[1] {
      let result = try parse(side, broadcastAxes: side.contains(".") ? widest : 0)
      guard Set(result).count == result.count, Set(result).isSubset(of: inputs.joined()) else {
        throw malformed("names of the inputs after ->, each once")
      }
      return Terms(inputs: inputs, result: result)
    }
    var counts: [Character: Int] = [:]
    for case .letter(let name) in inputs.joined() { counts[name, default: 0] += 1 }
    let once = counts.filter { $0.value == 1 }.keys.sorted().map { Label.letter($0) }
    return Terms(inputs: inputs, result: (0..<widest).reversed().map { .broadcast($0) } + once)
  }

  private func parse(_ term: Substring, broadcastAxes: Int) throws(GraphError) -> [Label] {
    var labels: [Label] = []
    var rest = term
    while let character = rest.first {
      if character == "." {
        guard rest.hasPrefix("..."), broadcastAxes >= 0,
          !labels.contains(where: { if case .broadcast = $0 { true } else { false } })
        else { throw malformed("one ... for axes that broadcast") }
        labels += (0..<broadcastAxes).reversed().map { .broadcast($0) }
        rest = rest.dropFirst(3)
      } else {
        guard character.isASCII, character.isLetter else { throw malformed("letters") }
        labels.append(.letter(character))
        rest = rest.dropFirst()
      }
    }
    return labels
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let types = try operands.all().map(\.type)
    guard let first = types.first else { throw GraphError(.inputMissing, "Einsum has no input") }
    let terms = try terms(ranks: types.map(\.shape.rank))
    var sizes: [Label: Dimension] = [:]
    for (labels, type) in zip(terms.inputs, types) {
      try requireSame(first.dtype, type.dtype, "the type of an input")
      for (label, size) in zip(labels, type.shape.dimensions) {
        guard let known = sizes[label], known != 1 else { sizes[label] = size; continue }
        guard case .broadcast = label else {
          try requireEqual(known, size, "the size of an axis in \"\(equation)\"")
          if known.value == nil { sizes[label] = size }
          continue
        }
        sizes[label] = try broadcastShape([known], [size])[0]
      }
    }
    return [TensorType(first.dtype, Shape(terms.result.compactMap { sizes[$0] }))]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    var factors: [EinsumFactor] = []
    for index in inputs.indices {
      let value = try builder.required(inputs, index)
      factors.append(EinsumFactor(value: value, labels: []))
    }
    var ranks: [Int] = []
    for factor in factors { ranks.append(try builder.type(of: factor.value).shape.rank) }
    let terms = try terms(ranks: ranks)
    for i in factors.indices {
      factors[i].labels = terms.inputs[i]
      try factors[i].takeDiagonals(in: &builder)
    }
    guard var product = factors.first else { throw GraphError(.inputMissing, "Einsum has no input") }
    for (i, factor) in factors.enumerated().dropFirst() {
      let later = Set(factors[(i + 1)...].flatMap(\.labels)).union(terms.result)
      product = try product.multiplied(by: factor, keeping: later, in: &builder)
    }
    try product.sum(keeping: Set(terms.result), in: &builder)
    return [try product.arranged(as: terms.result, in: &builder)]
  }
}
