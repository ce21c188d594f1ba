/// Scaled dot-product attention: `softmax(scale * q kᵀ + bias) v`, per head.
///
/// - Inputs: `query` `[N, H, L, k]`, `key` `[N, Hk, M, k]`, `value` `[N, Hk, M, v]`, or, where ``heads`` are given,
///   `[N, L, H * k]`, `[N, M, Hk * k]`, `[N, M, Hk * v]`. Then, each optional: `mask`, which broadcasts to `[N, H, L, M']`, true
///   where a key takes part or a number to add, on a last axis that is too short none takes part; `pastKey` and `pastValue`
///   `[N, Hk, P, k or v]`, which precede key and value; `lengths` `[N]`, integers: how many keys of each sample count.
///   `M' = P + M`. `Hk` divides `H`; neighboring heads share a key head.
/// - Results: `[N, H, L, v]` or `[N, L, H * v]`; if ``givesPresent``, all keys and all values `[N, Hk, M', …]`; if
///   ``scores``, those `[N, H, L, M']`. A query to which no key is open gives zeros.
/// - SeeAlso: ONNX Attention, opset 23 to 25; `.mnn` operator Attention.
public struct Attention: CompositeOperator {
  /// The head counts of inputs that hold all heads in one axis.
  public struct Heads: Hashable, Sendable {
    public var query: Int
    public var key: Int

    public init(query: Int, key: Int) {
      self.query = query
      self.key = key
    }
  }

  /// How far the scores that are given out have been computed.
  public enum ScoreStage: String, Hashable, Sendable, CaseIterable { case product, capped, biased, probabilities }

  public var heads: Heads?
  /// nil for `1 / √k`.
  public var scale: Float?
  /// A query sees no key after its own place, which counts the keys before it.
  public var isCausal: Bool
  /// How many keys before and after its own place a query sees; nil for all.
  public var window: (before: Int?, after: Int?) {
    get { (windowBefore, windowAfter) }
    set { (windowBefore, windowAfter) = newValue }
  }
  private var windowBefore: Int?
  private var windowAfter: Int?
  /// `softcap * tanh(score / softcap)` before the bias; 0 for none.
  public var softcap: Float
  /// The type in which the softmax is computed; nil for that of the scores.
  public var softmaxType: DType?
  public var givesPresent: Bool
  public var scores: ScoreStage?

  public init(
    heads: Heads? = nil, scale: Float? = nil, isCausal: Bool = false, window: (before: Int?, after: Int?) = (nil, nil),
    softcap: Float = 0, softmaxType: DType? = nil, givesPresent: Bool = false, scores: ScoreStage? = nil
  ) {
    self.heads = heads
    self.scale = scale
    self.isCausal = isCausal
    windowBefore = window.before
    windowAfter = window.after
    self.softcap = softcap
    self.softmaxType = softmaxType
    self.givesPresent = givesPresent
    self.scores = scores
  }

  public var resultCount: Int { 1 + (givesPresent ? 2 : 0) + (scores == nil ? 0 : 1) }

  /// The shape of input `index` with its heads on an axis of their own.
  private func headed(_ operands: Operands, _ index: Int) throws(GraphError) -> Shape {
    guard let heads else { return try operands.type(index, rank: 4).shape }
    let shape = try operands.type(index, rank: 3).shape
    let count = index == 0 ? heads.query : heads.key
    if let size = shape[2].value, size % count != 0 {
      throw GraphError(.shapeMismatch, "input \(index) does not divide into heads", expected: "\(count)", found: "\(shape)")
    }
    return [shape[0], Dimension(count), shape[1], shape[2] / Dimension(count)]
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let dtype = try operands.floatType(0).dtype
    if let heads {
      try requireAttribute(
        heads.query > 0 && heads.key > 0, "bad number of heads", expected: "above 0",
        found: "\(heads.query), \(heads.key)")
    }
    let query = try headed(operands, 0)
    let key = try headed(operands, 1)
    let value = try headed(operands, 2)
    try requireEqual(query[3], key[3], "the size of a key")
    try requireEqual(key[1], value[1], "the number of value heads")
    try requireEqual(key[2], value[2], "the number of values")
    if let many = query[1].value, let few = key[1].value, few == 0 || many % few != 0 {
      throw GraphError(.shapeMismatch, "heads do not share key heads", expected: "a multiple of \(few)", found: "\(many)")
    }
    var total = key[2]
    if operands[optional: 4] != nil || operands[optional: 5] != nil {
      total = total + (try operands.type(4, rank: 4).shape[2])
      try requireEqual(operands.shape(4)[2], operands.type(5, rank: 4).shape[2], "the number of past values")
    }
    let result = Shape(
      heads == nil ? [query[0], query[1], query[2], value[3]] : [query[0], query[2], query[1] * value[3]])
    var types = [TensorType(dtype, result)]
    if givesPresent {
      types.append(TensorType(try operands.dtype(1), [key[0], key[1], total, key[3]]))
      types.append(TensorType(try operands.dtype(2), [value[0], value[1], total, value[3]]))
    }
    if scores != nil { types.append(TensorType(dtype, [query[0], query[1], query[2], total])) }
    return types
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let query = try split(builder.required(inputs, 0), heads?.query, in: &builder)
    var key = try split(builder.required(inputs, 1), heads?.key, in: &builder)
    var value = try split(builder.required(inputs, 2), heads?.key, in: &builder)
    if let past = builder.optional(inputs, 4) { key = try builder.add(Concat(axis: 2), past, key) }
    if let past = builder.optional(inputs, 5) { value = try builder.add(Concat(axis: 2), past, value) }
    let type = try builder.type(of: query)
    guard let size = type.shape[3].value, let count = type.shape[1].value,
      let keyCount = try builder.type(of: key).shape[1].value
    else { throw GraphError(.dependsOnData, "the number of heads or their size is not known", found: "\(type)") }
    let bias = try bias(inputs, query: query, key: key, in: &builder)
    let factor = scale.map { Double($0) } ?? 1 / Double(max(size, 1)).squareRoot()
    let scaled = try builder.add(Binary(.multiply), query, builder.constant(factor, as: type.dtype))
    var score = try builder.add(
      MatMul(transposesB: true), scaled, shared(key, count / max(keyCount, 1), count, type.dtype, in: &builder))
    var shown = score
    if softcap > 0 {
      let cap = try builder.constant(Double(softcap), as: type.dtype)
      let bounded = try builder.add(Unary(.tanh), builder.add(Binary(.divide), score, cap))
      score = try builder.add(Binary(.multiply), bounded, cap)
      if scores == .capped { shown = score }
    }
    if let bias { score = try builder.add(Binary(.add), score, bias) }
    if scores == .biased { shown = score }
    let wide = softmaxType.flatMap { $0 == type.dtype ? nil : $0 }
    if let wide { score = try builder.add(Cast(to: wide), score) }
    var weights = try builder.add(Softmax(axis: -1), score)
    if wide != nil { weights = try builder.add(Cast(to: type.dtype), weights) }
    if let bias {
      // Where no key is open the softmax has nothing to go by.
      let best = try builder.add(Reduce(.maximum), bias, builder.constant([Int64(-1)]))
      let isClosed = try builder.add(Comparison(.equal), best, builder.constant(-.infinity, as: type.dtype))
      weights = try builder.add(Select(), isClosed, builder.constant(0, as: type.dtype), weights)
    }
    if scores == .probabilities { shown = weights }
    var result = try builder.add(
      MatMul(), weights, shared(value, count / max(keyCount, 1), count, type.dtype, in: &builder))
    if heads != nil {
      guard let width = try builder.type(of: value).shape[3].value else {
        throw GraphError(.dependsOnData, "the size of a value is not known")
      }
      let joined = try builder.add(Transpose(permutation: [0, 2, 1, 3]), result)
      result = try builder.reshape(joined, [0, 0, count * width])
    }
    return [result] + (givesPresent ? [key, value] : []) + (scores == nil ? [] : [shown])
  }

  /// Heads on axis 1, if they are not there already.
  private func split(_ x: Value.ID, _ heads: Int?, in builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
    guard let heads else { return x }
    return try builder.add(Transpose(permutation: [0, 2, 1, 3]), builder.reshape(x, [0, 0, heads, -1]))
  }

  /// Each key head as often as heads share it.
  private func shared(
    _ x: Value.ID, _ group: Int, _ heads: Int, _ dtype: DType, in builder: inout GraphBuilder
  ) throws(GraphError) -> Value.ID {
    let type = try builder.type(of: x)
    let x = type.dtype == dtype ? x : try builder.add(Cast(to: dtype), x)
    if group == 1 { return x }
    guard let size = type.shape[3].value else { throw GraphError(.dependsOnData, "the size of a head is not known") }
    let apart = try builder.add(Unsqueeze(), x, builder.constant([Int64(2)]))
    let repeated = try builder.add(Expand(), apart, builder.constant([1, 1, Int64(group), 1, 1]))
    return try builder.reshape(repeated, [0, heads, -1, size])
  }
}
