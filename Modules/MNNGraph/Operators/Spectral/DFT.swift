/// The discrete Fourier transform along one axis: `y[k] = Σ x[n] exp(-2πi kn / length)`; the inverse has the other sign
/// and is divided by `length`.
///
/// - Inputs: `x` `[…, 1 or 2]`, floating point: real numbers, or real and imaginary parts; `length`, optional: `x` is cut
///   or filled up with zeros to it; `axis`, optional (-2), not the last one. Both are one integer each, constant when
///   the graph is planned.
/// - Result: `[…, 2]`. ``isOneSided``: a transform gives the first `length / 2 + 1` elements only; an inverse takes them,
///   and its result is real, `[…, 1]`.
/// - SeeAlso: ONNX DFT, opset 20.
public struct DFT: PrimitiveOperator, Codable {
  public var isInverse: Bool
  public var isOneSided: Bool

  public init(isInverse: Bool = false, isOneSided: Bool = false) {
    self.isInverse = isInverse
    self.isOneSided = isOneSided
  }

  private func axis(_ operands: Operands) throws(GraphError) -> Int {
    let rank = try operands.shape(0).rank
    let axis = try operands[optional: 2] == nil ? -2 : operands.integer(2)
    guard rank > 1, axis != rank - 1, axis != -1 else {
      throw GraphError(.axisOutOfRange, "the last axis holds the parts of a number", expected: "another axis", found: "\(axis)")
    }
    return try normalizedAxis(axis, rank: rank)
  }

  private func length(_ operands: Operands, _ axis: Int) throws(GraphError) -> Dimension {
    guard operands[optional: 1] == nil else {
      let length = try operands.integer(1)
      try requireAttribute(length > 0 && length < 1 << 40, "bad length", expected: "above 0", found: "\(length)")
      return Dimension(length)
    }
    let size = try operands.shape(0)[axis]
    return isInverse && isOneSided ? (size - 1) * 2 : size
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    let axis = try axis(operands)
    let length = try length(operands, axis)
    if let parts = x.shape[x.shape.rank - 1].value, parts != 1, parts != 2 {
      throw GraphError(.shapeMismatch, "the last axis does not hold numbers", expected: "1 or 2", found: "\(parts)")
    }
    var shape = x.shape
    shape[axis] = isOneSided && !isInverse ? length / 2 + 1 : length
    shape[shape.rank - 1] = isOneSided && isInverse ? 1 : 2
    return [TensorType(x.dtype, shape)]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    guard let axis = try? axis(operands), let length = (try? length(operands, axis))?.value else {
      return .elements(operands, results)
    }
    let lines = operands.elementCount(0) / max(operands.size(0, axis: axis).saturatingMultiply(operands.size(0, axis: -1)), 1)
    let padded = FourierTransform.workingLength(length)
    return .elements(operands, results)
      + Work(
        operations: lines.saturatingMultiply(padded).saturatingMultiply(8 * (Int.bitWidth - padded.leadingZeroBitCount)),
        bytes: padded.saturatingMultiply(80))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let operands = arguments.operands
    let type = try resultTypes(for: operands)[0]
    let shape = try type.shape.concreteSizes()
    let sizes = try arguments.tensor(0).shape
    let axis = try axis(operands)
    let length = try Shape([length(operands, axis)]).concreteSizes()[0]
    let parts = sizes[sizes.count - 1]
    let resultParts = shape[shape.count - 1]
    let (outer, count, rest) = splitSizes(sizes, at: axis)
    let inner = rest / max(parts, 1)
    let x = try arguments.scalars(0, as: Double.self)
    return [
      try Tensor.computed(type.dtype, shape) { y throws(GraphError) in
        let transform = try FourierTransform(length: length, isInverse: isInverse)
        let signal = transform.signal
        for o in 0..<outer {
          for i in 0..<inner {
            signal.update(repeating: Complex())
            for n in 0..<min(count, length) {
              let at = ((o * count + n) * inner + i) * parts
              signal[n] = Complex(re: x[at], im: parts == 2 ? x[at + 1] : 0)
            }
            if isInverse && isOneSided {
              // The other half mirrors the first.
              for n in count..<max(length, count) where n < length && length - n < count {
                signal[n] = Complex(re: signal[length - n].re, im: -signal[length - n].im)
              }
            }
            transform.run()
            for k in 0..<shape[axis] {
              let at = ((o * shape[axis] + k) * inner + i) * resultParts
              let scale = isInverse ? 1 / Double(length) : 1
              y[at] = signal[k].re * scale
              if resultParts == 2 { y[at + 1] = signal[k].im * scale }
            }
          }
        }
      }
    ]
  }
}
