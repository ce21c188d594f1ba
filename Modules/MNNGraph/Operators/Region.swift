/// A strided view of a tensor's elements: where it starts and how far each step of each loop goes, in elements.
public struct View: Hashable, Sendable {
  public var offset: Int
  public var strides: [Int]

  public init(offset: Int = 0, strides: [Int]) {
    self.offset = offset
    self.strides = strides
  }
}

/// One rectangular copy of a raster: for every index of `size`, `target` gets the element of `source`.
public struct Region: Hashable, Sendable {
  /// Which input the elements come from.
  public var input: Int
  public var size: [Int]
  public var source: View
  public var target: View

  public init(input: Int = 0, size: [Int], source: View, target: View) {
    self.input = input
    self.size = size
    self.source = source
    self.target = target
  }

  /// The whole of an input of `count` elements, in order.
  public static func whole(input: Int = 0, count: Int, targetOffset: Int = 0) -> Region {
    Region(
      input: input, size: [count], source: View(strides: [1]), target: View(offset: targetOffset, strides: [1]))
  }

  /// Axes that a region may have: a tile moves each axis of its operand as two.
  static let maximumAxes = 2 * maximumRank

  /// The lowest and highest element a view touches, or nil if the size is empty. Throws if they are beyond any memory.
  ///
  /// - Requires: ``checkedCount()`` passed.
  private func bounds(of view: View) throws(GraphError) -> (low: Int, high: Int)? {
    if size.contains(0) { return nil }
    var (low, high, overflows) = (view.offset, view.offset, false)
    for (n, stride) in zip(size, view.strides) {
      let (reach, beyond) = stride.multipliedReportingOverflow(by: n - 1)
      let (end, past) = reach < 0 ? low.addingReportingOverflow(reach) : high.addingReportingOverflow(reach)
      if reach < 0 { low = end } else { high = end }
      overflows = overflows || beyond || past
    }
    guard !overflows else {
      throw GraphError(.sizeOverflow, "a raster region reaches further than memory can", found: "\(self)")
    }
    return (low, high)
  }

  /// The number of elements that are copied. Throws if the axes of the size and of both views are not as many, are too many, or
  /// have negative sizes.
  private func checkedCount() throws(GraphError) -> Int {
    guard size.count <= Region.maximumAxes else {
      throw GraphError(
        .rankMismatch, "a raster region has too many axes", expected: "at most \(Region.maximumAxes)", found: "\(size.count)")
    }
    guard source.strides.count == size.count, target.strides.count == size.count, size.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(
        .graphInvalid, "a raster region is malformed", expected: "sizes of at least 0 and two strides for each",
        found: "\(self)")
    }
    return try checkedProduct(size)
  }

  /// Throws unless the region stays inside of its input and of a result of `resultCount` elements.
  ///
  /// - Parameter inputCounts: elements of each input; nil where they are not known yet.
  fileprivate func validate(inputCounts: [Int?], resultCount: Int) throws(GraphError) {
    let count = try checkedCount()
    guard inputCounts.indices.contains(input) else {
      throw GraphError(
        .graphInvalid, "a raster region names an input that is not there", expected: "0..<\(inputCounts.count)",
        found: "\(input)")
    }
    guard let source = try bounds(of: source), let target = try bounds(of: target) else { return }
    guard source.low >= 0, source.high < inputCounts[input] ?? Int.max, target.low >= 0, target.high < resultCount else {
      throw GraphError(
        .indexOutOfRange, "a raster region reaches outside its tensors",
        expected: "source in 0..<\(inputCounts[input].map(String.init) ?? "?"), target in 0..<\(resultCount)",
        found: "\(source.low)...\(source.high), \(target.low)...\(target.high)")
    }
    // Otherwise a few bytes ask for any amount of work.
    guard count <= resultCount else {
      throw GraphError(
        .graphInvalid, "a raster region writes elements twice", expected: "at most \(resultCount) elements", found: "\(count)")
    }
  }

  /// True if it surely writes no element of the result twice: each stride, from the least, passes over what lies below it.
  package var writesOnce: Bool {
    if size.contains(0) { return true }
    var reach: UInt = 0
    for (n, stride) in zip(size, target.strides.map(\.magnitude)).filter({ $0.0 > 1 }).sorted(by: { $0.1 < $1.1 }) {
      guard stride > reach else { return false }
      let (far, overflow) = stride.multipliedReportingOverflow(by: UInt(n - 1))
      let (sum, past) = reach.addingReportingOverflow(far)
      guard !overflow, !past else { return false }
      reach = sum
    }
    return true
  }
}

/// Fills a result with strided copies of the inputs: what every ``LayoutOperator`` is lowered to (one node per result).
///
/// - Inputs: any number, of one dtype.
/// - Result: `shape`; elements that no region covers are zero.
/// - SeeAlso: `.mnn` operator Raster.
public struct Raster: PrimitiveOperator {
  public var shape: [Int]
  public var regions: [Region]

  public init(shape: [Int], regions: [Region]) {
    self.shape = shape
    self.regions = regions
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var counts: [Int?] = []
    for i in 0..<operands.count {
      guard let operand = operands[optional: i] else { counts.append(0); continue }
      counts.append(try operand.type.shape.sizes.map(checkedElementCount))
    }
    try validate(counts)
    return [TensorType(try operands.dtype(0), Shape(shape))]
  }

  /// True if the regions write every element of the result once or more; only a sum, so overlapping regions may deceive it.
  package var coversResult: Bool {
    guard let total = try? checkedElementCount(shape) else { return false }
    var covered = 0
    for region in regions {
      guard let count = try? checkedProduct(region.size) else { return false }
      let (sum, overflow) = covered.addingReportingOverflow(count)
      if overflow || sum >= total { return true }
      covered = sum
    }
    return covered >= total
  }

  /// Throws if a region is malformed or reaches outside an input or the result: the one check before elements are moved, whether by
  /// ``evaluate(_:)``, by kernels or by folding.
  package func validate(inputCounts: [Int]) throws(GraphError) { try validate(inputCounts.map { $0 }) }

  /// - Parameter inputCounts: nil where sizes are not known yet.
  private func validate(_ inputCounts: [Int?]) throws(GraphError) {
    let count = try checkedElementCount(shape)
    for region in regions { try region.validate(inputCounts: inputCounts, resultCount: count) }
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    Work(
      operations: regions.reduce(regions.count) { $0.saturatingAdd($1.size.saturatingProduct) },
      bytes: results.reduce(0) { $0.saturatingAdd($1.elementCount.saturatingMultiply($1.dtype.byteCount)) })
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let inputs = try arguments.all()
    try validate(inputCounts: inputs.map(\.count))
    let dtype = try arguments.tensor(0).dtype
    let result = try Tensor.zeros(dtype, shape)
    for region in regions {
      guard inputs[region.input].dtype == dtype else {
        throw GraphError(
          .dtypeUnsupported, "a raster mixes element types", expected: "\(dtype)", found: "\(inputs[region.input].dtype)")
      }
      inputs[region.input].withUnsafeBytes { region.copy(from: $0, to: result.mutableBytes, width: dtype.byteCount) }
    }
    return [result]
  }
}

extension Region {
  /// Copies elements of `width` bytes. Bounds are the caller's duty (``Raster/validate(inputCounts:)``).
  func copy(from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, width: Int) {
    guard !size.contains(0), let base = source.baseAddress, let target = target.baseAddress else { return }
    // A stride along an axis of one element is never gone, and may be any number.
    let axes = size.indices.filter { size[$0] > 1 }
    var index = [Int](repeating: 0, count: size.count)
    var from = self.source.offset
    var to = self.target.offset
    while true {
      target.advanced(by: to * width).copyMemory(from: base.advanced(by: from * width), byteCount: width)
      var rest = axes.count - 1
      while rest >= 0 {
        let axis = axes[rest]
        index[axis] += 1
        from += self.source.strides[axis]
        to += self.target.strides[axis]
        if index[axis] < size[axis] { break }
        from -= self.source.strides[axis] * size[axis]
        to -= self.target.strides[axis] * size[axis]
        index[axis] = 0
        rest -= 1
      }
      if rest < 0 { return }
    }
  }
}
