import MNNGraph

/// Operators on images have their channels before the spatial axes here; TensorFlow's formats have them last. Each such operator is
/// put between two transpositions. `sink-transposes` and `merge-transposes` make them meet and vanish.
extension ImportScope {
  /// `[N, d…, C]` as `[N, C, d…]`.
  final func channelsFirst(_ x: Value.ID) throws(ImportError) -> Value.ID {
    let rank = try rank(of: x)
    guard rank > 2 else { return x }
    return try permuted(x, by: [0, rank - 1] + Array(1..<rank - 1))
  }

  /// `[N, C, d…]` as `[N, d…, C]`.
  final func channelsLast(_ y: Value.ID, rank: Int) throws(ImportError) -> Value.ID {
    guard rank > 2 else { return y }
    return try add(Transpose(permutation: [0] + Array(2..<rank) + [1]), y)
  }

  /// An operator on images, applied to one whose channels are last; the other inputs are given as it wants them.
  final func add(channelsLast op: any Operator, _ x: Value.ID, _ others: Value.ID?...) throws(ImportError) -> Value.ID {
    let rank = try rank(of: x)
    let y = try add(results: op, [channelsFirst(x)] + others)
    guard let first = y.first else { throw ImportError(.invalidGraph, "operator \(op.name) has no result") }
    return try channelsLast(first, rank: rank)
  }

  /// The number of channels of an image that has them last.
  final func channelCount(of x: Value.ID) throws(ImportError) -> Int {
    guard let count = size(of: x, axis: -1) else {
      throw ImportError(
        .invalidInput, "the number of channels of \"\(graph[x].name)\" is not known",
        expected: "a number known when the model is converted", advice: "export the model with fixed shapes")
    }
    return count
  }

  /// A convolution of an image whose channels are last.
  ///
  /// - Parameter weight: `[OC, C/groups, k…]`.
  final func convolution(
    _ x: Value.ID, weight: Value.ID, bias: Value.ID?, strides: [Int], dilations: [Int], padding: SpatialPadding
  ) throws(ImportError) -> Value.ID {
    guard let perGroup = type(of: weight)?.shape.dimensions.dropFirst().first?.value, perGroup > 0 else {
      throw ImportError(.invalidInput, "the weight's shape is not known", advice: "export the model with fixed shapes")
    }
    let channels = try channelCount(of: x)
    guard channels % perGroup == 0 else {
      throw ImportError(
        .invalidShape, "the channels do not divide into groups", expected: "a multiple of \(perGroup)", found: "\(channels)")
    }
    return try add(
      channelsLast: Convolution(strides: strides, dilations: dilations, groups: channels / perGroup, padding: padding), x, weight,
      bias)
  }

  /// Samples an image whose channels are last, as TensorFlow's two flags say.
  final func resize(
    _ x: Value.ID, sizes: Value.ID?, isLinear: Bool, alignsCorners: Bool, hasHalfPixelCenters: Bool
  ) throws(ImportError) -> Value.ID {
    let transformation: Resize.CoordinateTransformation =
      alignsCorners ? .alignCorners : hasHalfPixelCenters ? (isLinear ? .halfPixel : .halfPixelForNearest) : .asymmetric
    // Between two pixels the nearest one is, with corners aligned, the rounded one, else the one before.
    let mode: Resize.Mode = isLinear ? .linear : .nearest(alignsCorners ? .preferCeil : .floor)
    return try add(channelsLast: Resize(mode, transformation: transformation, axes: [2, 3]), x, nil, nil, sizes)
  }

  // MARK: Batches of blocks

  /// Pixels of an image in the place of batches: `[N, d…, C]`, cut into blocks, is `[N * block, d / block…, C]`.
  final func spaceToBatch(_ x: Value.ID, block: [Int], paddings: [Int]) throws(ImportError) -> Value.ID {
    let rank = try rank(of: x)
    try checkBlock(block, paddings, rank: rank)
    var before = [Int64](repeating: 0, count: rank)
    var after = before
    for i in block.indices { (before[i + 1], after[i + 1]) = (Int64(paddings[2 * i]), Int64(paddings[2 * i + 1])) }
    let padded = (before + after).contains { $0 != 0 } ? try add(Pad(), x, try constant(before + after)) : x
    let sizes = try sizes(of: padded, from: 1)
    for (size, block) in zip(sizes, block) where size % block != 0 {
      throw ImportError(
        .invalidShape, "an image does not divide into blocks", expected: "a multiple of \(block)", found: "\(size)")
    }
    let m = block.count
    let split = [0] + (0..<m).flatMap { [sizes[$0] / block[$0], block[$0]] } + sizes[m...]
    // [N, d1, b1, d2, b2, rest] -> [b1, b2, N, d1, d2, rest]
    let order = (0..<m).map { 2 * $0 + 2 } + [0] + (0..<m).map { 2 * $0 + 1 } + Array((2 * m + 1)..<(rank + m))
    let turned = try add(
      Transpose(permutation: order), try add(Reshape(), padded, try constant(split.map { Int64($0) })))
    let result = [-1] + (0..<m).map { sizes[$0] / block[$0] } + sizes[m...]
    return try add(Reshape(allowsZero: true), turned, try constant(result.map { Int64($0) }))
  }

  /// The inverse, after which `crops` are cut off.
  final func batchToSpace(_ x: Value.ID, block: [Int], crops: [Int]) throws(ImportError) -> Value.ID {
    let rank = try rank(of: x)
    try checkBlock(block, crops, rank: rank)
    let sizes = try sizes(of: x, from: 1)
    let m = block.count
    let split = block + [-1] + sizes
    // [b1, b2, N, d1, d2, rest] -> [N, d1, b1, d2, b2, rest]
    let order = [m] + (0..<m).flatMap { [m + 1 + $0, $0] } + Array((2 * m + 1)..<(rank + m))
    let turned = try add(
      Transpose(permutation: order), try add(Reshape(allowsZero: true), x, try constant(split.map { Int64($0) })))
    let merged = [-1] + (0..<m).map { sizes[$0].saturatingMultiply(block[$0]) } + sizes[m...]
    let whole = try add(Reshape(allowsZero: true), turned, try constant(merged.map { Int64($0) }))
    guard crops.contains(where: { $0 != 0 }) else { return whole }
    let starts = (0..<m).map { Int64(crops[2 * $0]) }
    let ends = (0..<m).map { Int64(merged[$0 + 1]) - Int64(crops[2 * $0 + 1]) }
    return try add(
      Slice(), whole, try constant(starts), try constant(ends), try constant((0..<m).map { Int64($0 + 1) }))
  }

  private func checkBlock(_ block: [Int], _ amounts: [Int], rank: Int) throws(ImportError) {
    guard !block.isEmpty, block.count < rank, amounts.count == 2 * block.count, block.allSatisfy({ $0 > 0 && $0 < 1 << 31 }),
      amounts.allSatisfy({ $0 >= 0 && $0 < 1 << 31 })
    else {
      throw ImportError(
        .invalidInput, "blocks and amounts do not fit", expected: "two amounts of at least 0 for each of up to \(rank - 1) axes",
        found: "blocks \(block), amounts \(amounts)")
    }
  }

  /// The sizes of the axes from one on, which must be known.
  final func sizes(of x: Value.ID, from first: Int = 0) throws(ImportError) -> [Int] {
    var result: [Int] = []
    let rank = try rank(of: x)
    while first + result.count < rank, let size = size(of: x, axis: first + result.count) { result.append(size) }
    guard result.count == rank - first else {
      throw ImportError(
        .invalidInput, "the shape of \"\(graph[x].name)\" is not known", expected: "sizes known when the model is converted",
        found: type(of: x).map { "\($0.shape)" } ?? "no shape", advice: "export the model with fixed shapes")
    }
    return result
  }
}
