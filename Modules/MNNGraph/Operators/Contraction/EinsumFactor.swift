/// A value whose axes have the names of an ``Einsum``.
struct EinsumFactor {
  var value: Value.ID
  var labels: [Einsum.Label]

  /// Makes one axis of those of one name.
  mutating func takeDiagonals(in builder: inout GraphBuilder) throws(GraphError) {
    while let first = labels.indices.first(where: { labels[($0 + 1)...].contains(labels[$0]) }),
      let second = labels.lastIndex(of: labels[first])
    {
      let rest = labels.indices.filter { $0 != first && $0 != second }
      let type = try builder.type(of: value)
      let shape = type.shape
      guard let size = shape[first].value else {
        try takeOpenDiagonal(rest, first, second, type.dtype, in: &builder)
        continue
      }
      let (count, overflow) = size.multipliedReportingOverflow(by: size)
      guard !overflow else { throw GraphError(.sizeOverflow, "a diagonal is too long", found: "\(shape)") }
      let last = try builder.add(Transpose(permutation: rest + [first, second]), value)
      // Row-major, the diagonal's elements are size + 1 apart.
      let flat = try builder.reshape(last, rest.map { _ in 0 } + [count])
      value = try builder.add(
        Slice(), flat, builder.constant([Int64(0)]), builder.constant([Int64(count)]), builder.constant([Int64(-1)]),
        builder.constant([Int64(size + 1)]))
      labels = rest.map { labels[$0] } + [labels[first]]
    }
  }

  /// Where the size is not a number: the sum over an axis of what is on the diagonal, and zeros beside it.
  private mutating func takeOpenDiagonal(
    _ rest: [Int], _ first: Int, _ second: Int, _ dtype: DType, in builder: inout GraphBuilder
  ) throws(GraphError) {
    let last = try builder.add(Transpose(permutation: rest + [first, second]), value)
    // Any square of that size shows where the diagonal lies.
    var square = last
    if !rest.isEmpty {
      square = try builder.add(Reduce(.sum, keepsDimensions: false), last, builder.constant(rest.indices.map { Int64($0) }))
    }
    let mask = try builder.add(Cast(to: .bool), builder.add(EyeLike(dtype: .int32), square))
    let kept = try builder.add(Select(), mask, last, builder.constant(0, as: dtype))
    value = try builder.add(Reduce(.sum, keepsDimensions: false), kept, builder.constant([Int64(-1)]))
    labels = rest.map { labels[$0] } + [labels[first]]
  }

  /// Sums over the axes whose names are not in `kept`.
  mutating func sum(keeping kept: Set<Einsum.Label>, in builder: inout GraphBuilder) throws(GraphError) {
    let axes = labels.indices.filter { !kept.contains(labels[$0]) }
    if axes.isEmpty { return }
    value = try builder.add(Reduce(.sum, keepsDimensions: false), value, builder.constant(axes.map { Int64($0) }))
    labels.removeAll { !kept.contains($0) }
  }

  /// The value with its axes in another order.
  func arranged(as order: [Einsum.Label], in builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
    if order == labels { return value }
    return try builder.add(Transpose(permutation: order.compactMap { labels.firstIndex(of: $0) }), value)
  }

  /// The product, summed over the names that both have and `kept` lacks: a matrix product whose batch are the names that
  /// stay and both have.
  func multiplied(
    by other: EinsumFactor, keeping kept: Set<Einsum.Label>, in builder: inout GraphBuilder
  ) throws(GraphError) -> EinsumFactor {
    var a = self
    var b = other
    try a.sum(keeping: kept.union(b.labels), in: &builder)
    try b.sum(keeping: kept.union(a.labels), in: &builder)
    let shared = a.labels.filter { b.labels.contains($0) }
    let batch = shared.filter { kept.contains($0) }
    let summed = shared.filter { !kept.contains($0) }
    let rows = a.labels.filter { !shared.contains($0) }
    let columns = b.labels.filter { !shared.contains($0) }
    let left = try a.grouped([rows, summed], after: batch, in: &builder)
    let right = try b.grouped([summed, columns], after: batch, in: &builder)
    let product = try builder.add(MatMul(), left, right)
    let free = rows + columns
    if rows.count == 1, columns.count == 1 { return EinsumFactor(value: product, labels: batch + free) }
    let sizes = try a.sizes(of: rows, in: builder) + b.sizes(of: columns, in: builder)
    return EinsumFactor(
      value: try builder.reshape(product, batch.map { _ in 0 } + EinsumFactor.withOneUnknown(sizes)), labels: batch + free)
  }

  private func sizes(of labels: [Einsum.Label], in builder: GraphBuilder) throws(GraphError) -> [Dimension] {
    let shape = try builder.type(of: value).shape
    return labels.compactMap { label in self.labels.firstIndex(of: label).map { shape[$0] } }
  }

  /// The batch axes, then each group as one axis.
  private func grouped(
    _ groups: [[Einsum.Label]], after batch: [Einsum.Label], in builder: inout GraphBuilder
  ) throws(GraphError) -> Value.ID {
    let ordered = try arranged(as: batch + groups.joined(), in: &builder)
    if groups.allSatisfy({ $0.count == 1 }) { return ordered }
    var sizes: [Dimension] = []
    for group in groups { sizes.append(try self.sizes(of: group, in: builder).reduce(1) { $0 * $1 }) }
    return try builder.reshape(ordered, batch.map { _ in 0 } + EinsumFactor.withOneUnknown(sizes))
  }

  /// Sizes for a reshape, which finds out one that is not a number.
  private static func withOneUnknown(_ sizes: [Dimension]) throws(GraphError) -> [Int] {
    guard sizes.count(where: { $0.value == nil }) <= 1 else {
      throw GraphError(.dependsOnData, "more than one size is not known", found: "\(Shape(sizes))")
    }
    return sizes.map { $0.value ?? -1 }
  }
}
