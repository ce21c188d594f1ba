import MNNGraph
import OperatorSuite
import Testing

@Suite("Shape rules")
struct ShapeRuleTests {
  static let cases = OperatorCase.shaped

  /// Rules that need a size as a number where it is open: where rank or scale depend on it, or that state sizes themselves.
  private static let unknown: Set<String> = ["FusedAttention", "GatherND", "Resize", "ScatterND"]

  private enum Opening: CaseIterable { case all, equal, some }

  /// The operands with sizes replaced by symbols, and what the symbols stand for.
  private func open(
    _ operands: [Operand?], _ opening: Opening, _ random: inout CaseRandom
  ) -> (operands: [Operand?], bindings: [String: Int]) {
    var bindings: [String: Int] = [:]
    var result: [Operand?] = []
    for (i, operand) in operands.enumerated() {
      guard var operand, operand.constant == nil, let sizes = operand.type.shape.sizes else {
        result.append(operand)
        continue
      }
      let dimensions = sizes.enumerated().map { axis, size -> MNNGraph.Dimension in
        if opening == .some, random.flag() { return MNNGraph.Dimension(size) }
        let name = opening == .equal ? "s\(size)" : "x\(i)_\(axis)"
        bindings[name] = size
        return .symbol(name)
      }
      operand.type.shape = Shape(dimensions)
      result.append(operand)
    }
    return (result, bindings)
  }

  @Test("symbols, once they are numbers, give what numbers give", arguments: cases.map(\.name))
  func symbolic(_ name: String) throws {
    let rule = try #require(Self.cases.first { $0.name == name })
    var random = rule.random()
    var (tried, known) = (0, 0)
    for _ in 0..<300 {
      let (op, operands) = try rule.make(&random)
      guard let want = try? op.resultTypes(for: Operands(operands)) else { continue }
      for opening in Opening.allCases {
        let (symbolic, bindings) = open(operands, opening, &random)
        tried += 1
        let types: [TensorType]
        do throws(GraphError) { types = try op.resultTypes(for: Operands(symbolic)) } catch {
          #expect(error.code == .dependsOnData, "\(op) refuses \(symbolic.map { $0?.type }): \(error)")
          continue
        }
        known += 1
        let got = types.map { TensorType($0.dtype, Shape($0.shape.dimensions.map { $0.substituting(bindings) })) }
        #expect(got == want, "\(op) of \(operands.map { $0?.type }) as \(symbolic.map { $0?.type }) is \(types)")
        if got != want { return }
      }
    }
    #expect(tried >= 60, "the case hardly ever fits")
    #expect(known == tried || Self.unknown.contains(name), "the rule gives up on \(tried - known) of \(tried)")
  }

}
