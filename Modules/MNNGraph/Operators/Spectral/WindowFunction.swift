#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A sum of cosines that fades a frame out towards its ends: `Σ a[i] cos(2πi n / N)`.
///
/// - Input: `size`, one integer. Result: `[size]`.
/// - SeeAlso: ONNX BlackmanWindow, HammingWindow, HannWindow, opset 17.
public struct WindowFunction: PrimitiveOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable { case blackman, hamming, hann }

  public var function: Function
  /// The window's end is where the next one begins: `N` is the size, not one less.
  public var isPeriodic: Bool
  public var dtype: DType

  public init(_ function: Function, isPeriodic: Bool = true, dtype: DType = .float32) {
    self.function = function
    self.isPeriodic = isPeriodic
    self.dtype = dtype
  }

  private var coefficients: [Double] {
    switch function {
    case .blackman: [0.42, -0.5, 0.08]
    case .hamming: [25.0 / 46, -21.0 / 46]
    case .hann: [0.5, -0.5]
    }
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let size = try operands.integer(0)
    try requireAttribute(size >= 0, "bad size", expected: "at least 0", found: "\(size)")
    return [TensorType(dtype, [Dimension(size)])]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let length = Double(max(isPeriodic ? shape[0] : shape[0] - 1, 1))
    return [
      try Tensor.computed(dtype, shape) { y in
        for n in y.indices {
          y[n] = coefficients.enumerated().reduce(0) { $0 + $1.element * cos(2 * .pi * Double($1.offset * n) / length) }
        }
      }
    ]
  }
}
