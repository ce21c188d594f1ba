import MNNGraph

extension OperatorCase {
  /// Operators whose results' sizes depend on data.
  package static let dataDependent: [OperatorCase] = [
    OperatorCase("NonZero") { r in (NonZero(), [x(r.sizes(r.number(1...3)), r.one(of: [.int32, .float32]))]) },
    OperatorCase("Compress") { r in
      let sizes = r.sizes(2)
      return r.flag()
        ? (Compress(axis: 1), [x(sizes), x([sizes[1]], .bool)])
        : (Compress(axis: nil), [x(sizes), x([sizes[0] * sizes[1]], .bool)])
    },
    OperatorCase("Unique") { r in (Unique(), [x(r.sizes(r.number(1...2)), r.one(of: [.int64, .float32]))]) },
    OperatorCase("NonMaxSuppression") { r in
      let (n, classes, boxes) = (r.number(1...2), r.number(1...3), r.width(1...6))
      return (
        NonMaxSuppression(),
        [x([n, boxes, 4]), x([n, classes, boxes]), try c(r.number(0...5)), try c([Float(0.5)]), try c([Float(0)])]
      )
    },
  ]
}
