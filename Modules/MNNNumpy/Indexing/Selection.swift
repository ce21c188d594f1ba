import MNNExpr
import MNNGraph
import MNNKernels

/// The places of an array that a list of index entries selects: a view if all entries are basic, and otherwise a view some of
/// whose axes are looked up in arrays of positions.
struct Selection {
  /// The view that the basic entries make; axes that arrays index are still whole.
  var view: Strided
  /// Per looked-up axis of `view` its positions, all of one shape; empty for a basic selection.
  var lookups: [(axis: Int, positions: [Int])] = []
  /// The common shape of the lookups.
  var lookupShape: [Int] = []
  /// Where the lookups' axes stand in the result.
  var lookupPosition = 0

  init(_ x: Tensor, _ entries: [IndexSelection]) throws(GraphError) {
    view = Strided(x)
    let arrays = try entries.map { (entry) throws(GraphError) -> Tensor? in
      guard case .array(let variable) = entry else { return nil }
      return try Selection.positions(variable)
    }
    // A truth array takes as many axes as it has.
    var consumed = 0
    for (entry, array) in zip(entries, arrays) {
      switch entry {
      case .position, .slice: consumed += 1
      case .array: consumed += array?.dtype == .bool ? array?.rank ?? 0 : 1
      case .newAxis, .ellipsis: break
      }
    }
    guard consumed <= x.rank else {
      throw GraphError(
        .indexOutOfRange, "too many indices", expected: "at most \(x.rank) for shape \(x.shape)", found: "\(consumed)")
    }
    guard entries.count(where: { if case .ellipsis = $0 { true } else { false } }) <= 1 else {
      throw GraphError(.indexOutOfRange, "an index can only have a single ellipsis")
    }
    var builder = Builder(x, ellipsis: x.rank - consumed, hasArrays: arrays.contains { $0 != nil })
    for (entry, array) in zip(entries, arrays) { try builder.append(entry, array) }
    try builder.finish(entries)
    self = try builder.selection()
  }

  private init(view: Strided) { self.view = view }

  /// Positions as int64, truth values as they are; a whole number counts as an array of rank 0.
  private static func positions(_ variable: Variable) throws(GraphError) -> Tensor {
    let tensor = try variable.contents()
    if tensor.dtype == .bool || tensor.dtype == .int64 { return tensor }
    guard tensor.dtype.isInteger || tensor.count == 0 else {
      throw GraphError(
        .dtypeUnsupported, "arrays used as indices must be of integers or truth values", found: "\(tensor.dtype)")
    }
    return try tensor.cast(to: .int64)
  }

  /// Goes through the entries and the axes side by side.
  private struct Builder {
    let x: Tensor
    let strides: [Int]
    var ellipsis: Int
    /// Beside arrays a whole number is one of them, as it decides where their axes go.
    let hasArrays: Bool
    var axis = 0
    var shape: [Int] = []
    var viewStrides: [Int] = []
    var offset = 0
    /// The axis of the view and its positions.
    var lookups: [(axis: Int, positions: Tensor)] = []
    /// Whether lookups are next to each other; entries seen after the last lookup.
    var isAdjacent = true
    var seenAfterLookup = false
    /// What a truth value of rank 0 decides.
    var scalarTruths: [Bool] = []

    init(_ x: Tensor, ellipsis: Int, hasArrays: Bool) {
      self.x = x
      self.ellipsis = ellipsis
      self.hasArrays = hasArrays
      strides = rowMajorStrides(x.shape)
    }

    mutating func append(_ entry: IndexSelection, _ array: Tensor?) throws(GraphError) {
      switch entry {
      case .position(let index):
        if hasArrays {
          if seenAfterLookup { isAdjacent = false }
          try look(Tensor(Int64(index)))
          return
        }
        offset += try Selection.normalized(index, x.shape[axis], axis: axis) * strides[axis]
        axis += 1
      case .slice(let start, let stop, let step):
        let slice = try SliceRange(start: start, stop: stop, step: step, size: x.shape[axis])
        if slice.count > 0 { offset += slice.first * strides[axis] }
        // A step that leads out of the axis is never gone.
        keep(slice.count, slice.count > 1 ? strides[axis] * slice.step : 0)
        axis += 1
      case .newAxis: keep(1, 0)
      case .ellipsis: appendAll()
      case .array:
        guard let array else { return }
        if seenAfterLookup { isAdjacent = false }
        if array.dtype == .bool { try appendTruths(array) } else { try look(array) }
      }
    }

    private mutating func keep(_ size: Int, _ stride: Int) {
      shape.append(size)
      viewStrides.append(stride)
      if !lookups.isEmpty || !scalarTruths.isEmpty { seenAfterLookup = true }
    }

    private mutating func appendAll() {
      if ellipsis == 0, !lookups.isEmpty { seenAfterLookup = true }
      for _ in 0..<ellipsis {
        keep(x.shape[axis], strides[axis])
        axis += 1
      }
      ellipsis = 0
    }

    private mutating func look(_ positions: Tensor) throws(GraphError) {
      let size = x.shape[axis]
      let bad = positions.read(Int64.self) { p in
        (0..<positions.count).first { p[$0] < -size || p[$0] >= size }.map { p[$0] }
      }
      if let bad {
        throw GraphError(
          .indexOutOfRange, "index out of range for axis \(axis)", expected: "\(-size) ..< \(size)", found: "\(bad)")
      }
      lookups.append((shape.count, positions))
      shape.append(size)
      viewStrides.append(strides[axis])
      axis += 1
    }

    private mutating func appendTruths(_ mask: Tensor) throws(GraphError) {
      if mask.rank == 0 {
        scalarTruths.append(mask.read(Bool.self) { $0[0] })
        return
      }
      let covered = Array(x.shape[axis..<axis + mask.rank])
      guard mask.shape == covered else {
        throw GraphError(
          .shapeMismatch, "a mask does not fit the axes it indexes", expected: "\(covered)", found: "\(mask.shape)")
      }
      for positions in try Positions.nonzero(mask) { try look(positions) }
    }

    mutating func finish(_ entries: [IndexSelection]) throws(GraphError) { appendAll() }

    func selection() throws(GraphError) -> Selection {
      var selection = Selection(view: Strided(x, shape: shape, strides: viewStrides, offset: offset))
      guard !lookups.isEmpty || !scalarTruths.isEmpty else { return selection }
      var shapes = lookups.map(\.positions.shape)
      if !scalarTruths.isEmpty { shapes.append([scalarTruths.allSatisfy { $0 } ? 1 : 0]) }
      selection.lookupShape = try broadcastSizes(shapes)
      for (axis, positions) in lookups {
        let size = shape[axis]
        let whole = try Strided(
          positions, shape: selection.lookupShape, strides: broadcastStrides(positions.shape, to: selection.lookupShape)
        ).tensor()
        let list = whole.read(Int64.self) { p in
          (0..<whole.count).map { p[$0] < 0 ? Int(p[$0]) + size : Int(p[$0]) }
        }
        selection.lookups.append((axis, list))
      }
      selection.lookupPosition = isAdjacent ? lookups.first?.axis ?? 0 : 0
      return selection
    }
  }

  /// `index` counted from the front.
  static func normalized(_ index: Int, _ size: Int, axis: Int) throws(GraphError) -> Int {
    guard index >= -size, index < size else {
      throw GraphError(
        .indexOutOfRange, "index out of range for axis \(axis)", expected: "\(-size) ..< \(size)", found: "\(index)")
    }
    return index < 0 ? index + size : index
  }
}

/// The positions of `start:stop:step` in an axis.
struct SliceRange {
  let first: Int
  let count: Int
  let step: Int

  init(start: Int?, stop: Int?, step: Int, size: Int) throws(GraphError) {
    guard step != 0 else {
      throw GraphError(.attributeInvalid, "a slice's step must not be zero", found: "\(step)")
    }
    self.step = step
    let (low, high) = step > 0 ? (0, size) : (-1, size - 1)
    func clamped(_ position: Int) -> Int { min(max(position < 0 ? position + size : position, low), high) }
    first = start.map(clamped) ?? (step > 0 ? low : high)
    let last = stop.map(clamped) ?? (step > 0 ? high : low)
    let distance = step > 0 ? last - first : first - last
    count = distance <= 0 ? 0 : Int(UInt(distance - 1) / step.magnitude) + 1
  }
}
