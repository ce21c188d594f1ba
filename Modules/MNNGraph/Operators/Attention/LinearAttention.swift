#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Attention without softmax, by a matrix per head that is updated at each step: `S = decay * S + update`, `y = scale * q S`.
///
/// - Inputs: `query` `[N, length, heads * k]`, `key` `[N, length, keyHeads * k]`, `value` `[N, length, keyHeads * v]`,
///   floating point; then, each optional, `past` `[N, keyHeads, k, v]` (zeros), `decay` `[N, length, keyHeads * k or
///   keyHeads]`, logarithms, and `rate` `[N, length, keyHeads or 1]`. Heads share the matrices of the key heads in turn.
/// - Results: `[N, length, heads * v]`; the matrices after the last step `[N, keyHeads, k, v]`, of the type of `past`.
/// - SeeAlso: ONNX LinearAttention, opset 27.
public struct LinearAttention: PrimitiveOperator, Codable {
  public enum Rule: String, Hashable, Sendable, CaseIterable, Codable {
    /// Adds `k ⊗ v`.
    case linear
    /// The same after decay.
    case gated
    /// Adds `rate * k ⊗ (v - S k)`.
    case delta
    /// The same after decay.
    case gatedDelta
  }

  public var rule: Rule
  public var heads: Int
  public var keyHeads: Int
  /// 0 for `1 / √k`.
  public var scale: Float

  public init(_ rule: Rule, heads: Int, keyHeads: Int, scale: Float = 0) {
    self.rule = rule
    self.heads = heads
    self.keyHeads = keyHeads
    self.scale = scale
  }

  public var resultCount: Int { 2 }

  private var hasDecay: Bool { rule == .gated || rule == .gatedDelta }
  private var hasRate: Bool { rule == .delta || rule == .gatedDelta }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try requireAttribute(
      keyHeads > 0 && heads > 0 && heads % keyHeads == 0, "heads do not fit",
      expected: "a multiple of the key heads", found: "\(heads) heads, \(keyHeads) key heads")
    let query = try operands.floatType(0)
    for index in 0..<3 {
      let type = try operands.type(index, rank: 3)
      try requireSame(query.dtype, type.dtype, "the type of input \(index)")
      for axis in 0..<2 { try requireEqual(query.shape[axis], type.shape[axis], "axis \(axis) of input \(index)") }
      if let size = type.shape[2].value, size % (index == 0 ? heads : keyHeads) != 0 {
        throw GraphError(.shapeMismatch, "input \(index) does not divide into heads", found: "\(type.shape)")
      }
    }
    let key = try operands.shape(1)[2] / Dimension(keyHeads)
    let value = try operands.shape(2)[2] / Dimension(keyHeads)
    try requireEqual(query.shape[2] / Dimension(heads), key, "the size of a key")
    let state = Shape([query.shape[0], Dimension(keyHeads), key, value])
    var stateType = query.dtype
    if operands[optional: 3] != nil {
      let past = try operands.type(3, rank: 4)
      for axis in 0..<4 { try requireEqual(state[axis], past.shape[axis], "axis \(axis) of the state") }
      stateType = past.dtype
    }
    for (index, isNeeded, widest) in [(4, hasDecay, key * Dimension(keyHeads)), (5, hasRate, Dimension(keyHeads))] where isNeeded
    {
      let type = try operands.type(index, rank: 3)
      for axis in 0..<2 { try requireEqual(query.shape[axis], type.shape[axis], "axis \(axis) of input \(index)") }
      let narrow = index == 4 ? Dimension(keyHeads) : 1
      if type.shape[2] != narrow { try requireEqual(widest, type.shape[2], "axis 2 of input \(index)") }
    }
    return [
      TensorType(query.dtype, [query.shape[0], query.shape[1], value * Dimension(heads)]), TensorType(stateType, state),
    ]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    let state = results.count > 1 ? results[1].elementCount : 0
    let perStep = state.saturatingMultiply(6).saturatingMultiply(max(heads / max(keyHeads, 1), 1))
    return .elements(operands, results) + Work(operations: operands.size(0, axis: 1).saturatingMultiply(perStep))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let types = try resultTypes(for: arguments.operands)
    let shape = try types[0].shape.concreteSizes()
    let state = try types[1].shape.concreteSizes()
    let (length, k, v) = (shape[1], state[2], state[3])
    func numbers(_ index: Int) throws(GraphError) -> [Double]? {
      arguments[optional: index] == nil ? nil : try arguments.scalars(index, as: Double.self)
    }
    let query = try arguments.scalars(0, as: Double.self)
    let key = try arguments.scalars(1, as: Double.self)
    let value = try arguments.scalars(2, as: Double.self)
    let past = try numbers(3)
    let decay = try hasDecay ? numbers(4) : nil
    let rate = try hasRate ? numbers(5) : nil
    let decays = try decay == nil ? 0 : arguments.tensor(4).shape[2]
    let rates = try rate == nil ? 0 : arguments.tensor(5).shape[2]
    let factor = scale == 0 ? 1 / Double(max(k, 1)).squareRoot() : Double(scale)
    let next = try Tensor.zeros(.float64, state)
    let matrices = next.unsafeMutable(as: Double.self)
    if let past { _ = matrices.update(fromContentsOf: past) }
    let result = try Tensor.computed(types[0].dtype, shape) { y in
      for n in 0..<shape[0] {
        for h in 0..<keyHeads {
          let at = (n * keyHeads + h) * k * v
          for t in 0..<length {
            let row = n * length + t
            let keys = (row * keyHeads + h) * k
            if let decay {
              for i in 0..<k {
                let gate = exp(decay[row * decays + (decays == keyHeads ? h : h * k + i)])
                for j in 0..<v { matrices[at + i * v + j] *= gate }
              }
            }
            for j in 0..<v {
              var change = value[(row * keyHeads + h) * v + j]
              if let rate {
                for i in 0..<k { change -= matrices[at + i * v + j] * key[keys + i] }
                change *= rate[row * rates + (rates == 1 ? 0 : h)]
              }
              for i in 0..<k { matrices[at + i * v + j] += key[keys + i] * change }
            }
            for head in (h * (heads / keyHeads))..<((h + 1) * (heads / keyHeads)) {
              for j in 0..<v {
                var sum = 0.0
                for i in 0..<k { sum += query[(row * heads + head) * k + i] * matrices[at + i * v + j] }
                y[(row * heads + head) * v + j] = sum * factor
              }
            }
          }
        }
      }
    }
    return [result, try next.converted(to: types[1].dtype)]
  }
}
