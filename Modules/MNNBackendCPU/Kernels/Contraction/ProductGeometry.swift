import MNNGraph
import MNNKernels
import MNNRuntime

/// A batched matrix product as strides: what every spelling of one comes down to. In elements.
struct ProductGeometry: Hashable, Sendable {
  var m: Int
  var n: Int
  var k: Int
  /// Sizes of the batch loops, few.
  var batch: [Int]
  var aRow: Int
  var aColumn: Int
  var aBatch: [Int]
  var bRow: Int
  var bColumn: Int
  var bBatch: [Int]
  var resultRow: Int
  var resultColumn: Int
  var resultBatch: [Int]

  /// - Parameters:
  ///   - a: sizes of input 0, before `aAxes`.
  ///   - result: sizes of the result, after `resultAxes`.
  init(_ op: FusedMatMul, a: [Int], b: [Int], result: [Int]) {
    let (aSizes, aStrides) = permuted(a, op.aAxes)
    let (bSizes, bStrides) = permuted(b, op.bAxes)
    // The product's own axes within the result.
    let memory = rowMajorStrides(result)
    var sizes = result
    var strides = memory
    for (i, axis) in (op.resultAxes ?? []).enumerated() {
      sizes[axis] = result[i]
      strides[axis] = memory[i]
    }
    func matrix(_ sizes: [Int], _ strides: [Int], transposed: Bool, vectorIsRow: Bool) -> (Int, Int, Int, Int) {
      if sizes.count == 1 { return vectorIsRow ? (1, sizes[0], 0, strides[0]) : (sizes[0], 1, strides[0], 0) }
      let (r, c) = (sizes.count - 2, sizes.count - 1)
      return transposed ? (sizes[c], sizes[r], strides[c], strides[r]) : (sizes[r], sizes[c], strides[r], strides[c])
    }
    (m, k, aRow, aColumn) = matrix(aSizes, aStrides, transposed: op.product.transposesA, vectorIsRow: true)
    (_, n, bRow, bColumn) = matrix(bSizes, bStrides, transposed: op.product.transposesB, vectorIsRow: false)
    let matrixAxes = (aSizes.count > 1 ? 1 : 0) + (bSizes.count > 1 ? 1 : 0)
    let lead = sizes.count - matrixAxes
    resultColumn = bSizes.count > 1 ? strides[sizes.count - 1] : 1
    resultRow = aSizes.count > 1 ? strides[lead] : n
    func leading(_ sizes: [Int], _ strides: [Int]) -> [Int] {
      let own = max(sizes.count - 2, 0)
      return (0..<lead).map { i in
        let axis = i - (lead - own)
        return axis < 0 || sizes[axis] == 1 ? 0 : strides[axis]
      }
    }
    let loop = LoopNest(
      sizes: Array(sizes[..<lead]),
      strides: [leading(aSizes, aStrides), leading(bSizes, bStrides), Array(strides[..<lead])])
    batch = loop.sizes
    (aBatch, bBatch, resultBatch) = (loop.strides[0], loop.strides[1], loop.strides[2])
  }

  /// The batch loops joined with the rows, if A and the result continue from one matrix to the next and B is one matrix.
  var joiningBatch: ProductGeometry {
    var result = self
    while let size = result.batch.last, result.bBatch.last == 0, result.aBatch.last == result.aRow &* result.m || result.m == 1,
      result.resultBatch.last == result.resultRow &* result.m || result.m == 1
    {
      if result.m == 1 {
        result.aRow = result.aBatch.last ?? 0
        result.resultRow = result.resultBatch.last ?? 0
      }
      result.m *= size
      result.batch.removeLast()
      result.aBatch.removeLast()
      result.bBatch.removeLast()
      result.resultBatch.removeLast()
    }
    return result
  }

  var operations: Int { 2 &* m &* n &* k &* elementCount(batch) }
}

private func permuted(_ sizes: [Int], _ axes: [Int]?) -> (sizes: [Int], strides: [Int]) {
  let strides = rowMajorStrides(sizes)
  guard let axes else { return (sizes, strides) }
  return (axes.map { sizes[$0] }, axes.map { strides[$0] })
}
