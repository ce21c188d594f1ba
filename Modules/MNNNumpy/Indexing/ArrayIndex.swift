public import MNNExpr
import MNNGraph

/// What may stand between the brackets of `x[…]`: whole numbers, ranges, ``BasicIndex``, lists of indices or truth values, and
/// arrays of them.
public protocol ArrayIndex {
  /// What it selects.
  var selection: IndexSelection { get }
}

/// One entry between the brackets, taken apart.
public enum IndexSelection: Sendable {
  /// One position; the axis goes.
  case position(Int)
  /// Every `step`-th position from `start` to before `stop`; nil for the ends. Negative positions count from the end.
  case slice(start: Int?, stop: Int?, step: Int)
  /// A new axis of size 1.
  case newAxis
  /// As many full slices as are missing.
  case ellipsis
  /// The positions, or the true elements, of an array.
  case array(Variable)
}

/// Selections that have names: `.all`, `.newAxis`, `.ellipsis`, `.reversed`, `.step(2)`, `.slice(1, -1)`.
public struct BasicIndex: ArrayIndex, Sendable {
  public let selection: IndexSelection

  init(_ selection: IndexSelection) { self.selection = selection }
}

extension ArrayIndex where Self == BasicIndex {
  /// All positions (Python's `:`).
  public static var all: BasicIndex { BasicIndex(.slice(start: nil, stop: nil, step: 1)) }
  /// A new axis of size 1 (`None`).
  public static var newAxis: BasicIndex { BasicIndex(.newAxis) }
  /// As many full slices as are missing (`...`).
  public static var ellipsis: BasicIndex { BasicIndex(.ellipsis) }
  /// All positions from the last to the first (`::-1`).
  public static var reversed: BasicIndex { BasicIndex(.slice(start: nil, stop: nil, step: -1)) }
  /// Every `step`-th position (`::step`); a negative step goes backwards.
  public static func step(_ step: Int) -> BasicIndex { BasicIndex(.slice(start: nil, stop: nil, step: step)) }
  /// `start:stop:step`; nil for the ends, negative positions count from the end.
  public static func slice(_ start: Int?, _ stop: Int?, _ step: Int = 1) -> BasicIndex {
    BasicIndex(.slice(start: start, stop: stop, step: step))
  }
}

extension Int: ArrayIndex {
  public var selection: IndexSelection { .position(self) }
}

extension Range: ArrayIndex where Bound == Int {
  public var selection: IndexSelection { .slice(start: lowerBound, stop: upperBound, step: 1) }
}

extension ClosedRange: ArrayIndex where Bound == Int {
  public var selection: IndexSelection {
    let stop = upperBound == -1 || upperBound == .max ? nil : upperBound + 1
    return .slice(start: lowerBound, stop: stop, step: 1)
  }
}

extension PartialRangeFrom: ArrayIndex where Bound == Int {
  public var selection: IndexSelection { .slice(start: lowerBound, stop: nil, step: 1) }
}

extension PartialRangeUpTo: ArrayIndex where Bound == Int {
  public var selection: IndexSelection { .slice(start: nil, stop: upperBound, step: 1) }
}

extension PartialRangeThrough: ArrayIndex where Bound == Int {
  public var selection: IndexSelection {
    .slice(start: nil, stop: upperBound == -1 || upperBound == .max ? nil : upperBound + 1, step: 1)
  }
}

extension Array: ArrayIndex where Element: IndexElement {
  public var selection: IndexSelection { .array(Element.array(self)) }
}

/// What lists of indices are made of.
public protocol IndexElement {
  static func array(_ elements: [Self]) -> Variable
}

extension Int: IndexElement {
  public static func array(_ elements: [Int]) -> Variable { Variable(elements.map { Int64($0) }) }
}

extension Bool: IndexElement {
  public static func array(_ elements: [Bool]) -> Variable { Variable(elements) }
}

extension Variable: ArrayIndex {
  public var selection: IndexSelection { .array(self) }
}
