import MNNGraph

/// TensorFlow's bit masks of a strided slice, bit `i` for entry `i`.
struct SliceMasks {
  var begin = 0
  var end = 0
  var ellipsis = 0
  var newAxis = 0
  var shrinkAxis = 0

  func has(_ mask: KeyPath<SliceMasks, Int>, _ entry: Int) -> Bool { entry < 62 && self[keyPath: mask] >> entry & 1 == 1 }
}

extension ImportScope {
  /// What Python's `x[begin:end:stride, …]` takes, with `...`, new axes and single indices.
  final func stridedSlice(
    _ x: Value.ID, begin: Value.ID, end: Value.ID, strides: Value.ID, masks: SliceMasks
  ) throws(ImportError) -> Value.ID {
    let rank = try rank(of: x)
    guard let count = type(of: begin)?.shape.sizes?.first, let steps = graph.constant(strides), count < 62, steps.count == count
    else {
      throw ImportError(
        .invalidInput, "begin and strides of the slice are not known", expected: "vectors of one length, constant strides")
    }
    /// Which axes of x are cut, by which entries; what becomes of the axes.
    var cuts: [(axis: Int, entry: Int)] = []
    var (shrunk, added): ([Int64], [Int64]) = ([], [])
    var (axis, place, seen) = (0, 0, false)
    for entry in 0..<count {
      if masks.has(\.ellipsis, entry), !seen {
        seen = true
        let later = (entry + 1..<count).count { !masks.has(\.newAxis, $0) }
        let kept = max(rank - axis - later, 0)
        axis += kept
        place += kept
      } else if masks.has(\.newAxis, entry) {
        added.append(Int64(place))
        place += 1
      } else {
        guard axis < rank else {
          throw ImportError(.invalidInput, "too many entries of the slice", expected: "at most \(rank)", found: "\(count)")
        }
        cuts.append((axis, entry))
        if masks.has(\.shrinkAxis, entry) { shrunk.append(Int64(axis)) } else { place += 1 }
        axis += 1
      }
    }
    var y = x
    if !cuts.isEmpty {
      let all = try converting { () throws(GraphError) in try steps.scalars(as: Int64.self) }
      let (starts, ends) = try bounds(begin, end, cuts.map(\.entry), all, masks)
      let chosen = cuts.map { masks.has(\.shrinkAxis, $0.entry) ? 1 : all[$0.entry] }
      y = try add(
        Slice(), y, starts, ends, try constant(cuts.map { Int64($0.axis) }), try constant(chosen))
    }
    if !shrunk.isEmpty { y = try add(Squeeze(), y, try constant(shrunk)) }
    return added.isEmpty ? y : try add(Unsqueeze(), y, try constant(added))
  }

  private func bounds(
    _ begin: Value.ID, _ end: Value.ID, _ entries: [Int], _ steps: [Int64], _ masks: SliceMasks
  ) throws(ImportError) -> (Value.ID, Value.ID) {
    let most = Int64(Int32.max)
    let isSingle = entries.map { masks.has(\.shrinkAxis, $0) }
    let opensBegin = zip(entries, isSingle).map { masks.has(\.begin, $0) && !$1 }
    let opensEnd = zip(entries, isSingle).map { masks.has(\.end, $0) && !$1 }
    let first = entries.map { steps[$0] < 0 ? most : 0 }
    let last = entries.map { steps[$0] < 0 ? -most : most }
    let picks = try constant(entries.map { Int64($0) })
    let starts = try choose(opensBegin, first, try add(Gather(), try wide(begin), picks))
    var ends = try choose(opensEnd, last, try add(Gather(), try wide(end), picks))
    if isSingle.contains(true) {
      // After the last element comes the end, not element 0.
      let next = try add(Binary(.add), starts, try constant(Int64(1)))
      let isLast = try add(Comparison(.equal), starts, try constant(Int64(-1)))
      let singles = try add(Select(), isLast, try constant(most), next)
      ends = try add(Select(), constant(try flags(isSingle)), singles, ends)
    }
    return (starts, ends)
  }

  private func choose(_ flags: [Bool], _ values: [Int64], _ others: Value.ID) throws(ImportError) -> Value.ID {
    guard flags.contains(true) else { return others }
    return try add(Select(), constant(try self.flags(flags)), try constant(values), others)
  }

  private func flags(_ values: [Bool]) throws(ImportError) -> Tensor {
    try converting { () throws(GraphError) in try Tensor(values) }
  }

  /// Integers as int64.
  final func wide(_ x: Value.ID) throws(ImportError) -> Value.ID {
    type(of: x)?.dtype == .int64 ? x : try add(Cast(to: .int64), x)
  }

  /// Part of a tensor from `begin` on; a size of -1 means all that follows.
  final func slice(_ x: Value.ID, begin: Value.ID, size: Value.ID) throws(ImportError) -> Value.ID {
    let (begin, size) = (try wide(begin), try wide(size))
    let isOpen = try add(Comparison(.less), size, try constant(Int64(0)))
    let ends = try add(Select(), isOpen, try constant(Int64(Int32.max)), try add(Binary(.add), begin, size))
    return try add(Slice(), x, begin, ends)
  }

  /// The shape to reshape to. Of sizes that are put together one by one, a single one that is computed is what the others leave: models
  /// whose batch is open say so of every reshape.
  final func reshapeTarget(_ shape: Value.ID) throws(ImportError) -> Value.ID {
    guard graph.constant(shape) == nil else { return shape }
    var source = shape
    while let (_, cast) = graph.producer(of: source, as: Cast.self), let x = cast.inputs[0] { source = x }
    guard let (_, node) = graph.producer(of: source, as: Concat.self) else { return shape }
    var (sizes, open): ([Int64], Int) = ([], 0)
    for input in node.inputs {
      if let tensor = graph.constant(input) {
        sizes += try converting { () throws(GraphError) in try tensor.scalars(as: Int64.self) }
      } else if let input, type(of: input)?.shape.sizes == [1] {
        sizes.append(-1)
        open += 1
      } else {
        return shape
      }
    }
    return open == 1 && sizes.allSatisfy({ $0 > 0 || $0 == -1 }) && sizes.count(where: { $0 == -1 }) == 1
      ? try constant(sizes) : shape
  }

  /// The lengths of pieces; one of -1 is what the others leave.
  final func splitLengths(_ input: Value.ID, of x: Value.ID, axis: Int) throws(ImportError) -> Value.ID {
    guard let tensor = graph.constant(input) else { return input }
    var lengths = try converting { () throws(GraphError) in try tensor.scalars(as: Int64.self).map { Int($0) } }
    guard let open = lengths.firstIndex(of: -1) else { return input }
    let rank = try rank(of: x)
    guard axis >= -rank, axis < rank, let total = type(of: x)?.shape[axis < 0 ? axis + rank : axis].value else {
      throw ImportError(.invalidInput, "a length is open on an axis whose size is not known")
    }
    let others = lengths.reduce(0) { $0.saturatingAdd(max($1, 0)) }
    guard others <= total else {
      throw ImportError(.invalidInput, "the lengths are more than there is", expected: "\(total)", found: "\(others)")
    }
    lengths[open] = total - others
    return try constant(lengths.map { Int64($0) })
  }

  /// The elements along these axes in reverse order.
  final func reversed(_ x: Value.ID, axes: [Int]) throws(ImportError) -> Value.ID {
    let most = Int64(Int32.max)
    return try add(
      Slice(), x, try constant(axes.map { _ in most }), try constant(axes.map { _ in -most }),
      try constant(axes.map { Int64($0) }), try constant(axes.map { _ in Int64(-1) }))
  }

  /// Slices along an axis; the first `batchAxes` axes of both go together.
  final func gather(_ x: Value.ID, _ indices: Value.ID, axis: Int, batchAxes: Int) throws(ImportError) -> Value.ID {
    if batchAxes == 0 { return try add(Gather(axis: axis), x, indices) }
    let (rank, own) = (try rank(of: x), try self.rank(of: indices))
    let (axis, batch) = (axis < 0 ? axis + rank : axis, batchAxes < 0 ? batchAxes + own : batchAxes)
    guard batch >= 0, batch <= own, axis >= batch, axis < rank else {
      throw ImportError(
        .invalidAttribute, "axis and batch_dims do not fit", expected: "axis \(batch) to \(rank - 1)", found: "\(axis)")
    }
    // The axis comes right after the batch, and what was between them after the indices.
    let between = Array(batch..<axis)
    let front =
      axis == batch
      ? x
      : try add(
        Transpose(permutation: Array(0..<batch) + [axis] + between + Array(axis + 1..<rank)), x)
    let vectors = try add(Unsqueeze(), indices, try constant([Int64(-1)]))
    let y = try add(GatherND(batchAxes: batch), front, vectors)
    guard !between.isEmpty else { return y }
    let inner = own - batch
    let order =
      Array(0..<batch) + between.indices.map { batch + inner + $0 } + Array(batch..<batch + inner)
      + Array((batch + inner + between.count)..<(rank + inner - 1))
    return try add(Transpose(permutation: order), y)
  }

  /// Tensors joined along a new axis.
  final func stacked(_ parts: [Value.ID], axis: Int) throws(ImportError) -> Value.ID {
    let axes = try constant([Int64(axis)])
    var rows: [Value.ID?] = []
    for part in parts { rows.append(try add(Unsqueeze(), part, axes)) }
    return try add(results: Concat(axis: axis), rows)[0]
  }

  /// The parts along an axis, without it.
  final func unstacked(_ x: Value.ID, axis: Int, count: Int) throws(ImportError) -> [Value.ID] {
    let axes = try constant([Int64(axis)])
    var parts: [Value.ID] = []
    for part in try add(results: Split(axis: axis, count: count), [x]) { parts.append(try add(Squeeze(), part, axes)) }
    return parts
  }

  /// Zeros, or another number, in the shape and type of a value.
  final func filled(like x: Value.ID, with number: Double) throws(ImportError) -> Value.ID {
    try add(Fill(), try constant(number, like: x), try add(ShapeOf(), x))
  }

  /// One number per group: numbers along axes, or truth values for any or all of them.
  final func reduced(
    _ function: Reduce.Function, _ x: Value.ID, axes: Value.ID?, keepsDimensions: Bool
  ) throws(ImportError) -> Value.ID {
    try add(Reduce(function, keepsDimensions: keepsDimensions, keepsAllWithoutAxes: true), x, axes)
  }

  final func holds(_ function: Reduce.Function, _ x: Value.ID, axes: Value.ID?, keepsDimensions: Bool) throws(ImportError)
    -> Value.ID
  {
    try add(Cast(to: .bool), try reduced(function, try add(Cast(to: .int32), x), axes: axes, keepsDimensions: keepsDimensions))
  }

  /// True on the diagonal of matrices of this size.
  final func diagonal(_ size: Int) throws(ImportError) -> Value.ID {
    let square = try add(Fill(), try constant(Float(0)), try constant([Int64(size), Int64(size)]))
    return try add(Cast(to: .bool), try add(EyeLike(), square))
  }
}
