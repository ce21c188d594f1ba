import Foundation
import Testing

@testable import MNNGraph

/// An operator with operands on which its shape rule is tried: random, but mostly such that they fit.
struct ShapeRuleCase {
  let name: String
  let make: @Sendable (inout ShapeRandom) throws -> (op: any Operator, operands: [Operand?])

  init(_ name: String, _ make: @escaping @Sendable (inout ShapeRandom) throws -> (any Operator, [Operand?])) {
    self.name = name
    self.make = make
  }
}

/// Numbers for ``ShapeRuleCase``, the same in every run.
struct ShapeRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func numbers(_ count: Int, _ range: ClosedRange<Int>) -> [Int] { (0..<count).map { _ in number(range) } }
  mutating func flag() -> Bool { number(0...1) == 1 }
  mutating func one<T>(of values: [T]) -> T { values[number(0...values.count - 1)] }
  mutating func sizes(_ rank: Int, _ range: ClosedRange<Int> = 1...9) -> [Int] { numbers(rank, range) }
  /// An axis of a tensor of this rank, from the front or the end.
  mutating func axis(_ rank: Int) -> Int { number(-rank...rank - 1) }
  /// Some of `0..<rank`, in any order.
  mutating func axes(_ rank: Int) -> [Int] { Array((0..<rank).shuffled(using: &self).prefix(number(0...rank))) }
}

func x(_ sizes: [Int], _ dtype: DType = .float32) -> Operand { Operand(TensorType(dtype, Shape(sizes))) }
func c(_ values: [Int]) throws -> Operand { Operand(try Tensor(values.map { Int64($0) })) }
func c(_ value: Int) throws -> Operand { Operand(try Tensor(Int64(value))) }
func c(_ values: [Float]) throws -> Operand { Operand(try Tensor(values)) }

@Suite("Shape rules")
struct ShapeRuleTests {
  static let cases = ShapeRuleCase.arithmetic + ShapeRuleCase.layout + ShapeRuleCase.networks + ShapeRuleCase.rest

  /// Rules that need a size as a number where it is open: where rank or scale depend on it.
  private static let unknown: Set<String> = ["GatherND", "Resize", "ScatterND"]

  private enum Opening: CaseIterable { case all, equal, some }

  /// The operands with sizes replaced by symbols, and what the symbols stand for.
  private func open(
    _ operands: [Operand?], _ opening: Opening, _ random: inout ShapeRandom
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
    var random = ShapeRandom(state: UInt64(bitPattern: Int64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) })))
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

  @Test("no operator is left out")
  func complete() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Modules/MNNGraph/Operators").standardized
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    let declaration = try Regex(#"struct (\w+): (?:Primitive|Layout|Composite)Operator"#)
    var operators: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: declaration) {
        if let name = match.output[1].substring { operators.insert(String(name)) }
      }
    }
    let covered = Set(
      try Self.cases.map { rule in
        var random = ShapeRandom(state: 1)
        return String(describing: type(of: try rule.make(&random).op))
      })
    #expect(operators.count > 100)
    let dependent = ShapeRuleCase.dependent.map { String(describing: $0) }
    #expect(operators.subtracting(covered).subtracting(dependent).sorted() == [])
  }
}
