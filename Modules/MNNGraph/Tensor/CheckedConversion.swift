/// Conversions of numbers with a fraction to integers. The standard library's end the process on NaN, on infinities and on what is
/// out of range, so they are taken away from every module that sees this one: the compiler finds each use.

extension Int {
  /// The integer that numeric conversion gives: truncating, saturating; NaN becomes 0.
  @inlinable
  package init(converting value: Double) { self = Int(Int64(converting: value)) }

  /// The integer that numeric conversion gives: truncating, saturating; NaN becomes 0.
  @inlinable
  package init(converting value: Float) { self = Int(Int64(converting: Double(value))) }
}

extension TensorScalar where Self: FixedWidthInteger {
  /// The integer that numeric conversion gives: truncating, saturating; NaN becomes 0.
  @inlinable
  package init(converting value: Float) { self.init(converting: Double(value)) }
}

extension Int {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension Int8 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension Int16 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension Int32 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension Int64 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension UInt {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension UInt8 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension UInt16 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension UInt32 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}

extension UInt64 {
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Double) { self = 0 }
  @available(*, unavailable, message: "ends the process on NaN and beyond the range: use init(converting:) or init(exactly:)")
  package init(_ value: Float) { self = 0 }
}
