/// `softmax(scale * Q Kᵀ + mask) V` of queries, keys and values read where they lie.
///
/// - Inputs: the arrays that hold queries, keys and values, which may be one, of one type of floating point; `mask`, optional, of
///   that type, which broadcasts to `[…, queries, keys]`.
/// - Result: `[…, queries, size of a value]`, its axes permuted.
public struct FusedAttention: CompositeOperator {
  /// A matrix per index of the batch, within an array of its own. In elements.
  public struct Matrices: Hashable, Sendable {
    public var offset: Int
    public var row: Int
    public var column: Int
    /// A stride per axis of the batch.
    public var batch: [Int]

    public init(offset: Int = 0, row: Int, column: Int, batch: [Int]) {
      self.offset = offset
      self.row = row
      self.column = column
      self.batch = batch
    }
  }

  public var batch: [Int]
  public var queryCount: Int
  public var keyCount: Int
  public var keySize: Int
  public var valueSize: Int
  public var query: Matrices
  public var key: Matrices
  public var value: Matrices
  public var scale: Float
  /// Axis `i` of the result is axis `resultAxes[i]` of `[…, queries, size of a value]`; nil for no change. The last axis stays.
  public var resultAxes: [Int]?

  public init(
    batch: [Int], queryCount: Int, keyCount: Int, keySize: Int, valueSize: Int, query: Matrices, key: Matrices, value: Matrices,
    scale: Float, resultAxes: [Int]? = nil
  ) {
    self.batch = batch
    self.queryCount = queryCount
    self.keyCount = keyCount
    self.keySize = keySize
    self.valueSize = valueSize
    self.query = query
    self.key = key
    self.value = value
    self.scale = scale
    self.resultAxes = resultAxes
  }

  /// `[…, queries, keys]`.
  public var scoreSizes: [Int] { batch + [queryCount, keyCount] }

  /// Queries, keys and values with the sizes of their matrices.
  private var factors: [(matrices: Matrices, rows: Int, columns: Int)] {
    [(query, queryCount, keySize), (key, keyCount, keySize), (value, keyCount, valueSize)]
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let dtype = try operands.floatType(0).dtype
    for (i, factor) in factors.enumerated() {
      try requireSame(dtype, operands.dtype(i), "the type of input \(i) of an attention")
      let count = try checkedElementCount(operands.shape(i).concreteSizes())
      let steps =
        [(factor.rows, factor.matrices.row), (factor.columns, factor.matrices.column)] + zip(batch, factor.matrices.batch)
      let last = steps.reduce(factor.matrices.offset) { $0.saturatingAdd(max($1.0 - 1, 0).saturatingMultiply($1.1)) }
      guard factor.matrices.batch.count == batch.count, factor.matrices.offset >= 0, steps.allSatisfy({ $0.1 >= 0 }), last < count
      else {
        throw GraphError(.shapeMismatch, "input \(i) of an attention is too small", expected: "above \(last)", found: "\(count)")
      }
    }
    if let mask = operands[optional: 3] {
      try requireSame(dtype, mask.type.dtype, "the type of the mask of an attention")
      try requireBroadcast(mask.type.shape, to: Shape(scoreSizes), "the mask")
    }
    let plain = TensorType(dtype, Shape(batch + [queryCount, valueSize]))
    guard let resultAxes else { return [plain] }
    return try Transpose(permutation: resultAxes).resultTypes(for: Operands(plain))
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .sums(operands, results, each: keyCount.saturatingMultiply(2))
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let dtype = try builder.type(of: builder.required(inputs, 0)).dtype
    var operands: [Value.ID] = []
    for (i, factor) in factors.enumerated() {
      let sizes = batch + [factor.rows, factor.columns]
      let (memory, own) = (rowMajorStrides(sizes), factor.matrices.batch + [factor.matrices.row, factor.matrices.column])
      let source = try builder.required(inputs, i)
      if own == memory, factor.matrices.offset == 0, try builder.type(of: source).shape.sizes == sizes {
        operands.append(source)
        continue
      }
      let region = Region(
        size: sizes, source: View(offset: factor.matrices.offset, strides: own), target: View(strides: memory))
      operands.append(try builder.add(Raster(shape: sizes, regions: [region]), source))
    }
    var scores = try builder.add(MatMul(transposesB: true), operands[0], operands[1])
    if scale != 1 { scores = try builder.add(Binary(.multiply), scores, builder.constant(Double(scale), as: dtype)) }
    if let mask = builder.optional(inputs, 3) { scores = try builder.add(Binary(.add), scores, mask) }
    let y = try builder.add(MatMul(), builder.add(Softmax(axis: -1), scores), operands[2])
    guard let resultAxes else { return [y] }
    return [try builder.add(Transpose(permutation: resultAxes), y)]
  }
}
