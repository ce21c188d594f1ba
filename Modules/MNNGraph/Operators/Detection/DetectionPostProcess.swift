import Foundation

/// The boxes that a single-shot detector found: decoded from anchors, the overlapping ones dropped, the best first.
///
/// - Inputs, float32: `boxes` `[1, n, 4]`, `y x height width` relative to the anchors; `scores` `[1, n, classes]`, which may have
///   a class 0 more that stands for background; `anchors` `[n, 4]`, `y x height width` of their centers.
/// - Results, float32, rows that are not used zero: boxes `[1, rows, 4]` as `ymin xmin ymax xmax`; classes `[1, rows]`; scores
///   `[1, rows]`; the number of rows used `[1]`. There are ``maxDetections`` × ``maxClassesPerDetection`` rows.
/// - SeeAlso: TensorFlow Lite's custom operator TFLite_Detection_PostProcess; `.mnn` operator DetectionPostProcess.
public struct DetectionPostProcess: PrimitiveOperator, Codable {
  public var classCount: Int
  public var maxDetections: Int
  public var maxClassesPerDetection: Int
  /// How many boxes of a class are kept by ``suppressesPerClass``.
  public var detectionsPerClass: Int
  public var scoreThreshold: Float
  public var iouThreshold: Float
  /// Overlaps count within a class; otherwise a box stands for its best class.
  public var suppressesPerClass: Bool
  /// By what `y x height width` are divided before they are decoded.
  public var scales: [Float]

  public init(
    classCount: Int, maxDetections: Int, maxClassesPerDetection: Int = 1, detectionsPerClass: Int = 100, scoreThreshold: Float,
    iouThreshold: Float, suppressesPerClass: Bool = false, scales: [Float] = [10, 10, 5, 5]
  ) {
    self.classCount = classCount
    self.maxDetections = maxDetections
    self.maxClassesPerDetection = maxClassesPerDetection
    self.detectionsPerClass = detectionsPerClass
    self.scoreThreshold = scoreThreshold
    self.iouThreshold = iouThreshold
    self.suppressesPerClass = suppressesPerClass
    self.scales = scales
  }

  public var resultCount: Int { 4 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let boxes = try operands.type(0, rank: 3)
    let scores = try operands.type(1, rank: 3)
    let anchors = try operands.type(2, rank: 2)
    for type in [boxes, scores, anchors] { try requireSame(.float32, type.dtype, "an input's type") }
    for (type, axis) in [(boxes, 2), (anchors, 1)] { try requireEqual(4, type.shape[axis], "the length of a box") }
    try requireEqual(boxes.shape[1], scores.shape[1], "the number of scores")
    try requireEqual(boxes.shape[1], anchors.shape[0], "the number of anchors")
    try requireEqual(1, boxes.shape[0], "the batch")
    try requireAttribute(
      classCount > 0 && maxDetections > 0 && maxClassesPerDetection > 0 && detectionsPerClass > 0 && scales.count == 4
        && scales.allSatisfy { $0 > 0 }, "bad counts or scales", expected: "above 0, four scales",
      found: "\(classCount), \(maxDetections), \(maxClassesPerDetection), \(detectionsPerClass), \(scales)")
    if let columns = scores.shape[2].value, columns != classCount, columns != classCount + 1 {
      throw GraphError(
        .shapeMismatch, "wrong number of classes", expected: "\(classCount), or one more", found: "\(columns)")
    }
    let rows = try checkedElementCount([maxDetections, maxClassesPerDetection])
    return [[1, rows, 4], [1, rows], [1, rows], [1]].map { TensorType(.float32, Shape($0)) }
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    let boxes = operands.size(1, axis: 1)
    let kept = min(boxes, max(suppressesPerClass ? detectionsPerClass : maxDetections, 0))
    let passes = suppressesPerClass ? max(classCount, 1) : 1
    return .elements(operands, results, operations: 16)
      + Work(operations: passes.saturatingMultiply(boxes).saturatingMultiply(kept.saturatingMultiply(8).saturatingAdd(64)))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let types = try resultTypes(for: arguments.operands)
    let boxes = decoded(try arguments.scalars(0, as: Float.self), try arguments.scalars(2, as: Float.self))
    let scores = try arguments.scalars(1, as: Float.self)
    let columns = try arguments.tensor(1).shape[2]
    let background = columns - classCount
    let detections =
      suppressesPerClass
      ? perClass(boxes, scores, columns, background) : acrossClasses(boxes, scores, columns, background)
    var results: [Tensor] = []
    for type in types { results.append(try Tensor.zeros(.float32, type.shape.concreteSizes())) }
    let (places, kinds, values) = (
      results[0].unsafeMutable(as: Float.self), results[1].unsafeMutable(as: Float.self), results[2].unsafeMutable(as: Float.self)
    )
    for (row, detection) in detections.prefix(values.count).enumerated() {
      let box = boxes[detection.box]
      for (i, edge) in [box.top, box.left, box.bottom, box.right].enumerated() { places[row * 4 + i] = edge }
      kinds[row] = Float(detection.kind)
      values[row] = detection.score
    }
    results[3].unsafeMutable(as: Float.self)[0] = Float(min(detections.count, values.count))
    return results
  }

  private struct Box {
    var top, left, bottom, right: Float

    var area: Float { (bottom - top) * (right - left) }

    /// The common part over the whole; 0 if a box is empty.
    func overlap(_ other: Box) -> Float {
      guard area > 0, other.area > 0 else { return 0 }
      let height = max(min(bottom, other.bottom) - max(top, other.top), 0)
      let width = max(min(right, other.right) - max(left, other.left), 0)
      let common = height * width
      return common / (area + other.area - common)
    }
  }

  private struct Detection {
    var box: Int
    var kind: Int
    var score: Float
  }

  private func decoded(_ boxes: [Float], _ anchors: [Float]) -> [Box] {
    (0..<anchors.count / 4).map { i in
      let (box, anchor) = (Array(boxes[(4 * i)..<(4 * i + 4)]), Array(anchors[(4 * i)..<(4 * i + 4)]))
      let y = box[0] / scales[0] * anchor[2] + anchor[0]
      let x = box[1] / scales[1] * anchor[3] + anchor[1]
      let height = 0.5 * exp(box[2] / scales[2]) * anchor[2]
      let width = 0.5 * exp(box[3] / scales[3]) * anchor[3]
      return Box(top: y - height, left: x - width, bottom: y + height, right: x + width)
    }
  }

  /// The boxes that are left of those whose score reaches the threshold, the best first.
  private func suppressed(_ boxes: [Box], _ scores: [Float], limit: Int) -> [Int] {
    let order = scores.indices.filter { scores[$0] >= scoreThreshold }.sorted {
      scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
    }
    var kept: [Int] = []
    for candidate in order {
      if kept.count >= limit { break }
      if !kept.contains(where: { boxes[$0].overlap(boxes[candidate]) > iouThreshold }) { kept.append(candidate) }
    }
    return kept
  }

  private func acrossClasses(_ boxes: [Box], _ scores: [Float], _ columns: Int, _ background: Int) -> [Detection] {
    func score(_ box: Int, _ kind: Int) -> Float { scores[box * columns + background + kind] }
    let best = boxes.indices.map { box in (0..<classCount).map { score(box, $0) }.max() ?? 0 }
    return suppressed(boxes, best, limit: maxDetections).flatMap { box in
      let kinds = (0..<classCount).sorted { score(box, $0) == score(box, $1) ? $0 < $1 : score(box, $0) > score(box, $1) }
      return kinds.prefix(maxClassesPerDetection).map { Detection(box: box, kind: $0, score: score(box, $0)) }
    }
  }

  private func perClass(_ boxes: [Box], _ scores: [Float], _ columns: Int, _ background: Int) -> [Detection] {
    var all: [Detection] = []
    for kind in 0..<classCount {
      let own = boxes.indices.map { scores[$0 * columns + background + kind] }
      let found = suppressed(boxes, own, limit: detectionsPerClass).map { Detection(box: $0, kind: kind, score: own[$0]) }
      all = Array(
        (all + found).enumerated().sorted {
          $0.element.score == $1.element.score ? $0.offset < $1.offset : $0.element.score > $1.element.score
        }.map(\.element).prefix(maxDetections))
    }
    return all
  }
}
