/// Samples a tensor on a finer or coarser grid, axis by axis.
///
/// - Inputs: `x`; then, each optional and absent also if it has no elements: `region`, the starts, then the ends, of what is
///   sampled, as fractions, for ``CoordinateTransformation/cropAndResize``; `scales`, result size over input size; `sizes` of
///   the result. Scales or sizes must be there and constant when the graph is planned; all three refer to ``axes``.
/// - Result: the type of `x`.
/// - SeeAlso: ONNX Resize, opset 19, and Upsample; `.mnn` operator Interp.
public struct Resize: PrimitiveOperator, Codable {
  public enum Mode: Hashable, Sendable, Codable {
    case nearest(NearestRounding)
    case linear
    case cubic(coefficient: Float)
  }

  /// How a position between two elements becomes one of them.
  public enum NearestRounding: String, Hashable, Sendable, CaseIterable, Codable { case preferFloor, preferCeil, floor, ceil }

  /// Where an element of the result lies in the input.
  public enum CoordinateTransformation: String, Hashable, Sendable, CaseIterable, Codable {
    case halfPixel, halfPixelSymmetric, halfPixelOrZero, alignCorners, asymmetric, cropAndResize, halfPixelForNearest
  }

  /// What becomes of sizes that would change the proportions.
  public enum AspectRatio: String, Hashable, Sendable, CaseIterable, Codable { case stretch, notLarger, notSmaller }

  public var mode: Mode
  public var transformation: CoordinateTransformation
  /// nil for all axes.
  public var axes: [Int]?
  public var aspectRatio: AspectRatio
  /// Widens the filter when the result is smaller.
  public var antialiases: Bool
  /// Elements outside the input have no weight, instead of repeating the border.
  public var excludesOutside: Bool
  /// What lies outside, for ``CoordinateTransformation/cropAndResize``.
  public var extrapolationValue: Float

  public init(
    _ mode: Mode, transformation: CoordinateTransformation = .halfPixel, axes: [Int]? = nil,
    aspectRatio: AspectRatio = .stretch, antialiases: Bool = false, excludesOutside: Bool = false,
    extrapolationValue: Float = 0
  ) {
    self.mode = mode
    self.transformation = transformation
    self.axes = axes
    self.aspectRatio = aspectRatio
    self.antialiases = antialiases
    self.excludesOutside = excludesOutside
    self.extrapolationValue = extrapolationValue
  }

  /// How one axis changes.
  package struct AxisPlan: Hashable, Sendable {
    package var axis: Int
    package var size: Int
    package var resultSize: Int
    package var scale: Double
    /// The sampled part, as fractions.
    package var region: (start: Double, end: Double)

    package static func == (a: AxisPlan, b: AxisPlan) -> Bool {
      (a.axis, a.size, a.resultSize, a.scale) == (b.axis, b.size, b.resultSize, b.scale) && a.region == b.region
    }
    package func hash(into hasher: inout Hasher) { hasher.combine([axis, size, resultSize]) }
  }

  /// An optional input that has elements.
  private func given(_ operands: Operands, _ index: Int) throws(GraphError) -> Tensor? {
    guard operands[optional: index] != nil else { return nil }
    let tensor = try operands.constant(index)
    return tensor.count == 0 ? nil : tensor
  }

  private func listedAxes(rank: Int) throws(GraphError) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    return try axes.map { axis throws(GraphError) in try normalizedAxis(axis, rank: rank) }
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    if let sizes = type.shape.sizes {
      var result = sizes
      for plan in try plans(operands, sizes: sizes) { result[plan.axis] = plan.resultSize }
      return [TensorType(type.dtype, Shape(result))]
    }
    var shape = type.shape
    let axes = try listedAxes(rank: shape.rank)
    if let scales = try given(operands, 2)?.scalars(as: Double.self) {
      try requireCount(scales.count, axes.count)
      for (axis, scale) in zip(axes, scales) { shape[axis] = try scaled(shape[axis], by: scale) }
    } else if let sizes = try given(operands, 3)?.scalars(as: Int64.self), aspectRatio == .stretch {
      try requireCount(sizes.count, axes.count)
      for (axis, size) in zip(axes, sizes) { shape[axis] = Dimension(Int(size)) }
    } else {
      throw GraphError(.dependsOnData, "the result's size is not known", found: "\(type.shape)")
    }
    return [TensorType(type.dtype, shape)]
  }

  private func scaled(_ size: Dimension, by scale: Double) throws(GraphError) -> Dimension {
    if let size = size.value { return Dimension(try resultSize(size, scale)) }
    if let factor = Int(exactly: scale) { return size * Dimension(factor) }
    if scale > 0, let divisor = Int(exactly: 1 / scale) { return size / Dimension(divisor) }
    throw GraphError(.dependsOnData, "the result's size is not known", found: "\(size) × \(scale)")
  }

  private func resultSize(_ size: Int, _ scale: Double) throws(GraphError) -> Int {
    guard scale > 0, scale < 0x1p31 else {
      throw GraphError(.attributeInvalid, "bad scale", expected: "above 0", found: "\(scale)")
    }
    // A scale such as float32(1/3) must not lose an element to rounding.
    return try whole(Double(Float(Double(size) * scale)))
  }

  private func whole(_ size: Double) throws(GraphError) -> Int {
    guard size < 0x1p40, let size = Int(exactly: size.rounded(.down)) else {
      throw GraphError(.sizeOverflow, "a result is too large", expected: "below 2^40", found: "\(size)")
    }
    return size
  }

  private func requireCount(_ found: Int, _ expected: Int) throws(GraphError) {
    guard found == expected else {
      throw GraphError(.shapeMismatch, "scales or sizes do not fit the axes", expected: "\(expected)", found: "\(found)")
    }
  }

  /// The axes that change or are cropped, and how.
  package func plans(_ operands: Operands, sizes: [Int]) throws(GraphError) -> [AxisPlan] {
    let axes = try listedAxes(rank: sizes.count)
    let regions = try transformation == .cropAndResize ? given(operands, 1)?.scalars(as: Double.self) : nil
    if let regions { try requireCount(regions.count, 2 * axes.count) }
    var plans: [AxisPlan] = []
    if let scales = try given(operands, 2)?.scalars(as: Double.self) {
      try requireCount(scales.count, axes.count)
      for (axis, scale) in zip(axes, scales) {
        plans.append(
          AxisPlan(
            axis: axis, size: sizes[axis], resultSize: try resultSize(sizes[axis], scale), scale: scale, region: (0, 1)))
      }
    } else if let wanted = try given(operands, 3)?.scalars(as: Int64.self).map({ Int($0) }) {
      try requireCount(wanted.count, axes.count)
      guard wanted.allSatisfy({ $0 >= 0 }) else {
        throw GraphError(.attributeInvalid, "bad sizes", expected: "at least 0", found: "\(wanted)")
      }
      let scales = zip(axes, wanted).map { Double($1) / Double(max(sizes[$0], 1)) }
      let common = aspectRatio == .notLarger ? scales.min() : aspectRatio == .notSmaller ? scales.max() : nil
      for (i, axis) in axes.enumerated() {
        var size = wanted[i]
        if let common { size = try whole(Double(sizes[axis]) * common + 0.5) }
        plans.append(
          AxisPlan(axis: axis, size: sizes[axis], resultSize: size, scale: common ?? scales[i], region: (0, 1)))
      }
    } else {
      throw GraphError(.inputMissing, "Resize needs scales or sizes", expected: "input 2 or 3", found: "neither")
    }
    if let regions { for i in plans.indices { plans[i].region = (regions[i], regions[axes.count + i]) } }
    let changed = plans.filter { $0.resultSize != $0.size || $0.scale != 1 || transformation == .cropAndResize }
    // The tables of an axis take a hundred times the memory of its elements.
    for plan in changed where plan.resultSize > 1 << 24 {
      throw GraphError(
        .limitExceeded, "axis \(plan.axis) is resized to too many elements", expected: "at most \(1 << 24)",
        found: "\(plan.resultSize)")
    }
    return changed
  }

  /// Where element `i` of the result lies on the axis of the input.
  package func position(of i: Int, on plan: AxisPlan) -> Double {
    let x = Double(i)
    let last = Double(plan.size - 1)
    let length = Double(plan.size) * plan.scale
    switch transformation {
    case .halfPixel: return (x + 0.5) / plan.scale - 0.5
    case .halfPixelSymmetric:
      let offset = Double(plan.size) / 2 * (1 - Double(plan.resultSize) / length)
      return offset + (x + 0.5) / plan.scale - 0.5
    case .halfPixelOrZero: return plan.resultSize > 1 ? (x + 0.5) / plan.scale - 0.5 : 0
    case .alignCorners: return length == 1 ? 0 : x * last / (length - 1)
    case .asymmetric: return x / plan.scale
    case .cropAndResize:
      let (start, end) = plan.region
      return plan.resultSize > 1
        ? start * last + x * (end - start) * last / Double(plan.resultSize - 1) : 0.5 * (start + end) * last
    case .halfPixelForNearest: return (x + 0.5) / plan.scale
    }
  }

  /// The elements of the input, and their weights, that make the element at `position`.
  package func taps(at position: Double, on plan: AxisPlan) -> [(index: Int, weight: Double)] {
    func clamped(_ index: Double) -> Int { Int(converting: max(0, min(index, Double(plan.size - 1)))) }
    if case .nearest(let rounding) = mode {
      let below = position.rounded(.down)
      let rest = position - below
      let isUp =
        switch rounding {
        case .preferFloor: rest > 0.5
        case .preferCeil: rest >= 0.5
        case .floor: false
        case .ceil: rest > 0
        }
      return [(clamped(isUp ? below + 1 : below), 1)]
    }
    let stretch = antialiases ? min(plan.scale, 1) : 1
    let reach = (mode == .linear ? 1 : 2) / stretch
    // Where counting in ones is below what a double can tell apart, all of the filter lies on one edge.
    guard abs(position) < 0x1p52, reach < 0x1p31 else { return [(clamped(position), 1)] }
    var taps: [(index: Int, weight: Double)] = []
    var sum = 0.0
    var index = (position - reach).rounded(.down) + 1
    while index < position + reach {
      let isOutside = index < 0 || index > Double(plan.size - 1)
      let weight = excludesOutside && isOutside ? 0 : filter((index - position) * stretch)
      taps.append((clamped(index), weight))
      sum += weight
      index += 1
    }
    return sum == 0 ? [(clamped(position.rounded()), 1)] : taps.map { ($0.index, $0.weight / sum) }
  }

  /// The largest number of elements of the input that make one of the result.
  private func tapCount(on plan: AxisPlan) -> Int {
    if case .nearest = mode { return 1 }
    let reach = (mode == .linear ? 1 : 2) / (antialiases ? min(plan.scale, 1) : 1)
    return Int(clamping: Int64(converting: 2 * reach)).saturatingAdd(1)
  }

  private func filter(_ x: Double) -> Double {
    let x = abs(x)
    guard case .cubic(let coefficient) = mode else { return max(1 - x, 0) }
    let a = Double(coefficient)
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    guard let shape = operands[optional: 0]?.type.shape.sizes, var sizes = Optional(shape),
      let plans = try? plans(operands, sizes: shape)
    else { return .elements(operands, results) }
    // One pass per axis; what one gives is what the next takes.
    var work = Work(bytes: operands.elementCount(0).saturatingMultiply(8))
    for plan in plans {
      sizes[plan.axis] = plan.resultSize
      let taps = tapCount(on: plan)
      let count = sizes.saturatingProduct
      work += Work(
        operations: count.saturatingMultiply(taps),
        bytes: count.saturatingMultiply(16).saturatingAdd(
          plan.resultSize.saturatingMultiply(taps.saturatingMultiply(16).saturatingAdd(64))))
    }
    return work + Work(operations: sizes.saturatingProduct, bytes: sizes.saturatingProduct.saturatingMultiply(16))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    var tensor = try arguments.tensor(0)
    let dtype = tensor.dtype
    let isExact = if case .nearest = mode { true } else { false }
    let plans = try plans(arguments.operands, sizes: tensor.shape)
    var outside: [Int: [Bool]] = [:]
    for plan in plans {
      guard plan.size > 0 || plan.resultSize == 0 else {
        throw GraphError(.shapeMismatch, "an empty axis cannot be resized", found: "axis \(plan.axis)")
      }
      // A result that memory cannot hold is refused before anything of its length is made.
      var shape = tensor.shape
      shape[plan.axis] = plan.resultSize
      _ = try checkedElementCount(shape)
      if transformation == .cropAndResize {
        outside[plan.axis] = (0..<plan.resultSize).map {
          let position = position(of: $0, on: plan)
          return position < 0 || position > Double(plan.size - 1)
        }
      }
      tensor = try isExact ? pick(tensor, plan, shape) : mix(tensor, plan, shape)
    }
    guard outside.values.contains(where: { $0.contains(true) }) else { return [try tensor.converted(to: dtype)] }
    var values = try tensor.scalars(as: Double.self)
    for (i, index) in IndexSequence(tensor.shape).enumerated()
    where outside.contains(where: { axis, flags in flags[index[axis]] }) {
      values[i] = Double(extrapolationValue)
    }
    return [try Tensor(shape: tensor.shape, scalars: values).converted(to: dtype)]
  }

  private func pick(_ x: Tensor, _ plan: AxisPlan, _ shape: [Int]) throws(GraphError) -> Tensor {
    let (outer, _, inner) = splitSizes(x.shape, at: plan.axis)
    let result = try Tensor(uninitialized: x.dtype, shape: shape)
    let target = result.mutableBytes
    let width = inner * x.dtype.byteCount
    guard width > 0, let to = target.baseAddress else { return result }
    x.withUnsafeBytes { source in
      guard let from = source.baseAddress else { return }
      for t in 0..<plan.resultSize {
        let index = taps(at: position(of: t, on: plan), on: plan)[0].index
        for o in 0..<outer {
          (to + (o * plan.resultSize + t) * width).copyMemory(from: from + (o * plan.size + index) * width, byteCount: width)
        }
      }
    }
    return result
  }

  private func mix(_ x: Tensor, _ plan: AxisPlan, _ shape: [Int]) throws(GraphError) -> Tensor {
    let (outer, _, inner) = splitSizes(x.shape, at: plan.axis)
    let values = try x.scalars(as: Double.self)
    return try Tensor.computed(.float64, shape) { y in
      for t in 0..<plan.resultSize {
        let list = taps(at: position(of: t, on: plan), on: plan)
        for o in 0..<outer {
          for i in 0..<inner {
            var sum = 0.0
            for (index, weight) in list { sum += weight * values[(o * plan.size + index) * inner + i] }
            y[(o * plan.resultSize + t) * inner + i] = sum
          }
        }
      }
    }
  }
}
