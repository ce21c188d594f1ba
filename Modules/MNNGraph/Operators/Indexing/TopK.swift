/// The `k` largest or smallest elements along an axis, and where they are. Of equal elements the first comes first.
///
/// - Inputs: `x`, numbers; `k`, one integer, constant when the graph is planned.
/// - Results: values, of the type of `x`, and indices, both with the axis of length `k`, in order.
/// - SeeAlso: ONNX TopK, opset 11 (whose `sorted` 0 allows any order); `.mnn` operator TopKV2.
public struct TopK: PrimitiveOperator {
  public var axis: Int
  public var takesLargest: Bool
  public var indexDType: DType

  public init(axis: Int = -1, takesLargest: Bool = true, indexDType: DType = .int64) {
    self.axis = axis
    self.takesLargest = takesLargest
    self.indexDType = indexDType
  }

  public var resultCount: Int { 2 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var x = try operands.type(0, rankAtLeast: 1)
    let axis = try x.shape.axis(axis)
    let k = try operands.integer(1)
    guard k >= 0, x.shape[axis].value.map({ k <= $0 }) ?? true else {
      throw GraphError(
        .attributeInvalid, "k is out of range", expected: "0 ... \(x.shape[axis])", found: "\(k)")
    }
    x.shape[axis] = Dimension(k)
    return [x, TensorType(indexDType, x.shape)]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .elements(operands, results) + Work(operations: operands.elementCount(0).saturatingMultiply(64))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let x = try arguments.tensor(0)
    let axis = try normalizedAxis(axis, rank: x.rank)
    let (outer, count, inner) = splitSizes(x.shape, at: axis)
    let k = shape[axis]
    let values = try x.scalars(as: Double.self)
    let chosen = try Tensor.zeros(x.dtype, shape)
    let width = x.dtype.byteCount
    let best = try Tensor.zeros(.int64, shape)
    let indices = best.unsafeMutable(as: Int64.self)
    for o in 0..<outer {
      for i in 0..<inner {
        let row = (0..<count).map { takesLargest ? values[(o * count + $0) * inner + i] : -values[(o * count + $0) * inner + i] }
        let order = row.indices.sorted { a, b in
          if row[a].isNaN != row[b].isNaN { return row[a].isNaN }
          return row[a] > row[b] || (!(row[a] < row[b]) && a < b)
        }
        for r in 0..<k {
          x.withUnsafeBytes { source in
            let from = ((o * count + order[r]) * inner + i) * width
            UnsafeMutableRawBufferPointer(
              rebasing: chosen.mutableBytes[((o * k + r) * inner + i) * width..<((o * k + r) * inner + i + 1) * width]
            )
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + width]))
          }
          indices[(o * k + r) * inner + i] = Int64(order[r])
        }
      }
    }
    return [
      chosen,
      try best.converted(to: indexDType),
    ]
  }
}
