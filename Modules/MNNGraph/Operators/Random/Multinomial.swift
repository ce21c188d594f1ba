#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Classes drawn at random by their probabilities.
///
/// - Input: `x` `[N, C]`, logarithms of numbers in proportion to the probabilities. Result: `[N, count]`, the classes.
/// - SeeAlso: ONNX Multinomial.
public struct Multinomial: PrimitiveOperator, Codable {
  public var count: Int
  public var dtype: DType
  /// Makes all runs give the same numbers; nil for new ones.
  public var seed: Float?

  public init(count: Int = 1, dtype: DType = .int32, seed: Float? = nil) {
    self.count = count
    self.dtype = dtype
    self.seed = seed
  }

  public var isDeterministic: Bool { false }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    _ = try operands.floatType(0)
    try requireAttribute(
      count >= 0 && dtype.isInteger, "bad samples", expected: "at least 0, of an integer type", found: "\(count), \(dtype)")
    return [TensorType(dtype, [try operands.type(0, rank: 2).shape[0], Dimension(count)])]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .sums(operands, results, each: operands.size(0, axis: 1))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let classes = try arguments.tensor(0).shape[1]
    guard classes > 0 || shape.contains(0) else {
      throw GraphError(.shapeMismatch, "there is no class to draw", expected: "at least 1", found: "0")
    }
    let x = try arguments.scalars(0, as: Double.self)
    var source = RandomSource(seed: seed)
    return [
      try Tensor.computed(dtype, shape) { y in
        for n in 0..<shape[0] {
          let row = x[(n * classes)..<((n + 1) * classes)]
          let top = row.max() ?? 0
          var sums: [Double] = []
          for value in row { sums.append((sums.last ?? 0) + exp(value - top)) }
          for i in 0..<count {
            let drawn = source.uniform() * (sums.last ?? 0)
            y[n * count + i] = Double(sums.firstIndex { drawn < $0 } ?? classes - 1)
          }
        }
      }
    ]
  }
}
