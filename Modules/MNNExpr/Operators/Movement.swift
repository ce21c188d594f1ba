public import MNNGraph

/// Parts of arrays and elements in other places.
extension expr {
  /// From a position, so many elements along each axis; -1 goes to the end.
  public static func slice(_ x: Variable, starts: [Int], sizes: [Int]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let shape = try x.shape
      guard starts.count == shape.count, sizes.count == shape.count else {
        throw ExprError(
          .argumentInvalid, "a slice needs a start and a size per axis", expected: "\(shape.count) of each",
          found: "\(starts.count) and \(sizes.count)")
      }
      for (axis, size) in shape.enumerated() where size >= 0 {
        let length = sizes[axis] == -1 ? size - starts[axis] : sizes[axis]
        guard starts[axis] >= 0, length >= 0, starts[axis] <= size, length <= size - starts[axis] else {
          throw ExprError(
            .argumentInvalid, "a slice reaches beyond axis \(axis)", expected: "within 0 ..< \(size)",
            found: "\(starts[axis]) and \(sizes[axis])")
        }
      }
      return Variable.apply(SliceOfLength(), [x, .integers(starts), .integers(sizes)], constants: [1, 2])
    }
  }

  /// Along each named axis the elements from `starts` to before `ends`, `steps` apart. Negative positions count from the end.
  package static func slice(_ x: Variable, starts: [Int], ends: [Int], axes: [Int], steps: [Int]) -> Variable {
    Variable.apply(
      Slice(), [x, .integers(starts), .integers(ends), .integers(axes), .integers(steps)], constants: [1, 2, 3, 4])
  }

  /// Parts of the first axes as TensorFlow's StridedSlice writes them.
  ///
  /// - Parameters:
  ///   - begin: where each part starts; negative ones count from the end.
  ///   - end: before which element each part ends.
  ///   - strides: how far apart the elements are, not 0.
  ///   - beginMask: bit `i` set: part `i` starts at the first element.
  ///   - endMask: bit `i` set: part `i` goes to the end.
  ///   - ellipsisMask: bit `i` set: entry `i` stands for all axes that the others leave.
  ///   - newAxisMask: bit `i` set: entry `i` adds an axis of size 1.
  ///   - shrinkAxisMask: bit `i` set: entry `i` takes one element, and its axis goes.
  public static func stridedSlice(
    _ x: Variable, begin: [Int], end: [Int], strides: [Int], beginMask: Int = 0, endMask: Int = 0, ellipsisMask: Int = 0,
    newAxisMask: Int = 0, shrinkAxisMask: Int = 0
  ) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let shape = try x.shape
      guard begin.count == end.count, begin.count == strides.count, begin.count < 32, !strides.contains(0) else {
        throw ExprError(
          .argumentInvalid, "begin, end and strides do not belong together", expected: "as many of each, no stride 0",
          found: "\(begin), \(end), \(strides)")
      }
      func has(_ mask: Int, _ i: Int) -> Bool { mask >> i & 1 == 1 }
      let used = begin.indices.count { !has(newAxisMask, $0) && !has(ellipsisMask, $0) }
      guard used <= shape.count, begin.indices.count(where: { has(ellipsisMask, $0) }) <= 1 else {
        throw ExprError(.argumentInvalid, "more parts than axes", expected: "at most \(shape.count)", found: "\(used)")
      }
      var (starts, ends, axes, steps): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
      var (removed, added): ([Int], [Int]) = ([], [])
      var (axis, resultAxis) = (0, 0)
      for i in begin.indices {
        if has(ellipsisMask, i) {
          axis += shape.count - used
          resultAxis += shape.count - used
          continue
        }
        if has(newAxisMask, i) {
          added.append(resultAxis)
          resultAxis += 1
          continue
        }
        let forward = strides[i] > 0
        axes.append(axis)
        if has(shrinkAxisMask, i) {
          let size = shape[axis]
          guard size < 0 || begin[i] >= -size && begin[i] < size else {
            throw ExprError(
              .argumentInvalid, "index out of range on axis \(axis)", expected: "\(-size) ..< \(size)", found: "\(begin[i])")
          }
          starts.append(begin[i])
          ends.append(begin[i] == -1 ? .max : begin[i] + 1)
          steps.append(1)
          removed.append(axis)
        } else {
          starts.append(has(beginMask, i) ? (forward ? 0 : .max) : begin[i])
          ends.append(has(endMask, i) ? (forward ? .max : .min + 1) : end[i])
          steps.append(strides[i])
          resultAxis += 1
        }
        axis += 1
      }
      var result = slice(x, starts: starts, ends: ends, axes: axes, steps: steps)
      if !removed.isEmpty { result = squeeze(result, axes: removed) }
      return added.isEmpty ? result : unsqueeze(result, axes: added)
    }
  }

  /// The elements in reverse order along an axis.
  public static func reverse(_ x: Variable, axis: Int) -> Variable {
    slice(x, starts: [.max], ends: [.min + 1], axes: [axis], steps: [-1])
  }

  /// The first elements along `seqDim` in reverse order, `lengths[i]` of them in batch `i`.
  public static func reverseSequence(_ x: Variable, _ lengths: Variable, batchDim: Int, seqDim: Int) -> Variable {
    Variable.apply(ReverseSequence(batchAxis: batchDim, timeAxis: seqDim), [x, lengths])
  }

  /// How elements beyond the edge come about.
  public enum PadMode: String, Sendable, Hashable, CaseIterable {
    case constant
    /// Mirrored without the border.
    case reflect
    /// Mirrored with the border.
    case symmetric
    /// The border repeated.
    case edge
  }

  /// With elements added before and after each axis.
  ///
  /// - Parameter paddings: for each axis how many before and how many after.
  public static func pad(_ x: Variable, _ paddings: [[Int]], mode: PadMode = .constant, value: Double = 0) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let rank = try x.rank
      guard paddings.count == rank, paddings.allSatisfy({ $0.count == 2 }) else {
        throw ExprError(
          .argumentInvalid, "paddings do not fit the axes", expected: "\(rank) pairs", found: "\(paddings)")
      }
      let amounts = Variable.integers(paddings.map { $0[0] } + paddings.map { $0[1] })
      let op =
        switch mode {
        case .constant: Pad(mode: .constant)
        case .reflect: Pad(mode: .reflect)
        case .symmetric: Pad(mode: .symmetric)
        case .edge: Pad(mode: .edge)
        }
      return value == 0 || mode != .constant
        ? Variable.apply(op, [x, amounts], constants: [1])
        : Variable.apply(op, [x, amounts, x.constant(value)], constants: [1])
    }
  }

  /// The part of an image that has the sizes of `size` from `axis` on, at `offset`.
  public static func crop(_ x: Variable, size: Variable, axis: Int, offset: [Int]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let (shape, wanted) = (try image.shape, try size.channelsFirst.shape)
      let axis = try asExprError { () throws(GraphError) in try normalizedAxis(axis, rank: shape.count) }
      guard wanted.count == shape.count, offset.count == 1 || offset.count == shape.count - axis else {
        throw ExprError(
          .argumentInvalid, "the crop does not fit the image", expected: "\(shape.count) axes and offsets from axis \(axis) on",
          found: "\(wanted.count) axes and \(offset.count) offsets")
      }
      var starts = [Int](repeating: 0, count: shape.count)
      var sizes = shape
      for i in axis..<shape.count {
        starts[i] = offset.count == 1 ? offset[0] : offset[i - axis]
        sizes[i] = wanted[i]
      }
      return slice(image, starts: starts, sizes: sizes)
    }
  }

  /// The channels, taken as `[group, channels / group]`, with these two axes exchanged.
  public static func channelShuffle(_ x: Variable, group: Int) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let shape = try image.shape
      guard shape.count >= 2, group > 0, shape[1] % group == 0 else {
        throw ExprError(
          .argumentInvalid, "channels do not divide into groups", expected: "a multiple of \(group)", found: "\(shape)")
      }
      let split = reshape(image, [shape[0], group, shape[1] / group, -1])
      return reshape(transpose(split, perm: [0, 2, 1, 3]), shape)
    }
  }

  /// Channels into blocks of `blockSize × blockSize` pixels, the channel's slowest part being the place in the block.
  public static func depthToSpace(_ x: Variable, blockSize: Int) -> Variable {
    Variable.apply(DepthToSpace(blockSize: blockSize), [x.channelsFirst])
  }

  /// Blocks of `blockSize × blockSize` pixels into channels.
  public static func spaceToDepth(_ x: Variable, blockSize: Int) -> Variable {
    Variable.apply(SpaceToDepth(blockSize: blockSize), [x.channelsFirst])
  }

  /// Images of the batch put together as blocks of `blockShape` pixels, without `crops` at the edges.
  ///
  /// - Parameter crops: for each spatial axis how much goes before and after.
  public static func batchToSpaceND(_ x: Variable, blockShape: [Int], crops: [[Int]]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let shape = try image.shape
      let count = blockShape.count
      let blocks = try checkedBlocks(blockShape, crops, shape)
      guard shape[0] % blocks == 0 else {
        throw ExprError(
          .argumentInvalid, "the batch does not divide into blocks", expected: "a multiple of \(blocks)", found: "\(shape[0])")
      }
      // [blocks…, n, c, sizes…] -> [n, c, size, block, …]
      let split = reshape(image, blockShape + [shape[0] / blocks] + shape[1...])
      var order = [count, count + 1]
      var mergedShape = [shape[0] / blocks, shape[1]]
      for i in 0..<count {
        order += [count + 2 + i, i]
        mergedShape.append(shape[2 + i] * blockShape[i])
      }
      order += (2 * count + 2)..<(shape.count + count)
      mergedShape += shape[(2 + count)...]
      let merged = reshape(transpose(split, perm: order), mergedShape)
      var starts = [Int](repeating: 0, count: shape.count)
      var sizes = mergedShape
      for i in 0..<count {
        starts[2 + i] = crops[i][0]
        sizes[2 + i] -= crops[i][0] + crops[i][1]
      }
      return slice(merged, starts: starts, sizes: sizes)
    }
  }

  /// Blocks of `blockShape` pixels, after padding, as images of the batch.
  ///
  /// - Parameter paddings: for each spatial axis how much is added before and after.
  public static func spaceToBatchND(_ x: Variable, blockShape: [Int], paddings: [[Int]]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let image = x.channelsFirst
      let rank = try image.rank
      let count = blockShape.count
      let blocks = try checkedBlocks(blockShape, paddings, image.shape)
      let none = [Int](repeating: 0, count: 2)
      let padded = pad(image, [none, none] + paddings + [[Int]](repeating: none, count: rank - 2 - count))
      let shape = try padded.shape
      for i in 0..<count where shape[2 + i] % blockShape[i] != 0 {
        throw ExprError(
          .argumentInvalid, "an axis does not divide into blocks", expected: "a multiple of \(blockShape[i])",
          found: "\(shape[2 + i])")
      }
      // [n, c, size, block, …] -> [blocks…, n, c, sizes…]
      var splitShape = [shape[0], shape[1]]
      var order: [Int] = []
      var resultShape = [shape[0] * blocks, shape[1]]
      for i in 0..<count {
        splitShape += [shape[2 + i] / blockShape[i], blockShape[i]]
        order.append(3 + 2 * i)
        resultShape.append(shape[2 + i] / blockShape[i])
      }
      order += [0, 1]
      for i in 0..<count { order.append(2 + 2 * i) }
      order += (2 + 2 * count)..<(rank + count)
      return reshape(
        transpose(reshape(padded, splitShape + shape[(2 + count)...]), perm: order), resultShape + shape[(2 + count)...])
    }
  }

  private static func checkedBlocks(_ blockShape: [Int], _ amounts: [[Int]], _ shape: [Int]) throws(ExprError) -> Int {
    guard shape.count >= 2 + blockShape.count, amounts.count == blockShape.count, amounts.allSatisfy({ $0.count == 2 }),
      blockShape.allSatisfy({ $0 > 0 })
    else {
      throw ExprError(
        .argumentInvalid, "blocks do not fit the image", expected: "a size and a pair for each spatial axis of \(shape)",
        found: "\(blockShape), \(amounts)")
    }
    return try asExprError { () throws(GraphError) in try checkedElementCount(blockShape) }
  }

  /// Strided copies of elements into a new array; what no region covers is zero.
  ///
  /// - Parameters:
  ///   - vars: where elements come from, of one type.
  ///   - regions: which elements go where; ``Region/input`` counts in `vars`.
  public static func raster(_ vars: [Variable], regions: [Region], shape: [Int]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let dtype = try Variable.commonType(vars)
      let op = Raster(shape: shape, regions: regions)
      var counts: [Int] = []
      for variable in vars { counts.append(try variable.count) }
      try asExprError { () throws(GraphError) in try op.validate(inputCounts: counts) }
      return Variable.apply(op, vars.map { $0.cast(to: dtype) })
    }
  }
}

extension Variable {
  var rankOrZero: Int { (try? rank) ?? 0 }
}
