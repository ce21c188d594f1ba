#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The boxes of each class that are left when those that overlap a better one are dropped.
///
/// - Inputs: `boxes` `[N, boxes, 4]`; `scores` `[N, classes, boxes]`; then, optional and of one element each:
///   `maximum`, how many boxes a class may keep (default none); `iouThreshold`, above which two boxes overlap (default 0);
///   `scoreThreshold`, which a score must exceed (default: any score will do).
/// - Result: `[kept, 3]`, of type ``dtype``: batch, class and box, the best first within a class. Of equal scores the first comes first.
/// - SeeAlso: ONNX and `.mnn` operator NonMaxSuppression.
public struct NonMaxSuppression: PrimitiveOperator, Codable {
  public enum BoxFormat: String, Hashable, Sendable, CaseIterable, Codable {
    /// Two opposite corners, `y1 x1 y2 x2`.
    case corners
    /// `x y width height`, of which the first two are the center.
    case centers
  }

  public var boxFormat: BoxFormat
  public var dtype: DType

  public init(boxFormat: BoxFormat = .corners, dtype: DType = .int64) {
    self.boxFormat = boxFormat
    self.dtype = dtype
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let boxes = try operands.type(0, rank: 3)
    let scores = try operands.type(1, rank: 3)
    try requireSame(.float32, boxes.dtype, "the type of the boxes")
    try requireSame(.float32, scores.dtype, "the type of the scores")
    try requireEqual(boxes.shape[0], scores.shape[0], "the number of batches")
    try requireEqual(boxes.shape[1], scores.shape[2], "the number of boxes")
    try requireEqual(4, boxes.shape[2], "the size of a box")
    var tensors: [Tensor?] = []
    for index in 0..<operands.count {
      tensors.append(operands[optional: index] == nil ? nil : try operands.constant(index))
    }
    guard (WorkBudget.current ?? WorkBudget()).spendShare(work(for: operands, results: [])) else {
      throw GraphError(.dependsOnData, "how many boxes are kept takes too long to find out before running")
    }
    return [TensorType(dtype, [Dimension(try kept(Arguments(tensors)).count / 3), 3])]
  }

  public var infersByComputing: Bool { true }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    let boxes = operands.size(1, axis: 2)
    let maximum = (try? operands[optional: 2]?.constant?.scalars(as: Int64.self).first).flatMap { $0 } ?? .max
    let kept = min(boxes, max(Int(clamping: maximum), 0))
    let perClass = boxes.saturatingMultiply(kept / 8 + 64)
    return .elements(operands, results)
      + Work(operations: operands.size(1, axis: 0).saturatingMultiply(operands.size(1, axis: 1)).saturatingMultiply(perClass))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let kept = try kept(arguments)
    return [try Tensor(shape: [kept.count / 3, 3], scalars: kept).converted(to: dtype)]
  }

  private func option<T: TensorScalar>(_ arguments: Arguments, _ index: Int, default value: T) throws(GraphError) -> T {
    guard let tensor = arguments[optional: index], tensor.count > 0 else { return value }
    return try tensor.scalars(as: T.self)[0]
  }

  /// Batch, class and box of each that is left.
  private func kept(_ arguments: Arguments) throws(GraphError) -> [Int64] {
    let shape = try arguments.tensor(1).shape
    let maximum = Int(clamping: try option(arguments, 2, default: Int64(0)))
    let overlap = try option(arguments, 3, default: Float(0))
    let lowest = try option(arguments, 4, default: -Float.infinity)
    let scores = try arguments.scalars(1, as: Float.self)
    let numbers = try arguments.scalars(0, as: Float.self)
    guard shape.count == 3, numbers.count == shape[0] * shape[2] * 4, maximum > 0 else { return [] }
    let hasThreshold = arguments[optional: 4] != nil
    var kept: [Int64] = []
    var chosen = ChosenBoxes(above: overlap)
    for batch in 0..<shape[0] {
      for kind in 0..<shape[1] {
        let first = (batch * shape[1] + kind) * shape[2]
        var candidates = BestFirst(scores[first..<first + shape[2]], above: hasThreshold ? lowest : nil)
        chosen.removeAll()
        while chosen.count < maximum, let candidate = candidates.next() {
          let box = Box(numbers, at: (batch * shape[2] + candidate) * 4, boxFormat)
          if chosen.overlaps(box) { continue }
          chosen.append(box)
          kept += [Int64(batch), Int64(kind), Int64(candidate)]
        }
      }
    }
    return kept
  }

  /// The boxes that are kept, by area: two that overlap by more than a share differ by less than that in area, so that a high
  /// threshold looks at few of many.
  private struct ChosenBoxes {
    private let threshold: Float
    private let width: Float
    private var buckets: [Int: [Box]] = [:]
    private(set) var count = 0

    init(above threshold: Float) {
      self.threshold = threshold
      // A little wider than exact, for rounding; one bucket where nearly any overlap counts.
      width = threshold > 0.1 && threshold < 1 ? max(-log(threshold * 0.999), 1e-3) : .infinity
    }

    private func bucket(_ area: Float) -> Int { width.isFinite ? Int(converting: (log(area) / width).rounded(.down)) : 0 }

    mutating func removeAll() {
      buckets.removeAll(keepingCapacity: true)
      count = 0
    }

    mutating func append(_ box: Box) {
      count += 1
      let area = box.area
      // Boxes without a proper area overlap nothing; and nothing overlaps by more than all.
      if area > 0, area.isFinite, threshold < 1 { buckets[bucket(area), default: []].append(box) }
    }

    func overlaps(_ box: Box) -> Bool {
      let area = box.area
      guard threshold >= 0, area > 0, area.isFinite else { return threshold < 0 && count > 0 }
      let own = bucket(area)
      for i in width.isFinite ? own - 1...own + 1 : own...own {  // ordered: around one bucket
        if let boxes = buckets[i], boxes.contains(where: { box.overlap(with: $0) > threshold }) { return true }
      }
      return false
    }
  }

  /// Candidates, the best first, of equal ones the first. Only as many are put in order as are asked for: a heap.
  private struct BestFirst {
    private var heap: [(score: Float, index: Int)]

    init(_ scores: ArraySlice<Float>, above lowest: Float?) {
      heap = []
      heap.reserveCapacity(scores.count)
      var index = 0
      for score in scores {
        if lowest.map({ score > $0 }) ?? true { heap.append((score, index)) }
        index += 1
      }
      for root in (0..<heap.count / 2).reversed() { sink(root) }
    }

    mutating func next() -> Int? {
      guard let best = heap.first, let last = heap.popLast() else { return nil }
      if !heap.isEmpty {
        heap[0] = last
        sink(0)
      }
      return best.index
    }

    private mutating func sink(_ root: Int) {
      var root = root
      while true {
        var best = root
        if 2 * root + 1 < heap.count, isBetter(2 * root + 1, best) { best = 2 * root + 1 }
        if 2 * root + 2 < heap.count, isBetter(2 * root + 2, best) { best = 2 * root + 2 }
        if best == root { return }
        heap.swapAt(root, best)
        root = best
      }
    }

    private func isBetter(_ a: Int, _ b: Int) -> Bool {
      heap[a].score > heap[b].score || heap[a].score == heap[b].score && heap[a].index < heap[b].index
    }
  }

  /// Single precision throughout: an overlap equal to the threshold must stay equal to it.
  private struct Box {
    let low: (y: Float, x: Float)
    let high: (y: Float, x: Float)

    init(_ numbers: [Float], at i: Int, _ format: BoxFormat) {
      let (a, b, c, d) = (numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3])
      switch format {
      case .corners:
        low = (min(a, c), min(b, d))
        high = (max(a, c), max(b, d))
      case .centers:
        low = (b - d / 2, a - c / 2)
        high = (b + d / 2, a + c / 2)
      }
    }

    var area: Float { (high.y - low.y) * (high.x - low.x) }

    /// Intersection over union; 0 if a box has no area.
    func overlap(with other: Box) -> Float {
      let height = min(high.y, other.high.y) - max(low.y, other.low.y)
      let width = min(high.x, other.high.x) - max(low.x, other.low.x)
      guard height > 0, width > 0, area > 0, other.area > 0 else { return 0 }
      return height * width / (area + other.area - height * width)
    }
  }
}
