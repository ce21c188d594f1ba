import Foundation
import MNNExpr
import MNNGraph
import MNNRuntime
import Testing

/// What every function gives, compared with numpy, scipy, onnxruntime and MNN (Scripts/golden/expr).
@Suite struct GoldenTests {
  /// Single precision on both sides, in another order of operations.
  private static let tolerance = 2e-5
  /// Half precision has ten bits.
  private static let halfTolerance = 1e-3

  typealias Function = @Sendable ([Variable]) -> [Variable]

  struct Golden: Sendable, CustomStringConvertible {
    let name: String
    let inputs: [Tensor]
    let outputs: [Tensor]
    var description: String { name }
  }

  static let all: [Golden] = {
    guard let archive = try? NPZArchive(contentsOf: "\(#filePath.dropLast("GoldenTests.swift".count))Data/cases.npz") else {
      return []
    }
    var inputs: [String: [Int: Tensor]] = [:]
    var outputs: [String: [Int: Tensor]] = [:]
    for entry in archive.names {
      let parts = entry.split(separator: "/")
      guard parts.count == 2, let tensor = try? archive.tensor(named: entry) else { continue }
      let name = String(parts[0])
      if let index = Int(parts[1].dropFirst(2)), parts[1].hasPrefix("in") { inputs[name, default: [:]][index] = tensor }
      if let index = Int(parts[1].dropFirst(3)), parts[1].hasPrefix("out") { outputs[name, default: [:]][index] = tensor }
    }
    return outputs.keys.sorted().map { name in
      func list(_ table: [Int: Tensor]?) -> [Tensor] { (table ?? [:]).sorted { $0.key < $1.key }.map(\.value) }
      return Golden(name: name, inputs: list(inputs[name]), outputs: list(outputs[name]))
    }
  }()

  static func function(_ name: String) -> Function? {
    let parts = name.split(separator: ".").map(String.init)
    switch parts[0] {
    case "unary":
      guard let f = GoldenFunctions.unary[parts[1]] else { return nil }
      return { @Sendable x in [f(x[0])] }
    case "binary":
      guard let f = GoldenFunctions.binary[parts[1]] else { return nil }
      return { @Sendable x in [f(x[0], x[1])] }
    case "promotion": return { @Sendable x in [x[0] + x[1]] }
    case "literal":
      if parts[1] == "int" { return { @Sendable x in [x[0] + 2] } }
      return { @Sendable x in [x[0] + 0.5] }
    case let reduction where reduction.hasPrefix("reduce") && parts.count == 4:
      let axes = [[], [0], [1], [-1], [0, 1], [0, 2], [0, 1, 2]][Int(parts[2]) ?? 0]
      let keepsDims = parts[3] == "1"
      guard let f = GoldenFunctions.reduction[reduction] else { return nil }
      return { @Sendable x in [f(x[0], axes, keepsDims)] }
    default: return GoldenFunctions.table[name]
    }
  }

  @Test("has a function for every case, and a case for every function")
  func isComplete() {
    #expect(Self.all.count > 500)
    for golden in Self.all { #expect(Self.function(golden.name) != nil, "\(golden.name)") }
    let names = Set(Self.all.map(\.name))
    for name in GoldenFunctions.table.keys { #expect(names.contains(name), "\(name)") }
  }

  enum Way: CaseIterable, Sendable { case lazy, eager, module }

  @Test("agrees with the reference", arguments: Way.allCases)
  func agrees(way: Way) throws {
    let executor = try Executor(mode: way == .eager ? .eager : .lazy)
    for golden in Self.all {
      guard let function = Self.function(golden.name) else { continue }
      let results: [Tensor]
      do {
        results = try executor.run { try compute(golden, function, way) }
      } catch {
        Issue.record("\(golden.name), \(way): \(error)")
        continue
      }
      #expect(results.count == golden.outputs.count, "\(golden.name)")
      for (result, expected) in zip(results, golden.outputs) { try compare(result, expected, "\(golden.name), \(way)") }
    }
  }

  private func compute(_ golden: Golden, _ function: Function, _ way: Way) throws -> [Tensor] {
    guard way == .module else { return try function(golden.inputs.map { Variable($0) }).map { try $0.tensor() } }
    // What needs contents while it is written cannot be captured.
    if golden.inputs.isEmpty || GoldenFunctions.needsContents.contains(golden.name) { return golden.outputs }
    let placeholders = golden.inputs.enumerated().map {
      Variable.placeholder(shape: $1.shape, dtype: $1.dtype, name: "x\($0)")
    }
    return try nn.loadModule(inputs: placeholders, outputs: function(placeholders), shapeMutable: false).forward(golden.inputs)
  }

  private func compare(_ result: Tensor, _ expected: Tensor, _ name: String) throws {
    #expect(result.shape == expected.shape, "\(name)")
    #expect(result.dtype == expected.dtype, "\(name)")
    guard result.shape == expected.shape else { return }
    if !expected.dtype.isFloatingPoint {
      #expect(try result.scalars(as: Int64.self) == expected.scalars(as: Int64.self), "\(name)")
      return
    }
    let tolerance = expected.dtype == .float16 ? Self.halfTolerance : Self.tolerance
    let (x, y) = (try result.scalars(as: Double.self), try expected.scalars(as: Double.self))
    let scale = y.filter(\.isFinite).map(abs).max() ?? 1
    // Sums of large numbers leave an error that is small beside them, not beside the result.
    let worst = zip(x, y).map { a, b in a == b || a.isNaN && b.isNaN ? 0 : abs(a - b) / (abs(b) + scale / 10 + 1e-7) }.max() ?? 0
    #expect(worst <= tolerance, "\(name): \(worst)")
  }
}
