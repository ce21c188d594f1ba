import CKernels
import MNNGraph

/// `softmax(scale * Q Kᵀ + mask) V` of queries, keys and values read where they lie.
///
/// - Inputs: the arrays that hold queries, keys and values, which may be one; `mask`, optional, which broadcasts to
///   `[…, queries, keys]`.
/// - Result: `[…, queries, size of a value]`, its axes permuted.
struct FusedAttention: PrimitiveOperator {
  /// A matrix per index of the batch, within an array of its own.
  struct Matrices: Hashable, Sendable {
    var offset: Int
    var row: Int
    var column: Int
    /// A stride per axis of the batch.
    var batch: [Int]
  }

  var batch: [Int]
  var queryCount: Int
  var keyCount: Int
  var keySize: Int
  var valueSize: Int
  var query: Matrices
  var key: Matrices
  var value: Matrices
  var scale: Float
  /// Axis `i` of the result is axis `resultAxes[i]` of `[…, queries, size of a value]`; nil for no change. The last axis stays.
  var resultAxes: [Int]?

  var scoreSizes: [Int] { batch + [queryCount, keyCount] }
  private var plainSizes: [Int] { batch + [queryCount, valueSize] }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    for (i, matrices, rows, columns) in [
      (0, query, queryCount, keySize), (1, key, keyCount, keySize), (2, value, keyCount, valueSize),
    ] {
      let sizes = try operands.shape(i).concreteSizes()
      let steps = [(rows, matrices.row), (columns, matrices.column)] + zip(batch, matrices.batch)
      let last = steps.reduce(matrices.offset) { $0 + ($1.0 - 1) * $1.1 }
      let count = try checkedElementCount(sizes)
      guard matrices.offset >= 0, steps.allSatisfy({ $0.1 >= 0 }), last < count else {
        throw GraphError(.shapeMismatch, "input \(i) of an attention is too small", expected: "above \(last)", found: "\(count)")
      }
    }
    if let mask = operands[optional: 3] { _ = try broadcastShape(Shape(scoreSizes), mask.type.shape) }
    let sizes = plainSizes
    return [TensorType(try operands.dtype(0), Shape(resultAxes.map { $0.map { sizes[$0] } } ?? sizes))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let interpreter = Interpreter()
    func matrices(_ index: Int, _ from: Matrices, _ rows: Int, _ columns: Int) throws(GraphError) -> Tensor {
      let sizes = batch + [rows, columns]
      let region = Region(
        size: sizes, source: View(offset: from.offset, strides: from.batch + [from.row, from.column]),
        target: View(strides: rowMajorStrides(sizes)))
      return try Raster(shape: sizes, regions: [region]).evaluate(Arguments([arguments.tensor(index)]))[0]
    }
    let q = try matrices(0, query, queryCount, keySize)
    let k = try matrices(1, key, keyCount, keySize)
    let v = try matrices(2, value, keyCount, valueSize)
    var scores = try MatMul(transposesB: true).evaluate(Arguments([q, k]))[0]
    scores = try Binary(.multiply).evaluate(Arguments([scores, try Tensor(scale)]))[0]
    if let mask = arguments[optional: 3] { scores = try Binary(.add).evaluate(Arguments([scores, mask]))[0] }
    let weights = try Softmax(axis: -1).evaluate(Arguments([scores]))[0]
    let y = try MatMul().evaluate(Arguments([weights, v]))[0]
    guard let resultAxes else { return [y] }
    return try interpreter.evaluate(Transpose(permutation: resultAxes), Arguments([y]))
  }
}
