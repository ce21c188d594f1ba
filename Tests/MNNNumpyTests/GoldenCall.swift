import Foundation
import MNNExpr
import MNNGraph
import MNNNumpy
import Testing

/// A call to replay, its arrays found, and what it must give.
struct GoldenCall: Sendable {
  let name: String
  let function: String
  let arguments: [GoldenValue]
  let keywords: [String: GoldenValue]
  let arrays: [Tensor]
  let outcome: Outcome
  /// Whether errors are measured against the largest element of the result.
  let isMeasuredByNorm: Bool

  enum Outcome: Sendable {
    case arrays([Tensor])
    case text(String)
    case failure
  }

  struct Malformed: Error { var what: String }

  init(name: String, entry: GoldenFile.CallEntry, arrays: [Tensor]) throws {
    self.name = name
    function = entry.f
    arguments = entry.a
    keywords = entry.k ?? [:]
    self.arrays = arrays
    isMeasuredByNorm = entry.n ?? false
    if entry.e == true {
      outcome = .failure
    } else if let text = entry.s {
      outcome = .text(text)
    } else {
      outcome = .arrays(try #require(entry.r).map { arrays[$0] })
    }
  }

  /// The arguments, for the message of a failure.
  var shown: String {
    let values = arguments.map { value -> String in
      guard case .array(let number, let slices) = value else { return "\(value)" }
      let array = arrays[number]
      return (array.count <= 64 ? array.arrayText : "\(array.type)") + (slices.isEmpty ? "" : " \(slices)")
    }
    return values.joined(separator: ", ") + (keywords.isEmpty ? "" : " \(keywords)")
  }
}

extension GoldenCall {
  /// An argument as an array; numbers are literals, as they are in Python.
  func x(_ index: Int) throws -> Variable { try variable(arguments[index]) }

  /// An argument that may be absent.
  func optionalX(_ index: Int) throws -> Variable? {
    index < arguments.count && arguments[index] != .null ? try x(index) : nil
  }

  /// A list of arrays.
  func list(_ index: Int) throws -> [Variable] {
    guard case .list(let values) = arguments[index] else { throw Malformed(what: "argument \(index) is no list") }
    return try values.map { try variable($0) }
  }

  func variable(_ value: GoldenValue) throws -> Variable {
    switch value {
    case .bool(let flag): return Variable(booleanLiteral: flag)
    case .int(let number): return Variable(integerLiteral: number)
    case .float(let number): return Variable(floatLiteral: number)
    case .list(let values): return np.array(try values.map { try variable($0) }.stacked)
    case .array(let number, let slices):
      var result = Variable(arrays[number])
      for (axis, slice) in slices.enumerated() where slice != [nil, nil, nil] {
        let cut = BasicIndex.slice(slice[0], slice[1], slice[2] ?? 1)
        switch axis {
        case 0: result = result[cut]
        case 1: result = result[.all, cut]
        default: result = result[.all, .all, cut]
        }
      }
      return result
    case .null, .text, .dtype: throw Malformed(what: "no array: \(value)")
    }
  }

  func int(_ index: Int) throws -> Int {
    guard case .int(let number) = arguments[index] else { throw Malformed(what: "argument \(index) is no int") }
    return number
  }

  func double(_ index: Int) throws -> Double {
    switch arguments[index] {
    case .int(let number): return Double(number)
    case .float(let number): return number
    default: throw Malformed(what: "argument \(index) is no number")
    }
  }

  func text(_ index: Int) throws -> String {
    guard case .text(let text) = arguments[index] else { throw Malformed(what: "argument \(index) is no text") }
    return text
  }

  func ints(_ index: Int) throws -> [Int] { try GoldenCall.ints(arguments[index]) }

  func int(_ key: String) -> Int? {
    if case .int(let number)? = keywords[key] { number } else { nil }
  }

  /// The axis if one is named, nil if none is, `value` if nothing is said.
  func axis(default value: Int?) -> Int? {
    keywords["axis"] == nil ? value : int("axis")
  }

  func double(_ key: String) -> Double? {
    switch keywords[key] {
    case .int(let number)?: Double(number)
    case .float(let number)?: number
    default: nil
    }
  }

  func flag(_ key: String, default value: Bool = false) -> Bool {
    if case .bool(let flag)? = keywords[key] { flag } else { value }
  }

  func text(_ key: String) -> String? {
    if case .text(let text)? = keywords[key] { text } else { nil }
  }

  func dtype(_ key: String) -> DType? {
    if case .dtype(let name)? = keywords[key] { DType(rawValue: name) } else { nil }
  }

  /// One number or several; nil if absent or none.
  func axes(_ key: String) throws -> (any IntegerList)? {
    guard let value = keywords[key], value != .null else { return nil }
    return try GoldenCall.ints(value)
  }

  var keepdims: Bool { flag("keepdims") }

  static func ints(_ value: GoldenValue) throws -> [Int] {
    switch value {
    case .int(let number): return [number]
    case .list(let values): return try values.flatMap { try ints($0) }
    default: throw Malformed(what: "no whole numbers: \(value)")
    }
  }
}

extension [Variable] {
  /// Nested lists of literals as an array.
  var stacked: Variable { np.stack(self) }
}

/// How two arrays differ; nil if they agree: types and shapes alike, whole numbers equal, floating point within a unit or two in
/// the last place (1e-6 for float32).
func difference(_ found: Tensor, _ expected: Tensor, byNorm: Bool) -> String? {
  guard found.dtype == expected.dtype, found.shape == expected.shape else {
    return "expected \(expected.dtype)\(expected.shape), found \(found.dtype)\(found.shape)"
  }
  guard expected.dtype.isFloatingPoint else {
    return found == expected ? nil : "expected \(expected.arrayText), found \(found.arrayText)"
  }
  guard let x = try? found.scalars(as: Double.self), let y = try? expected.scalars(as: Double.self) else { return "unreadable" }
  let relative = expected.dtype == .float16 ? 1e-3 : expected.dtype == .float32 ? 1e-6 : 1e-13
  // Below this the type's own numbers are further apart.
  let floor = expected.dtype == .float16 ? 6e-8 : expected.dtype == .float32 ? 1.5e-45 : Double.leastNonzeroMagnitude
  let scale = byNorm ? y.lazy.filter(\.isFinite).map { abs($0) }.max() ?? 0 : 0
  for (i, (a, b)) in zip(x, y).enumerated() {
    let agrees = a == b || a.isNaN && b.isNaN || abs(a - b) <= max(relative * max(abs(b), scale), floor)
    if !agrees { return "element \(i): expected \(b), found \(a); all: \(found.arrayText)" }
  }
  return nil
}
