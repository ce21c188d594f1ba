import MNNGraph

/// Putting arrays together and taking them apart.
enum Joining {
  /// Arrays of one type one after the other along `axis`; other sizes must agree.
  static func concatenate(_ arrays: [Tensor], axis: Int) throws(GraphError) -> Tensor {
    guard let first = arrays.first else {
      throw GraphError(.inputMissing, "need at least one array to concatenate", expected: "1 or more", found: "0")
    }
    guard first.rank > 0 else {
      throw GraphError(.rankMismatch, "arrays of rank 0 cannot be concatenated", advice: "use stack")
    }
    let axis = try normalizedAxis(axis, rank: first.rank)
    var shape = first.shape
    shape[axis] = 0
    for array in arrays {
      let fits =
        array.rank == first.rank && array.shape.indices.allSatisfy { $0 == axis || array.shape[$0] == first.shape[$0] }
      guard fits else {
        throw GraphError(
          .shapeMismatch, "arrays to concatenate differ besides axis \(axis)", expected: "\(first.shape)",
          found: "\(array.shape)")
      }
      shape[axis] += array.shape[axis]
    }
    let result = try Tensor(uninitialized: first.dtype, shape: shape)
    let width = first.dtype.byteCount
    let (outer, length, inner) = splitSizes(shape, at: axis)
    let row = length * inner * width
    var start = 0
    for array in arrays {
      let piece = array.shape[axis] * inner * width
      withExtendedLifetime(array.storage) {
        if piece > 0 {
          for o in 0..<outer {
            (result.rawBase + o * row + start).copyMemory(from: array.rawBase + o * piece, byteCount: piece)
          }
        }
      }
      start += piece
    }
    return result
  }

  /// Arrays of one shape and type along a new axis.
  static func stack(_ arrays: [Tensor], axis: Int) throws(GraphError) -> Tensor {
    guard let first = arrays.first else {
      throw GraphError(.inputMissing, "need at least one array to stack", expected: "1 or more", found: "0")
    }
    let axis = try normalizedAxis(axis, rank: first.rank + 1)
    var expanded: [Tensor] = []
    for array in arrays {
      guard array.shape == first.shape else {
        throw GraphError(
          .shapeMismatch, "all arrays to stack must have the same shape", expected: "\(first.shape)", found: "\(array.shape)")
      }
      var shape = array.shape
      shape.insert(1, at: axis)
      expanded.append(try array.reshaped(shape))
    }
    return try concatenate(expanded, axis: axis)
  }

  /// The parts of `x` between `positions` along `axis`.
  static func split(_ x: Tensor, at positions: [Int], axis: Int) throws(GraphError) -> [Tensor] {
    let axis = try normalizedAxis(axis, rank: x.rank)
    var parts: [Tensor] = []
    var start = 0
    for position in positions + [x.shape[axis]] {
      let last = position == x.shape[axis] && parts.count == positions.count
      parts.append(try slice(x, axis: axis, from: start, to: last ? nil : position))
      start = position
    }
    return parts
  }

  /// `start:stop` of one axis.
  static func slice(_ x: Tensor, axis: Int, from start: Int, to stop: Int?) throws(GraphError) -> Tensor {
    let range = try SliceRange(start: start, stop: stop, step: 1, size: x.shape[axis])
    var view = Strided(x)
    if range.count > 0 { view.offset = range.first * view.strides[axis] }
    view.shape[axis] = range.count
    return try view.tensor()
  }

  /// `x` in `sections` parts along `axis`, the first ones longer by one if they cannot be equal.
  static func split(
    _ x: Tensor, into sections: Int, axis: Int, mustBeEqual: Bool
  ) throws(GraphError) -> [Tensor] {
    let axis = try normalizedAxis(axis, rank: x.rank)
    guard sections > 0 else {
      throw GraphError(.attributeInvalid, "number of sections must be larger than 0", found: "\(sections)")
    }
    let size = x.shape[axis]
    guard !mustBeEqual || size % sections == 0 else {
      throw GraphError(
        .attributeInvalid, "array split does not result in an equal division", expected: "a divisor of \(size)",
        found: "\(sections)", advice: "use arraySplit")
    }
    guard sections <= 1 << 24 else {
      throw GraphError(.limitExceeded, "too many sections", expected: "at most \(1 << 24)", found: "\(sections)")
    }
    let (each, extra) = (size / sections, size % sections)
    var parts: [Tensor] = []
    var start = 0
    for i in 0..<sections {
      let length = each + (i < extra ? 1 : 0)
      parts.append(try slice(x, axis: axis, from: start, to: start + length))
      start += length
    }
    return parts
  }
}
