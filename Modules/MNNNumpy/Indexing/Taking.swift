import MNNGraph
import MNNKernels

/// What happens to an index that is out of range.
public enum IndexMode: String, Sendable, CaseIterable {
  /// It is an error.
  case raise
  /// It is counted around.
  case wrap
  /// It is replaced by the nearest valid one; negative ones too.
  case clip
}

/// Elements by their positions along an axis.
enum Taking {
  /// The entries of `axis` at `positions`, whose shape takes the axis' place.
  static func take(_ x: Tensor, _ positions: Tensor, axis: Int, mode: IndexMode) throws(GraphError) -> Tensor {
    let axis = try normalizedAxis(axis, rank: x.rank)
    let size = x.shape[axis]
    let indices = try resolved(positions, size, mode)
    let (outer, _, inner) = splitSizes(x.shape, at: axis)
    let shape = Array(x.shape[..<axis]) + positions.shape + Array(x.shape[(axis + 1)...])
    let result = try Tensor(uninitialized: x.dtype, shape: shape)
    if size == 0, positions.count > 0 {
      throw GraphError(.indexOutOfRange, "cannot take from an empty axis", found: "\(x.shape)")
    }
    let row = inner * x.dtype.byteCount
    var isInRange = true
    if result.count > 0 {
      indices.read(Int64.self) { index in
        withExtendedLifetime(x.storage) {
          for o in 0..<outer where isInRange {
            let (source, target) = (x.rawBase + o * size * row, result.rawBase + o * indices.count * row)
            switch row {
            case 4: isInRange = gather(UInt32.self, source, index, target, count: indices.count, size: size)
            case 8: isInRange = gather(UInt64.self, source, index, target, count: indices.count, size: size)
            default:
              isInRange = ArrayKernels.gatherRows(
                count: indices.count, rows: size, rowBytes: row, source, index, target)
            }
          }
        }
      }
    }
    guard isInRange else {
      let bad = indices.read(Int64.self) { p in (0..<indices.count).first { p[$0] < -size || p[$0] >= size }.map { p[$0] } }
      throw GraphError(
        .indexOutOfRange, "index out of range for axis \(axis)", expected: "\(-size) ..< \(size)",
        found: bad.map { "\($0)" } ?? "one outside")
    }
    return result
  }

  /// Single elements at positions; false, having stopped early, if one is out of range.
  @inline(__always)
  private static func gather<T: BitwiseCopyable>(
    _: T.Type, _ source: UnsafeRawPointer, _ index: UnsafePointer<Int64>, _ target: UnsafeMutableRawPointer, count: Int, size: Int
  ) -> Bool {
    let (from, to) = (source.assumingMemoryBound(to: T.self), target.assumingMemoryBound(to: T.self))
    for i in 0..<count {
      let position = Int(truncatingIfNeeded: index[i])
      let place = position < 0 ? position &+ size : position
      guard UInt(bitPattern: place) < UInt(bitPattern: size) else { return false }
      to[i] = from[place]
    }
    return true
  }

  /// Positions as int64, counted by `mode`.
  static func resolved(_ positions: Tensor, _ size: Int, _ mode: IndexMode) throws(GraphError) -> Tensor {
    guard positions.dtype.isInteger || positions.dtype == .bool || positions.count == 0 else {
      throw GraphError(.dtypeUnsupported, "indices must be integers", found: "\(positions.dtype)")
    }
    let indices = try positions.cast(to: .int64)
    let size = Int64(size)
    guard mode != .raise, size > 0 else { return indices }
    return try mapped(indices, Int64.self, to: Int64.self) {
      mode == .wrap ? (($0 % size) + size) % size : min(max($0, 0), size - 1)
    }
  }

  /// Elements along `axis`, each at the position that `positions` has at its place; other axes broadcast.
  static func takeAlongAxis(_ x: Tensor, _ positions: Tensor, axis: Int) throws(GraphError) -> Tensor {
    let places = try AlongAxis(x, positions, axis: axis)
    let result = try Tensor(uninitialized: x.dtype, shape: places.shape)
    let width = x.dtype.byteCount
    withExtendedLifetime(x.storage) {
      for (i, place) in places.positions.enumerated() {
        (result.rawBase + i * width).copyMemory(from: x.rawBase + place * width, byteCount: width)
      }
    }
    return result
  }

  /// Where the elements of an array along an axis lie that an array of positions names.
  struct AlongAxis {
    let shape: [Int]
    let positions: [Int]

    init(_ x: Tensor, _ indices: Tensor, axis: Int) throws(GraphError) {
      let axis = try normalizedAxis(axis, rank: x.rank)
      guard indices.rank == x.rank else {
        throw GraphError(
          .rankMismatch, "indices and array must have the same number of dimensions", expected: "\(x.rank)",
          found: "\(indices.rank)")
      }
      guard indices.dtype.isInteger else {
        throw GraphError(.dtypeUnsupported, "indices must be integers", found: "\(indices.dtype)")
      }
      var (xShape, indexShape) = (x.shape, indices.shape)
      xShape[axis] = 1
      indexShape[axis] = 1
      var shape = try broadcastSizes(xShape, indexShape)
      shape[axis] = indices.shape[axis]
      self.shape = shape
      let size = x.shape[axis]
      let whole = try Strided(
        indices.cast(to: .int64), shape: shape, strides: broadcastStrides(indices.shape, to: shape)
      ).tensor()
      let full = rowMajorStrides(x.shape)
      let strides = x.shape.indices.map { $0 == axis ? 0 : x.shape[$0] == 1 ? 0 : full[$0] }
      var positions: [Int] = []
      positions.reserveCapacity(whole.count)
      var bad: Int64?
      whole.read(Int64.self) { p in
        for (i, index) in IndexSequence(shape).enumerated() {
          let position = p[i] < 0 ? p[i] + Int64(size) : p[i]
          if position < 0 || position >= Int64(size) {
            bad = p[i]
            return
          }
          var place = Int(position) * full[axis]
          for a in index.indices { place += index[a] * strides[a] }
          positions.append(place)
        }
      }
      if let bad {
        throw GraphError(
          .indexOutOfRange, "index out of range for axis \(axis)", expected: "\(-size) ..< \(size)", found: "\(bad)")
      }
      self.positions = positions
    }
  }
}
