import Foundation
import MNNGraph
import Testing

/// A call to replay, its arrays found, and what it must give.
struct GoldenCall: Sendable {
  let name: String
  let function: String
  let arguments: [GoldenValue]
  let keywords: [String: GoldenValue]
  let arrays: [Tensor]
  let outcome: Outcome
  /// Relative tolerance of floating-point results.
  let tolerance: Double?

  enum Outcome: Sendable {
    case arrays([Tensor])
    case text(String)
    case failure
  }

  init(name: String, entry: GoldenFile.CallEntry, arrays: [Tensor]) throws {
    self.name = name
    function = entry.f
    arguments = entry.a
    keywords = entry.k ?? [:]
    self.arrays = arrays
    tolerance = entry.t
    if entry.e == true {
      outcome = .failure
    } else if let text = entry.s {
      outcome = .text(text)
    } else {
      outcome = .arrays(try #require(entry.r).map { arrays[$0] })
    }
  }
}

/// How two arrays differ; nil if they agree: types and shapes alike, whole numbers equal, others within `tolerance`.
func difference(_ found: Tensor, _ expected: Tensor, tolerance: Double?) -> String? {
  guard found.dtype == expected.dtype, found.shape == expected.shape else {
    return "expected \(expected.dtype)\(expected.shape), found \(found.dtype)\(found.shape)"
  }
  guard expected.dtype.isFloatingPoint else {
    return found == expected ? nil : "expected \(expected.arrayText), found \(found.arrayText)"
  }
  guard let x = try? found.scalars(as: Double.self), let y = try? expected.scalars(as: Double.self) else { return "unreadable" }
  // A unit in the last place of float16 is 1e-3, of float32 1.2e-7.
  let relative = tolerance ?? (expected.dtype == .float16 ? 1e-3 : expected.dtype == .float32 ? 1e-6 : 1e-13)
  let scale = y.lazy.filter(\.isFinite).map { abs($0) }.max() ?? 0
  // Where terms cancel, what is left is measured against the largest element.
  let floor = (expected.dtype == .float64 ? 1e-15 : expected.dtype == .float32 ? 1e-8 : 1e-4) * scale
  for (i, (a, b)) in zip(x, y).enumerated() {
    let agrees = a == b || a.isNaN && b.isNaN || abs(a - b) <= max(relative * abs(b), floor)
    if !agrees { return "element \(i): expected \(b), found \(a); all: \(found.arrayText)" }
  }
  return nil
}
